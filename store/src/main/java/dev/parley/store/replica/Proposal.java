package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica.Result;
import java.util.function.Consumer;

/** A submission on its way; answered once, by whoever learns its fate first. */
final class Proposal {
    static final long NO_DEADLINE = Long.MAX_VALUE;

    private final Submission submission;
    private final Bytes encoded;
    private final long deadlineNanos;
    private final Consumer<Result> whenKnown;
    private boolean answered;

    Proposal(Submission submission, Bytes encoded, long deadlineNanos, Consumer<Result> whenKnown) {
        this.submission = submission;
        this.encoded = encoded;
        this.deadlineNanos = deadlineNanos;
        this.whenKnown = whenKnown;
    }

    Submission submission() {
        return submission;
    }

    Bytes encoded() {
        return encoded;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    boolean answered() {
        return answered;
    }

    /** A later answer is dropped: the caller left when it got the first. */
    void answer(Result result) {
        if (!answered) {
            answered = true;
            whenKnown.accept(result);
        }
    }
}
