package dev.parley.coordination.process;

import java.util.function.LongSupplier;

/**
 * How long ago this node sent the last request that the cluster answered, which is the only proof that its place is not
 * given away. At half the session time-out it stops what it runs, so that the other half is left to do so. Any thread.
 */
final class Lifeline {
    private final LongSupplier sessionNanos;
    private long sentNanos;
    private long holdOffUntilNanos;

    /** @param sessionNanos after which silence the others may take over */
    Lifeline(LongSupplier sessionNanos, long nowNanos) {
        this.sessionNanos = sessionNanos;
        this.sentNanos = nowNanos;
        this.holdOffUntilNanos = nowNanos;
    }

    /** A request sent then was answered. */
    synchronized void answered(long whenSentNanos) {
        if (whenSentNanos - sentNanos > 0) {
            sentNanos = whenSentNanos;
        }
    }

    /** Whether everything must stop now. */
    synchronized boolean isOver(long nowNanos) {
        return nowNanos - sentNanos >= sessionNanos.getAsLong() / 2;
    }

    /** What is left, with a reserve, until another node may start what runs here; not negative. */
    synchronized long leftNanos(long nowNanos) {
        return Math.max(0, sentNanos + sessionNanos.getAsLong() / 8 * 7 - nowNanos);
    }

    /** Everything was stopped: nothing starts until the cluster had time to say what it thinks of this node. */
    synchronized void stopped(long nowNanos) {
        holdOffUntilNanos = nowNanos + sessionNanos.getAsLong() / 2;
    }

    synchronized boolean mayStart(long nowNanos) {
        return nowNanos - holdOffUntilNanos >= 0 && !isOver(nowNanos);
    }

    /** How often to ask when something runs. */
    long periodNanos() {
        return sessionNanos.getAsLong() / 8;
    }
}
