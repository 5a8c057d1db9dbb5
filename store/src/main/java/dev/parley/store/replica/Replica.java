package dev.parley.store.replica;

import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Submission;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One node's copy of the state, for those who serve requests. Methods block the calling thread, which should be a
 * virtual one, at most for the time given. Any thread.
 */
public interface Replica {
    /** Has the command agreed on and applied, and says whether that happened. */
    Result submit(Submission submission, Duration timeout);

    /**
     * As {@link #submit(Submission, Duration)} but does not wait. Submissions of one thread are proposed in the order of
     * the calls.
     *
     * @param answered called exactly once, on any thread, perhaps before this returns; must return at once
     */
    void submit(Submission submission, Duration timeout, Consumer<Result> answered);

    /**
     * A state that reflects everything acknowledged anywhere before this call, and at least {@code revisionMin}.
     *
     * @param revisionMin 0 when there is none
     */
    Reading readLinearizable(long revisionMin, Duration timeout);

    /** What this node has, as soon as it reached {@code revisionMin}. */
    Reading readStale(long revisionMin, Duration timeout);

    /**
     * Waits until this node has applied a revision above {@code since} that changed something in the range.
     *
     * @return true when there is one; false when the time ran out or the node stops
     */
    default boolean awaitChange(Keyspace keyspace, KeyRange range, long since, Duration timeout) {
        return awaitFirstChange(keyspace, range, since, timeout).found();
    }

    /** As {@link #awaitChange}, and says which revisions need no look, so that who waits does not read them again. */
    Change awaitFirstChange(Keyspace keyspace, KeyRange range, long since, Duration timeout);

    /** The newest state this node has, at once, however old; empty while it has none. The caller closes it. */
    Optional<StateView> view();

    Status status();

    /**
     * What a wait for a change came to.
     *
     * @param found whether there is a change; false when the time ran out or the node stops
     * @param unchangedUpTo no revision above the one given, up to this one, changed the range
     */
    record Change(boolean found, long unchangedUpTo) {}

    /** What became of a submission. */
    sealed interface Result {
        /** It was applied; {@code revision} is the store's after it. */
        record Decided(Outcome outcome, long revision) implements Result {}

        /** It did not happen and never will. */
        record NotApplied(Refusal why) implements Result {}

        /** It may have happened, or may still. */
        record Unknown() implements Result {}
    }

    /** What became of a read. */
    sealed interface Reading {
        /**
         * @param view to be closed by the caller
         * @param ageMillis since this node last knew that it was current; 0 for a linearizable read
         */
        record Ready(StateView view, long ageMillis) implements Reading {}

        record Unavailable(Refusal why) implements Reading {}
    }

    /** Why a node does not take a request now. */
    enum Refusal {
        /** Not joined the log yet, or catching up. */
        NOT_READY,
        /** ZooKeeper does not answer, or has no quorum. */
        NO_QUORUM,
        QUEUE_FULL,
        /** The log holds its bound of untrimmed bytes. */
        LOG_FULL,
        /** The disk is nearly full, and the command takes room. */
        DISK_FULL,
        /** Larger than one entry may be. */
        TOO_LARGE,
        /** The time given ran out first. */
        TIMED_OUT,
        STOPPING,
        /** The node found an invariant broken, see {@link Status#problem}. */
        BROKEN
    }

    /**
     * @param ready linearizable reads and writes are served
     * @param staleReady stale reads are served
     * @param leader whether this node holds the office, as far as it has applied
     * @param trimHeldBy nodes whose durable report holds the log back, most behind first
     * @param problem a broken invariant, named; empty when all is well
     */
    record Status(
            boolean ready,
            boolean staleReady,
            boolean leader,
            long epoch,
            long appliedIndex,
            long revision,
            long logBytesLive,
            java.util.List<String> trimHeldBy,
            String problem) {}
}
