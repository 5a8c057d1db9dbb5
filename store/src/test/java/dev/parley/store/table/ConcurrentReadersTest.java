package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.Version;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StateView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On the real disk, with real threads: every entry writes its number under every key, so a torn read shows at once. */
final class ConcurrentReadersTest {
    private static final int KEYS = 20;
    private static final int ENTRIES = 4000;
    private static final int READERS = 3;

    @TempDir
    Path directory;

    private final AtomicBoolean written = new AtomicBoolean();
    private final AtomicLong reads = new AtomicLong();

    private static Key key(int number) {
        return Key.of("key/" + (char) ('a' + number));
    }

    private static void write(TableStore store, long entry) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            store.map().put(Keyspace.KV, key(i), new Version.Live(1, entry, entry, 0, "", value(entry, i)));
            changes.add(new Change(Keyspace.KV, key(i)));
        }
        store.map().record(new RevisionRecord(entry, entry, "n1", "", changes));
        store.map().putCell(Bytes.utf8("entry"), Bytes.utf8(Long.toString(entry)));
        store.publish(new Position(new LogIndex(entry), entry, entry));
    }

    private static Bytes value(long entry, int number) {
        return Bytes.utf8((entry + "/" + number).repeat(number == 7 ? 600 : 1));
    }

    private void read(TableStore store, SplittableRandom random) {
        try (StateView view = store.view()) {
            long newest = view.position().revision();
            if (newest == 0) {
                return;
            }
            long revision = random.nextInt(3) == 0 ? newest : 1 + random.nextLong(newest);
            expectScan(view, revision, random.nextBoolean());
            int number = random.nextInt(KEYS);
            Version.Live live = view.liveAt(Keyspace.KV, key(number), revision).orElseThrow();
            assertEquals(value(revision, number), live.value());
            assertEquals(revision, view.revision(revision).orElseThrow().atMillis());
            assertTrue(view.revision(newest + 1).isEmpty());
            assertTrue(
                    Long.parseLong(view.cell(Bytes.utf8("entry")).orElseThrow().utf8()) >= newest);
            reads.incrementAndGet();
        }
    }

    private static void expectScan(StateView view, long revision, boolean reverse) {
        List<Compare.Found> found = Compare.scan(view, Keyspace.KV, KeyRange.ALL, revision, reverse, Integer.MAX_VALUE);
        assertEquals(KEYS, found.size());
        for (int i = 0; i < KEYS; i++) {
            Compare.Found each = found.get(reverse ? KEYS - 1 - i : i);
            assertEquals(key(i), each.key());
            assertEquals(revision, each.version().modRevision());
        }
    }

    @Test
    @Timeout(120)
    void readersSeeWholeEntriesOnlyWhileFlushesAndMergesGoOn() throws Exception {
        TableConfig config = TableConfig.DEFAULT
                .withFlushBytes(200 << 10)
                .withMemtableBytesMax(400 << 10)
                .withMerging(2, 4);
        CountDownLatch started = new CountDownLatch(READERS);
        try (ExecutorService threads = Executors.newCachedThreadPool();
                TableStore store = TableStore.open(directory, config, threads, () -> new UUID(1, 1))) {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                SplittableRandom random = new SplittableRandom(i);
                readers.add(threads.submit(() -> {
                    started.countDown();
                    while (!written.get()) {
                        read(store, random);
                    }
                }));
            }
            started.await();
            for (long entry = 1; entry <= ENTRIES; entry++) {
                write(store, entry);
                store.maintain(entry);
            }
            written.set(true);
            for (Future<?> reader : readers) {
                reader.get();
            }
            assertTrue(store.durable().applied().value() > ENTRIES / 2, "few flushes: " + store.durable());
        }
        assertTrue(reads.get() > 100, "only " + reads + " reads");
        expectWholeAfterReopening(config);
    }

    private void expectWholeAfterReopening(TableConfig config) {
        try (TableStore store = TableStore.open(directory, config, Runnable::run, () -> new UUID(1, 1));
                StateView view = store.view()) {
            expectScan(view, view.position().revision(), false);
            expectScan(view, 1, true);
        }
    }
}
