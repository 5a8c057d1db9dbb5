package dev.parley.coordination.control;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Holds events back while something runs that is not to be disturbed by what others do about them. Whoever raises the level
 * holds back every event of a lower priority; those of the same or a higher one pass at once. When a raise ends, or its time
 * runs out, the level is the highest of the others, or 0, and what may pass now does, in the order in which it came. Nothing is
 * lost: when too much is held back all raises end. No clock, no thread: time comes in. Not thread-safe.
 */
final class EventQueue {
    static final int HELD_MAX = 1_000;
    static final int RAISES_MAX = 64;

    private record Raise(long id, int level, long untilNanos) {}

    /** @param raisesEnded because their time ran out, or because too much was held back */
    record Passed(List<Event> events, int raisesEnded) {}

    private final List<Raise> raises = new ArrayList<>();
    private final Deque<Event> held = new ArrayDeque<>();
    private long nextId = 1;

    int level() {
        return raises.stream().mapToInt(Raise::level).max().orElse(0);
    }

    int depth() {
        return held.size();
    }

    /** When the level falls by itself at the latest; empty when it is 0. */
    OptionalLong fallsAtNanos() {
        int level = level();
        return raises.stream()
                .filter(raise -> raise.level() == level)
                .mapToLong(Raise::untilNanos)
                .max();
    }

    /** @return for {@link #end}; 0, which ends nothing, when too many have raised it already */
    long raise(int level, Duration timeout, long nowNanos) {
        if (raises.size() >= RAISES_MAX) {
            return 0;
        }
        raises.add(new Raise(nextId, level, nowNanos + timeout.toNanos()));
        return nextId++;
    }

    /** @return what passes now, oldest first. May be called twice */
    List<Event> end(long id) {
        raises.removeIf(raise -> raise.id() == id);
        return letPass();
    }

    /** Ends the raises whose time is over. */
    Passed expire(long nowNanos) {
        int before = raises.size();
        raises.removeIf(raise -> nowNanos - raise.untilNanos() >= 0);
        return new Passed(letPass(), before - raises.size());
    }

    /** @return the event, if it passes; nothing, if it is held back; all that was, if there is no room for one more */
    Passed offer(Event event) {
        if (event.priority() >= level()) {
            return new Passed(List.of(event), 0);
        }
        held.addLast(event);
        if (held.size() <= HELD_MAX) {
            return new Passed(List.of(), 0);
        }
        int ended = raises.size();
        raises.clear();
        return new Passed(letPass(), ended);
    }

    private List<Event> letPass() {
        int level = level();
        List<Event> passed = new ArrayList<>();
        for (Iterator<Event> next = held.iterator(); next.hasNext(); ) {
            Event event = next.next();
            if (event.priority() >= level) {
                passed.add(event);
                next.remove();
            }
        }
        return List.copyOf(passed);
    }
}
