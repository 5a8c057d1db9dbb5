package dev.parley.http.api;

import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Lock.Holder;
import dev.parley.store.kv.LockName;
import dev.parley.store.kv.Locks;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Who leads, now and whenever it changes. What changed and changed back between two looks is not shown. */
final class ElectionStream implements Answer.Stream {
    /** How long a stop of the node goes unnoticed. */
    private static final Duration SLICE = Duration.ofMillis(500);

    private static final Duration NAP = Duration.ofMillis(50);

    private final Replica replica;
    private final LongSupplier nanos;
    private final BooleanSupplier stopping;
    private final LockName name;
    private final JsonWriter json = new JsonWriter(512);
    private Optional<List<Holder>> shown = Optional.empty();
    private long seen;
    private long writtenNanos;

    ElectionStream(Replica replica, LongSupplier nanos, BooleanSupplier stopping, LockName name) {
        this.replica = replica;
        this.nanos = nanos;
        this.stopping = stopping;
        this.name = name;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        json.ascii("retry: 1000\n\n");
        KeyRange grants = KeyRange.prefix(name.prefix());
        while (!stopping.getAsBoolean()) {
            show(out);
            long start = nanos.getAsLong();
            Replica.Change change = replica.awaitFirstChange(Keyspace.LOCK, grants, seen, SLICE);
            seen = Math.max(seen, change.unchangedUpTo());
            long left = Math.min(NAP.toNanos(), SLICE.toNanos() - (nanos.getAsLong() - start));
            if (!change.found() && left > 0) {
                LockSupport.parkNanos(this, left);
            }
        }
        json.ascii("event: closing\ndata: {}\n\n");
        flush(out);
    }

    private void show(OutputStream out) throws IOException {
        Optional<StateView> newest = replica.view();
        if (newest.isPresent()) {
            try (StateView view = newest.get()) {
                seen = Math.max(seen, view.position().revision());
                look(view);
            }
        }
        if (json.size() == 0 && nanos.getAsLong() - writtenNanos >= WatchResource.SILENCE_MAX.toNanos()) {
            json.ascii("event: bookmark\nid: " + seen + "\ndata: ")
                    .object()
                    .name("revision")
                    .number(seen);
            json.end().ascii("\n\n");
        }
        if (json.size() > 0) {
            flush(out);
        }
    }

    private void look(StateView view) {
        long revision = view.position().revision();
        Optional<List<Holder>> now = Optional.of(Locks.holders(view, name, revision));
        if (now.equals(shown)) {
            return;
        }
        shown = now;
        json.ascii("id: " + revision + "\ndata: ").object().name("revision").number(revision);
        ElectionResource.leader(json, now.get().stream().findFirst());
        json.end().ascii("\n\n");
    }

    private void flush(OutputStream out) throws IOException {
        json.writeTo(out);
        json.clear();
        out.flush();
        writtenNanos = nanos.getAsLong();
    }

    @Override
    public void close() {}
}
