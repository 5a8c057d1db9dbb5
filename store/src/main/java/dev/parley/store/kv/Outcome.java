package dev.parley.store.kv;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What became of a command when it was applied: the same on every node. */
public sealed interface Outcome {
    /** It happened. */
    sealed interface Done extends Outcome {}

    /** It did not happen and never will; nothing changed. */
    sealed interface Refused extends Outcome {}

    /** @param lease present when the key now has one */
    record Stored(long revision, long version, boolean created, Optional<Long> lease) implements Done {}

    /** @param revision of the delete; when nothing was deleted, the store revision */
    record Deleted(long revision, long deleted) implements Done {}

    /** A range delete stopped at {@link Limits#KEYS_PER_COMMAND_MAX} keys; there are more. */
    record DeletedSome(long revision, long deleted) implements Done {}

    record TransactionDone(boolean succeeded, long revision, List<Result> results) implements Done {
        public sealed interface Result {
            record Put(long revision, long version, boolean created) implements Result {}

            record Get(Optional<Item> item) implements Result {}

            record Deleted(long deleted) implements Result {}

            record Range(List<Item> items, boolean more) implements Result {}
        }
    }

    /** A key with its version, as reads return it. */
    record Item(Key key, Version.Live version) {}

    record LeaseGranted(long lease, Duration ttl) implements Done {}

    record LeaseKept(long lease, Duration ttl, long keepalives) implements Done {}

    record LeaseEnded(long revision, long deletedKeys) implements Done {}

    /** @param revision below which the history is given up now; not lower than the one asked for */
    record Compacted(long revision) implements Done {}
    // -- locks ----------------------------------------------------------------------------------------------------

    sealed interface LockDone extends Done {}

    /** @param fresh whether this very request was waiting for it or got it at once */
    record LockGranted(LockName lock, Lock.Holder holder, boolean fresh) implements LockDone {}

    /** It is held; the request waits in its turn. */
    record LockQueued(LockName lock, Lock.Waiter waiter) implements LockDone {}

    record LockReleased(long revision) implements LockDone {}

    /** The request does not wait any more, and has nothing. At most {@link Limits#CLAIMS_TOLD_MAX} of each. */
    record LockGivenUp(List<Lock.Holder> holders, List<Lock.Waiter> waiting) implements LockDone {
        static LockGivenUp by(Lock lock) {
            return new LockGivenUp(told(lock.holders()), told(lock.waiters()));
        }
    }

    record GuardStored(long revision, boolean created) implements LockDone {}

    sealed interface LockRefused extends Refused {}

    /** By whom, and who waits: at most {@link Limits#CLAIMS_TOLD_MAX} of each. */
    record LockHeld(List<Lock.Holder> holders, List<Lock.Waiter> waiting) implements LockRefused {
        static LockHeld by(Lock lock) {
            return new LockHeld(told(lock.holders()), told(lock.waiters()));
        }
    }

    private static <T> List<T> told(List<T> claims) {
        return List.copyOf(claims.subList(0, Math.min(claims.size(), Limits.CLAIMS_TOLD_MAX)));
    }

    /** Nobody holds it with this token (any more). */
    record NotHolder(LockName lock, long token) implements LockRefused {}

    /** It is in use with another limit. */
    record LimitDiffers(LockName lock, int limit) implements LockRefused {}

    /** What is below this prefix is written with a fence of this lock only, and there was none. */
    record Guarded(String lock, Bytes prefix) implements LockRefused {}

    record GuardUnknown(String lock, String id) implements LockRefused {}

    // -- configuration --------------------------------------------------------------------------------------------

    sealed interface ConfigDone extends Done {}

    /** It is in the log; it may be decided already. */
    record Proposed(long proposal) implements ConfigDone {}

    record SchemaStored(long revision, boolean created) implements ConfigDone {}

    /** @param revision of the report; of the former one when it said the same. @param created whether it is the first */
    record ConfigReported(long revision, boolean created) implements ConfigDone {}

