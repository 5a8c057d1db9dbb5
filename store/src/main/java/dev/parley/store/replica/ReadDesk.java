package dev.parley.store.replica;

import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.StateStore.Position;

/** Reads from their arrival to their answer: first a barrier, when they are to be linearizable, then a revision. */
final class ReadDesk {
    private final ReadBarriers barriers;
    private final RevisionWaits revisionWaits = new RevisionWaits();
    private final Freshness freshness;
    private final int waitingMax;

    ReadDesk(ReadBarriers barriers, Freshness freshness, int waitingMax) {
        this.barriers = barriers;
        this.freshness = freshness;
        this.waitingMax = waitingMax;
    }

    int waiting() {
        return barriers.waiting() + revisionWaits.waiting();
    }

    boolean isAwaitingBarrier() {
        return barriers.waiting() > 0;
    }

    void arriveForBarrier(WaitingRead read) {
        if (waiting() >= waitingMax) {
            read.answer().unavailable(Refusal.QUEUE_FULL);
        } else {
            barriers.arrive(read);
        }
    }

    /** The read needs no barrier, or has passed it. */
    void arriveForRevision(WaitingRead read, Position position, long nowNanos) {
        if (read.revisionMin() <= position.revision()) {
            release(read, nowNanos);
        } else if (waiting() >= waitingMax) {
            read.answer().unavailable(Refusal.QUEUE_FULL);
        } else {
            revisionWaits.add(read);
        }
    }

    /** This node has applied up to {@code position}, in a session whose log was verified. */
    void reached(Position position, long nowNanos) {
        barriers.reached(position.applied().value()).forEach(read -> arriveForRevision(read, position, nowNanos));
    }

    void reachedRevision(long revision, long nowNanos) {
        revisionWaits.reached(revision).forEach(read -> release(read, nowNanos));
    }

    private void release(WaitingRead read, long nowNanos) {
        read.answer().ready(read.stale() ? freshness.ageNanos(nowNanos) / 1_000_000 : 0);
    }

    void expire(long nowNanos) {
        barriers.expire(nowNanos);
        revisionWaits.expire(nowNanos);
    }

    /** @param staleToo false keeps the reads that do not need the log */
    void refuse(Refusal why, boolean staleToo) {
        barriers.refuseAll(why);
        revisionWaits.refuse(why, staleToo);
    }
}
