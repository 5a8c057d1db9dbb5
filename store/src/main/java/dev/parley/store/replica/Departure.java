package dev.parley.store.replica;

/**
 * The end of a replica: requests are refused, what is under way may still come to its end, the writer is closed so that
 * nobody has to wonder about it, and then it is over.
 *
 * <pre>
 *   staying --begin()--> leaving --nothing under way--> saying the last word --resolved--> over
 *                           +------------------- deadline, or the log out of reach ---------^
 * </pre>
 */
final class Departure {
    /** What to do now. */
    enum Step {
        NOTHING,
        SAY_LAST_WORD,
        END
    }

    private boolean leaving;
    private long deadlineNanos;
    private boolean lastWordSaid;
    private boolean over;

    boolean isLeaving() {
        return leaving;
    }

    boolean isOver() {
        return over;
    }

    /** @return false when it began before */
    boolean begin(long untilNanos) {
        boolean first = !leaving;
        if (first) {
            leaving = true;
            deadlineNanos = untilNanos;
        }
        return first;
    }

    /**
     * @param reachable whether what is under way can still come to its end
     * @param idle whether nothing is under way
     */
    Step next(boolean reachable, boolean idle, long nowNanos) {
        if (!leaving || over) {
            return Step.NOTHING;
        }
        if (reachable && nowNanos < deadlineNanos) {
            if (!idle) {
                return Step.NOTHING;
            }
            if (!lastWordSaid) {
                lastWordSaid = true;
                return Step.SAY_LAST_WORD;
            }
        }
        over = true;
        return Step.END;
    }
}
