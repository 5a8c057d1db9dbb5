package dev.parley.coordination.chat;

/**
 * A Lamport clock: greater than whatever was seen. Begins at a wall clock's milliseconds or behind what the journal holds,
 * so that a node whose disk was wiped repeats no stamp of its former life. Not thread-safe.
 */
final class ChatClock {
    /** A stamp further ahead than this is a fault of its sender; taking it over would use up the numbers of all. */
    static final long AHEAD_MAX = 1L << 32;

    private long time;

    ChatClock(long startMillis) {
        time = startMillis;
    }

    /** For what happens here now. */
    long tick() {
        return ++time;
    }

    /** @return false when the stamp is too far ahead, and nothing was done */
    boolean witness(long stamp) {
        if (stamp - time > AHEAD_MAX) {
            return false;
        }
        time = Math.max(time, stamp);
        return true;
    }

    /** Of the journal: whatever it says was so. */
    void restore(long stamp) {
        time = Math.max(time, stamp);
    }
}
