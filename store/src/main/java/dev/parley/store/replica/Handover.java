package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica.Result;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A submission on its way to the owner; answered once, also when the owner ends before it takes it. Any thread. */
final class Handover implements Consumer<ReplicaCore> {
    private final Submission submission;
    private final Bytes encoded;
    private final long deadlineNanos;
    private final Consumer<Result> answered;
    private final AtomicBoolean done = new AtomicBoolean();

    Handover(Submission submission, Bytes encoded, long deadlineNanos, Consumer<Result> answered) {
        this.submission = submission;
        this.encoded = encoded;
        this.deadlineNanos = deadlineNanos;
        this.answered = answered;
    }

    @Override
    public void accept(ReplicaCore core) {
        core.submit(submission, encoded, deadlineNanos, this::answer);
    }

    void answer(Result result) {
        if (done.compareAndSet(false, true)) {
            answered.accept(result);
        }
    }
}
