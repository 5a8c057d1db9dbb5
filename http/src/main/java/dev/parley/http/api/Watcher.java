package dev.parley.http.api;

import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One who watches: reads from a place of its own and holds nothing of what it has not read yet. Used by the thread that
 * serves it; others may look at it and wake it.
 */
final class Watcher implements AutoCloseable {
    /** How often those look for a change who follow a node that cannot tell them of one. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private static final Thread NOBODY = Thread.ofVirtual().unstarted(() -> {});

    private final Watches.Entry entry;
    private final WatchFeed feed;
    private final BooleanSupplier stopping;
    private final Consumer<Watcher> closed;
    private volatile long delivered;
    private Thread waiting = NOBODY;

    Watcher(Watches.Entry entry, WatchFeed feed, BooleanSupplier stopping, Consumer<Watcher> closed) {
        this.entry = entry;
        this.feed = feed;
        this.stopping = stopping;
        this.closed = closed;
        delivered();
    }

    Watches.Entry entry() {
        return entry;
    }

    WatchFeed feed() {
        return feed;
    }

    boolean isStopping() {
        return stopping.getAsBoolean();
    }

    /** Says that everything before the feed's place is written. */
    void delivered() {
        delivered = feed.readRevision();
    }

    /** Everything of its range up to this revision is written. Any thread. */
    long deliveredRevision() {
        return delivered;
    }

    /** Waits until there may be something to see, the time is over or the node stops. */
    void await(Replica replica, Duration timeout, LongSupplier nanos) {
        if (!begin()) {
            return;
        }
        try {
            long start = nanos.getAsLong();
            Replica.Change change =
                    replica.awaitFirstChange(feed.keyspace(), feed.range(), feed.readRevision(), timeout);
            feed.skip(change.unchangedUpTo());
            Duration left = timeout.minusNanos(nanos.getAsLong() - start);
            if (!change.found() && left.isPositive()) {
                LockSupport.parkNanos(this, Math.min(left.toNanos(), LOOK_AGAIN.toNanos()));
            }
        } finally {
            end();
        }
    }

    /** @return false when the node stops, which must not be slept through */
    private synchronized boolean begin() {
        if (stopping.getAsBoolean()) {
            return false;
        }
        waiting = Thread.currentThread();
        return true;
    }

    /** The flag was meant for the wait; it must not reach what is written next. */
    private synchronized void end() {
        waiting = NOBODY;
        Thread.interrupted();
    }

    /** Ends its wait, if it waits. Any thread. */
    synchronized void wake() {
        if (waiting != NOBODY) {
            waiting.interrupt();
        }
    }

    @Override
    public void close() {
        closed.accept(this);
    }
}
