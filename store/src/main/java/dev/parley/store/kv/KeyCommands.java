package dev.parley.store.kv;

import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.Command.Precondition.Match;
import dev.parley.store.kv.Draft.Numbers;
import dev.parley.store.kv.Version.Live;
import java.util.Optional;

/** Puts and deletes of single keys and ranges. Conflicts with leases are named before failed preconditions. */
final class KeyCommands {
    private KeyCommands() {}

    static Outcome put(BatchRun run, String author, Command.Put put) {
        Draft draft = new Draft(run);
        Optional<Outcome> refusal = LeaseCommands.choiceRefusal(run, put.lease());
        if (refusal.isPresent()) {
            return refusal.get();
        }
        long lease = leaseOf(draft, put.lease());
        Live stored = draft.put(put.key(), put.value(), put.contentType(), lease);
        refusal = draft.leaseRefusal().or(() -> preconditionRefusal(draft, put.key(), put.precondition()));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return new Outcome.Stored(
                draft.commit(author),
                stored.version(),
                stored.version() == 1,
                lease == LeaseId.NONE ? Optional.empty() : Optional.of(lease));
    }

    private static long leaseOf(Draft draft, LeaseChoice choice) {
        return switch (choice) {
            case LeaseChoice.None none -> LeaseId.NONE;
            case LeaseChoice.Existing existing -> existing.lease();
            case LeaseChoice.Own own -> draft.grant(own.ttl(), true);
        };
    }

    static Outcome delete(BatchRun run, String author, Command.Delete delete) {
        Draft draft = new Draft(run);
        Optional<Outcome> refusal = preconditionRefusal(draft, delete.key(), delete.precondition());
        if (refusal.isPresent()) {
            return refusal.get();
        }
        boolean deleted = draft.delete(delete.key());
        return new Outcome.Deleted(draft.commit(author), deleted ? 1 : 0);
    }

    static Outcome deleteRange(BatchRun run, String author, Command.DeleteRange delete) {
        Draft draft = new Draft(run);
        int found = draft.delete(delete.range(), Limits.KEYS_PER_COMMAND_MAX);
        if (found <= Limits.KEYS_PER_COMMAND_MAX) {
            return new Outcome.Deleted(draft.commit(author), found);
        }
        return delete.partial()
                ? new Outcome.DeletedSome(draft.commit(author), Limits.KEYS_PER_COMMAND_MAX)
                : new Outcome.RangeTooLarge(Limits.KEYS_PER_COMMAND_MAX);
    }

    private static Optional<Outcome> preconditionRefusal(Draft draft, Key key, Precondition precondition) {
        return preconditionRefusal(key, draft.before(key), precondition);
    }

    static Optional<Outcome> preconditionRefusal(Key key, Numbers numbers, Precondition precondition) {
        boolean holds =
                ifMatchHolds(precondition.ifMatch(), numbers) && ifNoneMatchHolds(precondition.ifNoneMatch(), numbers);
        return holds ? Optional.empty() : Optional.of(new Outcome.PreconditionFailed(key, numbers.modRevision()));
    }

    private static boolean ifMatchHolds(Match ifMatch, Numbers numbers) {
        return ifMatch instanceof Match.Absent || matches(ifMatch, numbers);
    }

    private static boolean ifNoneMatchHolds(Match ifNoneMatch, Numbers numbers) {
        return !matches(ifNoneMatch, numbers);
    }

    private static boolean matches(Match match, Numbers numbers) {
        return switch (match) {
            case Match.Absent absent -> false;
            case Match.Any any -> numbers.exists();
            case Match.OneOf oneOf -> numbers.exists() && oneOf.revisions().contains(numbers.modRevision());
        };
    }
}
