package dev.parley.coordination.control;

import dev.parley.coordination.control.Event.Scope;
import dev.parley.store.kv.ClusterEvents.ClusterEvent;
import dev.parley.store.kv.ClusterEvents.Field;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** The newest events as this node came to know of them, its own and the cluster's, in one order. Any thread. */
public final class EventLog {
    static final int EVENTS_MAX = 2_000;

    private static final String CURSOR = "at-";

    private final String node;
    private final String prefix;
    private final LongSupplier epochMillis;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();

    // Guarded by lock.
    private final Deque<Event> events = new ArrayDeque<>();
    private final EventQueue queue = new EventQueue();
    private long dropped;
    private long own;
    private long stamp;
    private long nextSequence = 1;

    /** @param incarnation of the process; makes the ids of its events its own */
    public EventLog(String node, String incarnation, LongSupplier epochMillis) {
        this.node = node;
        this.prefix = "n-" + incarnation.substring(0, Math.min(8, incarnation.length())) + "-";
        this.epochMillis = epochMillis;
    }

    /** Something happened on this node. */
    public Event add(String category, String name, String correlation, Field... data) {
        lock.lock();
        try {
            var event = new Event(
                    prefix + ++own,
                    Scope.NODE,
                    category,
                    name,
                    node,
                    epochMillis.getAsLong(),
                    ++stamp,
                    OptionalLong.empty(),
                    correlation,
                    List.of(data));
            append(event);
            return event;
        } finally {
            lock.unlock();
        }
    }

    /** The first cluster event that is not here yet. */
    long nextSequence() {
        lock.lock();
        try {
            return nextSequence;
        } finally {
            lock.unlock();
        }
    }

    /** The next cluster events, oldest first; those that are here already are passed over. @return the new ones */
    List<Event> addAgreed(List<ClusterEvent> agreed) {
        List<Event> fresh = new ArrayList<>();
        lock.lock();
        try {
            for (ClusterEvent each : agreed) {
                if (each.sequence() >= nextSequence) {
                    nextSequence = each.sequence() + 1;
                    stamp = Math.max(stamp, each.stamp());
                    Event event = Event.of(each);
                    append(event);
                    fresh.add(event);
                }
            }
        } finally {
            lock.unlock();
        }
        return fresh;
    }

    private void append(Event event) {
        EventQueue.Passed passed = queue.offer(event);
        passed.events().forEach(this::list);
        if (passed.raisesEnded() > 0) {
            tellLevel("queue_lowered", "full");
        }
    }

    private void list(Event event) {
        events.addLast(event);
        if (events.size() > EVENTS_MAX) {
            events.removeFirst();
            dropped++;
        }
        added.signalAll();
    }

    // -- holding events back ----------------------------------------------------------------------------------------

    /** Ends with {@link #close}, which may be called twice, or by itself when its time runs out. Any thread. */
    public interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    /** @param fallsAtNanos when the level falls by itself at the latest; empty when it is 0 */
    public record Level(int level, int depth, OptionalLong fallsAtNanos) {}

    /**
     * Holds every event of a lower priority back until the hold ends: it gets its id and its stamp at once, but is listed, and
     * told to others, only then, after what came before it. When the time runs out the level falls to what it was before, so
     * that somebody who died does not hold everything up.
     *
     * @param by what for, for people
     * @param level 1 to {@link Event#PRIORITY_MAX}
     * @param nowNanos by the clock of {@link #expire}
     */
    public Hold raise(String by, int level, Duration timeout, long nowNanos) {
        if (level < 1 || level > Event.PRIORITY_MAX) {
            throw new IllegalArgumentException("level must be 1 to " + Event.PRIORITY_MAX + ", was " + level);
        }
        lock.lock();
        try {
            long id = queue.raise(level, timeout, nowNanos);
            tellLevel("queue_raised", by);
            return () -> end(id, by);
        } finally {
            lock.unlock();
        }
    }

    private void end(long id, String by) {
        lock.lock();
        try {
            int before = queue.level();
            queue.end(id).forEach(this::list);
            if (queue.level() != before) {
                tellLevel("queue_lowered", by);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the holds whose time ran out. To be called now and then. @param nowNanos monotonic */
    public void expire(long nowNanos) {
        lock.lock();
        try {
            EventQueue.Passed passed = queue.expire(nowNanos);
            passed.events().forEach(this::list);
            if (passed.raisesEnded() > 0) {
                tellLevel("queue_lowered", "timeout");
            }
        } finally {
            lock.unlock();
        }
    }

    public Level level() {
        lock.lock();
        try {
            return new Level(queue.level(), queue.depth(), queue.fallsAtNanos());
        } finally {
            lock.unlock();
        }
    }

    private void tellLevel(String name, String by) {
        add(Event.QUEUE, name, "", new Field("level", Integer.toString(queue.level())), new Field("by", by));
    }

    /** The stamp of the newest event; what is caused by it gets a larger one. */
    public long stamp() {
        lock.lock();
        try {
            return stamp;
        } finally {
            lock.unlock();
        }
    }

    /** Behind the newest event: {@link #after} it comes what happens from now on. */
    public long newest() {
        lock.lock();
        try {
            return dropped + events.size();
        } finally {
            lock.unlock();
        }
    }

    /** @param position goes back to {@link #after}, for what comes next */
    public record Page(List<Event> events, long position) {}

    /** As text, for {@link #positionOf} of the same process. */
    public String cursor(long position) {
        return CURSOR + prefix + position;
    }

    /** Where an event or a cursor stands; 0, before the oldest, when it is not here (any more). */
    public long positionOf(String id) {
        if (id.startsWith(CURSOR + prefix)) {
            String position = id.substring(CURSOR.length() + prefix.length());
            return position.matches("\\d{1,18}") ? Long.parseLong(position) : 0;
        }
        lock.lock();
        try {
            long position = dropped;
            for (Event event : events) {
                position++;
                if (event.id().equals(id)) {
                    return position;
                }
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Oldest first, at most {@code limit}. @param category empty for all */
    public Page after(long position, String category, int limit) {
        lock.lock();
        try {
            List<Event> found = new ArrayList<>();
            long at = dropped;
            long last = Math.max(position, dropped);
            for (Event event : events) {
                at++;
                if (at > position) {
                    if (found.size() == limit) {
                        break;
                    }
                    last = at;
                    if (category.isEmpty() || event.category().equals(category)) {
                        found.add(event);
                    }
                }
            }
            return new Page(List.copyOf(found), last);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is an event behind {@code position}. @return false when the time ran out */
    public boolean await(long position, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (dropped + events.size() <= position && left > 0) {
                left = added.awaitNanos(left);
            }
            return dropped + events.size() > position;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
