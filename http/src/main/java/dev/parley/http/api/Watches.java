package dev.parley.http.api;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Those who watch through this node. As many as there are connections. Any thread. */
final class Watches {
    enum Kind {
        SSE("sse"),
        LONG_POLL("long-poll"),
        WEBSOCKET("websocket");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** @param sinceMillis wall clock, for people */
    record Entry(long id, Kind kind, WatchedRange range, long sinceMillis) {}

    private final Map<Long, Watcher> open = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final BooleanSupplier stopping;

    Watches(BooleanSupplier stopping) {
        this.stopping = stopping;
    }

    boolean isStopping() {
        return stopping.getAsBoolean();
    }

    /** The caller closes it. */
    Watcher open(Kind kind, WatchedRange range, WatchFeed feed, long nowMillis) {
        return open(kind, range, feed, nowMillis, () -> false);
    }

    /** @param over ends this one; wake it after */
    Watcher open(Kind kind, WatchedRange range, WatchFeed feed, long nowMillis, BooleanSupplier over) {
        Entry entry = new Entry(ids.incrementAndGet(), kind, range, nowMillis);
        Watcher watcher = new Watcher(entry, feed, () -> stopping.getAsBoolean() || over.getAsBoolean(), this::close);
        open.put(entry.id(), watcher);
        return watcher;
    }

    private void close(Watcher watcher) {
        open.remove(watcher.entry().id());
    }

    /** Lets those who wait see that the node stops. */
    void wakeAll() {
        open.values().forEach(Watcher::wake);
    }

    /** Oldest first. */
    List<Watcher> list() {
        return open.values().stream()
                .sorted(Comparator.comparing(watcher -> watcher.entry().id()))
                .toList();
    }
}
