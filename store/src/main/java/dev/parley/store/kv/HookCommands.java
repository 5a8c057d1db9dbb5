package dev.parley.store.kv;

import dev.parley.store.kv.Command.HookCommand;
import dev.parley.store.kv.Hooks.Hook;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.Version.Live;
import java.util.List;
import java.util.Optional;

/** Who is told of events, and up to where they were told. */
final class HookCommands {
    private HookCommands() {}

    static Outcome decide(BatchRun run, String author, HookCommand command) {
        return switch (command) {
            case Command.PutHook put -> put(run, author, put);
            case Command.DeleteHook delete -> delete(run, author, delete);
        };
    }

    /** A new one is told of what happens from now on; a changed one goes on where it was. */
    private static Outcome put(BatchRun run, String author, Command.PutHook put) {
        Optional<Hook> former = Hooks.find(run.map(), put.id(), run.revision());
        long count = Hooks.count(run.map());
        if (former.isEmpty() && count >= Limits.HOOKS_MAX) {
            return new Outcome.LimitReached("hooks", Limits.HOOKS_MAX);
        }
        Key key = Key.of(put.id());
        long version = run.map()
                        .liveAt(Keyspace.HOOK, key, run.revision())
                        .map(Live::version)
                        .orElse(0L)
                + 1;
        long created = former.map(Hook::created).orElse(run.nextRevision());
        run.map()
                .put(
                        Keyspace.HOOK,
                        key,
                        new Live(created, run.nextRevision(), version, LeaseId.NONE, "", Hooks.encode(put)));
        if (former.isEmpty()) {
            Cells.putNumber(run.map(), Cells.HOOK_COUNT, count + 1);
            Cells.putNumber(run.map(), Cells.hookTold(put.id()), ClusterEvents.next(run.map()) - 1);
        }
        run.commit(author, List.of(new Change(Keyspace.HOOK, key)));
        return new Outcome.HookStored(run.revision(), former.isEmpty());
    }

    private static Outcome delete(BatchRun run, String author, Command.DeleteHook delete) {
        if (Hooks.find(run.map(), delete.id(), run.revision()).isEmpty()) {
            return new Outcome.HookUnknown(delete.id());
        }
        Key key = Key.of(delete.id());
        run.map().put(Keyspace.HOOK, key, new Version.Tombstone(run.nextRevision()));
        run.map().removeCell(Cells.hookTold(delete.id()));
        Cells.putNumber(run.map(), Cells.HOOK_COUNT, Hooks.count(run.map()) - 1);
        run.commit(author, List.of(new Change(Keyspace.HOOK, key)));
        return new Outcome.Acknowledged();
    }

    /** The caller has checked that the epoch is in office. A hook made anew under the same id begins anew. */
    static Outcome told(BatchRun run, Command.HookTold told) {
        boolean same = Hooks.find(run.map(), told.id(), run.revision())
                .filter(hook -> hook.created() == told.created())
                .isPresent();
        if (!same || told.sequence() <= Hooks.told(run.map(), told.id())) {
            return new Outcome.Superseded("hook " + told.id() + " was told of it, or is another one now");
        }
        Cells.putNumber(run.map(), Cells.hookTold(told.id()), told.sequence());
        return new Outcome.Acknowledged();
    }
}
