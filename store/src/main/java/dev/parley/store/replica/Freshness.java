package dev.parley.store.replica;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How old this node's state may be. Only an append of its own proves anything: once its index is applied, the state
 * holds everything that was acknowledged anywhere before it was sent.
 */
final class Freshness {
    private final Deque<Pipeline.Stored> unapplied = new ArrayDeque<>();
    private long currentAsOfNanos;
    private long endSeenNanos;

    Freshness(long startNanos) {
        currentAsOfNanos = startNanos;
        endSeenNanos = startNanos;
    }

    void stored(Pipeline.Stored stored) {
        unapplied.addLast(stored);
    }

    void applied(long index) {
        while (!unapplied.isEmpty() && unapplied.peekFirst().index() <= index) {
            currentAsOfNanos =
                    Math.max(currentAsOfNanos, unapplied.removeFirst().sentNanos());
        }
    }

    /** The log had nothing more; the server asked may have been behind itself. */
    void endSeen(long nowNanos) {
        endSeenNanos = nowNanos;
    }

    /** Since the node last knew that it was current; since its start when it never did. */
    long ageNanos(long nowNanos) {
        return nowNanos - currentAsOfNanos;
    }

    /** Since the node last had applied all it could see. */
    long lagNanos(long nowNanos) {
        return nowNanos - Math.max(currentAsOfNanos, endSeenNanos);
    }
}
