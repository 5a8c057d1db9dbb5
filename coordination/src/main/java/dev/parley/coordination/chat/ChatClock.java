package dev.parley.coordination.chat;

import dev.parley.store.lamport.LamportTime;

/**
 * This node's Lamport clock: greater than whatever was seen. Begins at a wall clock's milliseconds or behind what the
 * journal holds, so that a node whose disk was wiped repeats no stamp of its former life. Not thread-safe.
 */
final class ChatClock {
    private LamportTime time;

    ChatClock(long startMillis) {
        time = new LamportTime(startMillis);
    }

    /** For what happens here now. */
    long tick() {
        time = time.tick();
        return time.value();
    }

    /** @return false when the stamp is none, or too far ahead, and nothing was done */
    boolean witness(long stamp) {
        if (stamp < 0 || time.isFarBehind(new LamportTime(stamp))) {
            return false;
        }
        restore(stamp);
        return true;
    }

    /** Of the journal: whatever it says was so. */
    void restore(long stamp) {
        time = time.merge(new LamportTime(stamp));
    }
}
