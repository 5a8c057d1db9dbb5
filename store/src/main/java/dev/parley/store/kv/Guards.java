package dev.parley.store.kv;

import dev.parley.store.kv.Command.ClientCommand;
import dev.parley.store.kv.Command.Operation;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.Submission.Fence;
import dev.parley.store.kv.Version.Live;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Guards make fences mandatory: a write below the prefix must bring a fence of the guard's lock. The cluster itself is
 * exempt, so a lease that expires takes its keys along; a client that ends one is not.
 */
public final class Guards {
    private Guards() {}

    /** @param lock name of the lock whose holder may write below {@code prefix} */
    public record Guard(String lock, String id, Bytes prefix) {
        boolean guards(KeyRange written) {
            return KeyRange.prefix(prefix).overlaps(written);
        }
    }

    /** The guards of a lock, in the order of their ids. */
    public static List<Guard> of(MapView view, String lock, long revision) {
        return scan(view, KeyRange.prefix(Bytes.utf8(lock + "/")), revision);
    }

    /** All of them; at most {@link Limits#GUARDS_MAX}. */
    static List<Guard> all(MapView view, long revision) {
        return Cells.number(view, Cells.GUARD_COUNT, 0) == 0 ? List.of() : scan(view, KeyRange.ALL, revision);
    }

    private static List<Guard> scan(MapView view, KeyRange range, long revision) {
        List<Guard> guards = new ArrayList<>();
        view.scan(Keyspace.GUARD, range, revision, false, (key, live) -> {
            String name = key.toString();
            int slash = name.indexOf('/');
            guards.add(new Guard(name.substring(0, slash), name.substring(slash + 1), live.value()));
            return true;
        });
        return List.copyOf(guards);
    }

    /** The refusal of a command that writes where a guard wants a fence and brings none of that lock. */
    static Optional<Outcome> refusal(BatchRun run, ClientCommand command, List<Fence> fences) {
        List<Guard> guards = run.guards();
        if (guards.isEmpty()) {
            return Optional.empty(); // every write comes through here, and most clusters have none
        }
        List<Guard> asking = guards.stream()
                .filter(guard -> fences.stream().noneMatch(fence -> isOf(fence, guard)))
                .toList();
        if (asking.isEmpty()) {
            return Optional.empty();
        }
        List<KeyRange> written = written(run, command);
        return asking.stream()
                .filter(guard -> written.stream().anyMatch(guard::guards))
                .findFirst()
                .map(guard -> new Outcome.Guarded(guard.lock(), guard.prefix()));
    }

    private static boolean isOf(Fence fence, Guard guard) {
        return fence.kind().equals(LockName.Kind.LOCK.text()) && fence.name().equals(guard.lock());
    }

    /** Keys it writes, or would if they existed: whether a range has keys must not decide over the need of a fence. */
    private static List<KeyRange> written(BatchRun run, ClientCommand command) {
        return switch (command) {
            case Command.Put put -> List.of(KeyRange.single(put.key()));
            case Command.Delete delete -> List.of(KeyRange.single(delete.key()));
            case Command.DeleteRange delete -> List.of(delete.range());
            case Command.Transaction transaction ->
                TransactionCommands.branch(run, transaction).stream()
                        .flatMap(operation -> written(operation).stream())
                        .toList();
            case Command.RevokeLease revoke ->
                Leases.keys(run.map(), revoke.lease()).stream()
                        .map(KeyRange::single)
                        .toList();
            case Command.GrantLease grant -> List.of();
            case Command.KeepLeaseAlive keep -> List.of();
            case LockCommand lock -> List.of();
            case ConfigCommand config -> List.of();
            case ProcessCommand process -> List.of();
            case Command.Restore restore -> List.of(restore.range());
            case Command.AppendEntry append -> List.of();
            case Command.LoadEntries load -> List.of();
            case Command.Compact compact -> List.of();
            case Command.HookCommand hook -> List.of();
        };
    }

    private static Optional<KeyRange> written(Operation operation) {
        return switch (operation) {
            case Operation.Put put -> Optional.of(KeyRange.single(put.key()));
            case Operation.Delete delete -> Optional.of(delete.range());
            case Operation.Get get -> Optional.empty();
            case Operation.Range range -> Optional.empty();
        };
    }

    static Outcome put(BatchRun run, String author, LockCommand.PutGuard put) {
        Key key = keyOf(put.lock(), put.id());
        Optional<Live> former = run.map().liveAt(Keyspace.GUARD, key, run.revision());
        long count = Cells.number(run.map(), Cells.GUARD_COUNT, 0);
        if (former.isEmpty() && count >= Limits.GUARDS_MAX) {
            return new Outcome.LimitReached("guards", Limits.GUARDS_MAX);
        }
        long created = former.map(Live::createRevision).orElse(run.nextRevision());
        long version = former.map(Live::version).orElse(0L) + 1;
        run.map()
                .put(
                        Keyspace.GUARD,
                        key,
                        new Live(created, run.nextRevision(), version, LeaseId.NONE, "", put.prefix()));
        Cells.putNumber(run.map(), Cells.GUARD_COUNT, count + (former.isEmpty() ? 1 : 0));
        run.commit(author, List.of(new Change(Keyspace.GUARD, key)));
        run.guardsChanged();
        return new Outcome.GuardStored(run.revision(), former.isEmpty());
    }

    static Outcome delete(BatchRun run, String author, LockCommand.DeleteGuard delete) {
        Key key = keyOf(delete.lock(), delete.id());
        if (run.map().liveAt(Keyspace.GUARD, key, run.revision()).isEmpty()) {
            return new Outcome.GuardUnknown(delete.lock(), delete.id());
        }
        run.map().put(Keyspace.GUARD, key, new Version.Tombstone(run.nextRevision()));
        Cells.putNumber(run.map(), Cells.GUARD_COUNT, Cells.number(run.map(), Cells.GUARD_COUNT, 0) - 1);
        run.commit(author, List.of(new Change(Keyspace.GUARD, key)));
        run.guardsChanged();
        return new Outcome.Acknowledged();
    }

    private static Key keyOf(String lock, String id) {
        return Key.of(lock + "/" + id);
    }
}
