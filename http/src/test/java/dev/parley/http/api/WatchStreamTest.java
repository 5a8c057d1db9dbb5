package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.replica.Replica.Reading;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.watch.Watch;
import dev.parley.store.watch.WatchCursor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WatchStreamTest {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Watches watches = new Watches(stopping::get);

    private WatchStream stream(FixedView view, long from) {
        KeyRange range = KeyRange.single(Key.of("k"));
        FixedReplica replica = new FixedReplica(any -> new Result.Unknown(), new Reading.Ready(view, 0));
        // each look at the clock takes a second
        Ambient ambient = new Ambient(() -> nanos.addAndGet(1_000_000_000L), () -> 0, () -> "r");
        return new WatchStream(
                new WatchStream.Parts(replica, watches, ambient, Duration.ofSeconds(3), () -> false),
                new WatchedRange(range, List.of()),
                new KeyFeed(
                        new WatchCursor(new Watch(range, Watch.Filter.ALL), from),
                        new WatchEvents(dev.parley.store.kv.Keyspace.KV, true, false, false)),
                Optional.empty());
    }

    private static String run(WatchStream stream, ByteArrayOutputStream out) throws IOException {
        stream.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void silenceIsBrokenByBookmarksUntilTheNodeStops() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void write(byte[] bytes, int offset, int length) {
                super.write(bytes, offset, length);
                stopping.set(toString(StandardCharsets.UTF_8).split("event: bookmark", -1).length == 4);
            }
        };
        String text = run(stream(FixedView.ofPuts("k", 1, 0), 2), out);
        String bookmark = "event: bookmark\nid: 1\ndata: {\"revision\":1}\n\n";
        assertEquals("retry: 1000\n\n" + bookmark.repeat(3) + "event: closing\ndata: {}\n\n", text);
        assertEquals(List.of(), watches.list());
    }

    @Test
    void whoIsOvertakenByCompactionIsToldSoAtTheEnd() throws IOException {
        String text = run(stream(FixedView.ofPuts("k", 9, 5), 2), new ByteArrayOutputStream());
        assertTrue(text.endsWith("event: lagged\ndata: {\"compacted_revision\":5}\n\n"), text);
    }

    @Test
    void whatAClientHeldIsFreedWhenAWriteFails() {
        WatchStream stream = stream(FixedView.ofPuts("k", 9, 0), 1);
        assertThrows(
                IOException.class,
                () -> stream.writeTo(new java.io.OutputStream() {
                    @Override
                    public void write(int unit) throws IOException {
                        assertEquals(1, watches.list().size());
                        throw new IOException("gone");
                    }
                }));
        assertEquals(List.of(), watches.list());
    }
}