    sealed interface ConfigRefused extends Refused {}

    /** An entry cannot be below another. */
    record PathConflict(Key path, Key other) implements ConfigRefused {}

    /** So many votes cannot be had, or the node that proposes is no member. */
    record QuorumImpossible(int required, int voters) implements ConfigRefused {}

    record SchemaUnknown(Key prefix) implements ConfigRefused {}

    // -- processes ------------------------------------------------------------------------------------------------

    sealed interface ProcessDone extends Done {}

    /**
     * @param revision at which it was registered, or steered last
     * @param created false when the same was registered before
     */
    record ProcessStored(long revision, boolean created) implements ProcessDone {}

    record ProcessDeleted(long revision) implements ProcessDone {}

    /** It is under way, if it was not before. */
    record ProcessSteered(long revision) implements ProcessDone {}

    sealed interface ProcessRefused extends Refused {}

    /** Something else is registered under that name. */
    record ProcessNameTaken(String name) implements ProcessRefused {}

    record ProcessUnknown(String name) implements ProcessRefused {}

    /** @param why for people */
    record ProcessImmovable(String name, String why) implements ProcessRefused {}

    // -- hooks ----------------------------------------------------------------------------------------------------

    record HookStored(long revision, boolean created) implements Done {}

    record HookUnknown(String id) implements Refused {}

    // -- the rest -------------------------------------------------------------------------------------------------

    /**
     * @param revision of the restore; when nothing differed, the store revision
     * @param next where the rest of the range begins, when there may be more to restore
     */
    record Restored(long revision, long restored, long deleted, Optional<Bytes> next) implements Done {}

    /** @param hash of the entry's content */
    record EntryAppended(String ledger, long sequence, long stamp, Bytes hash, long revision) implements Done {}

    /** @param last sequence of the ledger's newest entry */
    record EntriesLoaded(long revision, long last) implements Done {}
    /** The epoch ended because somebody asked for it. */
    record OfficeResigned(String node, long epoch) implements Done {}

    /** A system command took effect. */
    record Acknowledged() implements Done {}

    /** Done before, under the same Idempotency-Key; {@code first} is the answer given then, {@code revision} its own. */
    record Replayed(long revision, Outcome first) implements Done {}

    /** @param actual mod revision of the key, 0 when missing */
    record PreconditionFailed(Key key, long actual) implements Refused {}

    /** There is no such lease (any more), and the command wanted to tie a key to it. */
    record LeaseNotFound(long lease) implements Refused {}

    /** There is no such lease (any more), and the command was about it. */
    record LeaseUnknown(long lease) implements Refused {}

    /** The fence is not held (any more). */
    record Fenced(Submission.Fence fence) implements Refused {}

    /** The sender's stamp would use up too many numbers. @param stampMax the highest that would be taken */
    record StampTooFar(long stamp, long stampMax) implements Refused {}

    /** The ledger does not end where the snapshot's next piece begins. @param count of its entries */
    record LedgerMoved(String ledger, long count) implements Refused {}

    /** The Idempotency-Key was used for another request. */
    record KeyReused(String idempotencyKey) implements Refused {}

    /** The command names a revision that does not exist yet. */
    record RevisionAhead(long newest) implements Refused {}

    /** The command names a revision whose history is given up. */
    record RevisionGone(long compacted) implements Refused {}

    record RangeTooLarge(long keysMax) implements Refused {}

    /**
     * The cluster holds as many of these as it takes.
     *
     * @param limit which bound: {@code leases}, {@code keys-per-lease} or {@code members}
     */
    record LimitReached(String limit, long max) implements Refused {}

    record AnswerTooLarge(long bytesMax) implements Refused {}

    record MemberUnknown(String node) implements Refused {}

    /** A command of the cluster itself whose condition no longer holds; {@code why} is for the log file. */
    record Superseded(String why) implements Refused {}
}
