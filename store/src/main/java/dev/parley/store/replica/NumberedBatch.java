package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import java.util.List;

/** A batch from its numbering to its application. Its bytes never change, whatever happens to a send of it. */
final class NumberedBatch {
    private final long number;
    private final Bytes content;
    private final List<Proposal> proposals;
    private int sendsInFlight;
    private long storedAt;

    NumberedBatch(long number, Bytes content, List<Proposal> proposals) {
        this.number = number;
        this.content = content;
        this.proposals = proposals;
    }

    long number() {
        return number;
    }

    Bytes content() {
        return content;
    }

    /** Empty when the batch only serves reads. */
    List<Proposal> proposals() {
        return proposals;
    }

    boolean isBarrier() {
        return proposals.isEmpty();
    }

    void sent() {
        sendsInFlight++;
    }

    void stored(long index) {
        sendsInFlight--;
        storedAt = Math.max(storedAt, index);
    }

    void failed() {
        sendsInFlight--;
    }

    /** Whether a copy that was not applied yet is, or may still turn out to be, in the log. */
    boolean isUnderWay(long appliedIndex) {
        return sendsInFlight > 0 || storedAt > appliedIndex;
    }
}
