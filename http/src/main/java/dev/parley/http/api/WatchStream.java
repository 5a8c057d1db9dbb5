package dev.parley.http.api;

import dev.parley.http.api.WatchFeed.Step;
import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A watch as a stream of server-sent events. Reads the next revisions only when the ones before are written. */
final class WatchStream implements Answer.Stream {
    /** So much is written at once, so that a state is not held for long. */
    private static final int CHUNK_BYTES = 64 << 10;

    /** What a watcher keeps while nothing happens. */
    private static final int IDLE_BYTES_MAX = 1 << 10;

    private static final String RETRY = "retry: 1000\n\n";

    /**
     * @param silenceMax a bookmark comes after it
     * @param clientGone whether the client hung up
     */
    record Parts(Replica replica, Watches watches, Ambient ambient, Duration silenceMax, BooleanSupplier clientGone) {}

    private final Parts parts;
    private final WatchedRange range;
    private final WatchFeed feed;
    private final Optional<WatchSnapshot> snapshot;
    private final JsonWriter json = new JsonWriter(512);
    private long writtenNanos;

    /** @param snapshot comes first; the feed begins behind it */
    WatchStream(Parts parts, WatchedRange range, WatchFeed feed, Optional<WatchSnapshot> snapshot) {
        this.parts = parts;
        this.range = range;
        this.feed = feed;
        this.snapshot = snapshot;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (Watcher watcher = parts.watches()
                .open(
                        Watches.Kind.SSE,
                        range,
                        feed,
                        parts.ambient().epochMillis().getAsLong())) {
            json.ascii(RETRY);
            if (snapshot.isPresent() && !writeSnapshot(snapshot.get(), out)) {
                return;
            }
            bookmark();
            flush(out);
            while (!watcher.isStopping()) {
                if (!writeWhatIsThere(watcher, out)) {
                    return;
                }
                Duration silence = Duration.ofNanos(parts.ambient().nanos().getAsLong() - writtenNanos);
                Duration left = parts.silenceMax().minus(silence);
                if (left.isPositive()) {
                    watcher.await(parts.replica(), left, parts.ambient().nanos());
                    watcher.delivered();
                } else if (parts.clientGone().getAsBoolean()) {
                    return;
                } else {
                    bookmark();
                    flush(out);
                }
            }
            json.ascii("event: closing\ndata: {}\n\n");
            flush(out);
        }
    }

    @Override
    public void close() {}

    /** @return false when the watch is at its end */
    private boolean writeWhatIsThere(Watcher watcher, OutputStream out) throws IOException {
        while (!watcher.isStopping()) {
            Step step = writeChunk(out);
            if (json.size() > 0) {
                flush(out);
            }
            watcher.delivered();
            switch (step) {
                case Step.AtEnd end -> {
                    return true;
                }
                case Step.Gone(long compacted) -> {
                    lagged(compacted, out);
                    return false;
                }
                case Step.Found found -> {}
                case Step.Passed passed -> bookmarkWhenDue(out);
            }
        }
        return true;
    }

    private Step writeChunk(OutputStream out) throws IOException {
        Optional<StateView> newest = parts.replica().view();
        if (newest.isEmpty()) {
            return new Step.AtEnd();
        }
        try (StateView view = newest.get()) {
            while (true) {
                Step step = feed.step(view);
                if (!(step instanceof Step.Found)) {
                    return step;
                }
                json.ascii("id: " + (feed.next() - 1) + "\ndata: ").object();
                feed.write(json, view, out);
                json.end().ascii("\n\n");
                if (json.size() >= CHUNK_BYTES) {
                    return step;
                }
            }
        }
    }

    private void bookmarkWhenDue(OutputStream out) throws IOException {
        if (parts.ambient().nanos().getAsLong() - writtenNanos
                >= parts.silenceMax().toNanos()) {
            bookmark();
            flush(out);
        }
    }

    private void bookmark() {
        json.ascii("event: bookmark\nid: " + (feed.next() - 1) + "\ndata: ").object();
        feed.writePlace(json);
        json.end().ascii("\n\n");
    }

    private void lagged(long compacted, OutputStream out) throws IOException {
        json.ascii("event: lagged\ndata: ").object();
        json.name("compacted_revision").number(compacted).end().ascii("\n\n");
        flush(out);
    }

    private void flush(OutputStream out) throws IOException {
        json.writeTo(out);
        json.clear(IDLE_BYTES_MAX);
        out.flush();
        writtenNanos = parts.ambient().nanos().getAsLong();
    }

    // -- the snapshot ---------------------------------------------------------------------------------------------

    private boolean writeSnapshot(WatchSnapshot first, OutputStream out) throws IOException {
        Optional<KeyRange> rest = Optional.of(first.range());
        while (rest.isPresent()) {
            Optional<StateView> newest = parts.replica().view();
            if (newest.isEmpty()) {
                return false;
            }
            try (StateView view = newest.get()) {
                long compacted = Agreed.compactionRevision(view);
                if (first.revision() < compacted) {
                    lagged(compacted, out);
                    return false;
                }
                rest = first.page(json, view, rest.get(), CHUNK_BYTES);
            }
            flush(out);
        }
        return true;
    }
}
