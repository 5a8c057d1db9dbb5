package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command.SystemCommand;
import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica.Result;
import java.util.List;
import java.util.function.Consumer;

/** Decides what goes to the log next, and as which batch. */
final class Sender {
    private final ProposeQueue queue;
    private final Pipeline pipeline;
    private final ReadBarriers barriers;
    private final int batchBytesMax;
    private boolean barrierWanted;

    Sender(ProposeQueue queue, Pipeline pipeline, ReadBarriers barriers, int batchBytesMax) {
        this.queue = queue;
        this.pipeline = pipeline;
        this.barriers = barriers;
        this.batchBytesMax = batchBytesMax;
    }

    /** A command of the cluster itself has no deadline; it is answered when its fate is known, or the node stops. */
    void propose(SystemCommand command, Consumer<Result> whenKnown) {
        Submission submission = Submission.of(command);
        Bytes encoded = EntryCodec.encodeSubmission(submission);
        Proposal proposal = new Proposal(submission, encoded, Proposal.NO_DEADLINE, whenKnown);
        queue.offer(proposal).ifPresent(why -> proposal.answer(new Result.NotApplied(why)));
    }

    /** Has an append sent soon, although no read waits for it: it shows how current this node is. */
    void wantBarrier() {
        barrierWanted = true;
    }

    /**
     * The one append that begins a session: whatever is unresolved serves, otherwise an empty batch does.
     *
     * @return its ticket
     */
    long sendFirstOfSession(long nowNanos, long wallMillis) {
        if (!pipeline.hasWriter()) {
            return pipeline.sendOpen(nowNanos);
        }
        return pipeline.hasUnresolved()
                ? pipeline.resendFirst(nowNanos)
                : pipeline.sendNew(List.of(), nowNanos, wallMillis);
    }

    void sendWhatIsDue(long appliedIndex, long nowNanos, long wallMillis) {
        if (!pipeline.hasWriter()) {
            if (pipeline.isDrained() && (!queue.isEmpty() || isBarrierWanted())) {
                pipeline.sendOpen(nowNanos);
            }
            return;
        }
        if (pipeline.isDisturbed(appliedIndex)) {
            if (pipeline.isDrained()) {
                pipeline.resendAll(nowNanos);
            }
            return;
        }
        while (!queue.isEmpty() && pipeline.hasRoomForBatch(queue.size(), queue.fillsBatch(batchBytesMax))) {
            barrierWanted = false;
            pipeline.sendNew(queue.take(batchBytesMax), nowNanos, wallMillis);
        }
        if (queue.isEmpty() && isBarrierWanted() && pipeline.hasRoomForBarrier()) {
            barrierWanted = false;
            pipeline.sendNew(List.of(), nowNanos, wallMillis);
        }
    }

    private boolean isBarrierWanted() {
        return barrierWanted || barriers.wantSend();
    }
}
