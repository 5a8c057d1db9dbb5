package dev.parley.coordination.chat;

import dev.parley.store.lamport.LamportTime;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * This node's Lamport clock: greater than whatever was seen. Begins at a wall clock's milliseconds or behind what the disk
 * holds, so that a node whose disk was wiped repeats no stamp of its former life. What it promises others holds after a restart
 * too, because so much is reserved on the disk before. Any thread; who numbers messages holds its monitor meanwhile.
 */
final class ChatClock {
    /** Reserved at once; so much a clock may jump at a restart. */
    private static final long BLOCK = 10_000;

    private final SortedSet<Long> inFlight = new TreeSet<>();
    private LamportTime time;
    private long reserved;

    /** @param durable it was not above this before */
    ChatClock(long startMillis, long durable) {
        time = new LamportTime(Math.max(startMillis, durable));
    }

    /** For a message that is written now; in flight until it {@link #arrived}. */
    synchronized long tick() {
        time = time.tick();
        inFlight.add(time.value());
        return time.value();
    }

    /** The message with this stamp is among those of its room, or never will be. */
    synchronized void arrived(long stamp) {
        inFlight.remove(stamp);
    }

    /** @return false when the stamp is none, or too far ahead, and nothing was done */
    synchronized boolean witness(long stamp) {
        if (stamp < 0 || time.isFarBehind(new LamportTime(stamp))) {
            return false;
        }
        time = time.merge(new LamportTime(stamp));
        return true;
    }

    /** Up to where it should be reserved; empty when enough is. */
    synchronized OptionalLong reservation() {
        return time.value() > reserved - BLOCK / 2 ? OptionalLong.of(time.value() + BLOCK) : OptionalLong.empty();
    }

    /** It is on the disk that the clock may be as high as this. */
    synchronized void reserved(long stamp) {
        reserved = Math.max(reserved, stamp);
    }

    /** No message of this node will have this stamp or a lower one, but for those that arrived already. */
    synchronized long promised() {
        long settled = inFlight.isEmpty() ? time.value() : inFlight.first() - 1;
        return Math.min(settled, reserved);
    }
}
