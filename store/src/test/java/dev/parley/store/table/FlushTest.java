package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Version;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.StateStore.Position;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class FlushTest {
    private static final TableConfig CONFIG = TableConfig.DEFAULT
            .withFlushBytes(10_000)
            .withMemtableBytesMax(20_000)
            .withFlushInterval(Duration.ofSeconds(5))
            .withFlushLogEntries(100);

    private final SimulatedDisk disk = new SimulatedDisk();
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private TableStore open(Executor background) {
        return TableStore.open(disk, CONFIG, background, () -> new UUID(1, 1));
    }

    private static void put(TableStore store, long entry, int valueBytes) {
        Bytes value = Bytes.wrap(new byte[valueBytes]);
        store.map().put(Keyspace.KV, Key.of("k" + entry), new Version.Live(entry, entry, 1, 0, "", value));
        store.publish(new Position(new LogIndex(entry), entry, entry));
    }

    @Test
    void anEntryWaitsNoLongerThanTheInterval() {
        try (TableStore store = open(waiting::add)) {
            put(store, 1, 10);
            store.maintain(1_000);
            store.maintain(1_000 + Duration.ofSeconds(5).toNanos() - 1);
            assertTrue(waiting.isEmpty());
            store.maintain(1_000 + Duration.ofSeconds(5).toNanos());
            assertEquals(1, waiting.size());
        }
    }

    @Test
    void aLargeMemtableOrManyEntriesAreNotLeftToWait() {
        try (TableStore store = open(Runnable::run)) {
            put(store, 1, 10_000);
            store.maintain(0);
            store.maintain(0);
            assertEquals(1, store.durable().revision());
            put(store, 100, 10);
            store.maintain(0);
            store.maintain(0);
            assertEquals(1, store.durable().revision());
            put(store, 101, 10);
            store.maintain(0);
            store.maintain(0);
            assertEquals(101, store.durable().revision());
        }
    }

    @Test
    void anIdleStoreWritesNothing() {
        try (TableStore store = open(waiting::add)) {
            for (long second = 0; second < 100; second++) {
                store.maintain(Duration.ofSeconds(second).toNanos());
            }
            assertTrue(waiting.isEmpty());
        }
    }

    @Test
    void whatIsFrozenIsReadUntilItsTableIsThere() {
        try (TableStore store = open(waiting::add)) {
            put(store, 1, 10_000);
            store.maintain(0);
            put(store, 2, 10);
            assertEquals(0, store.durable().revision());
            assertTrue(store.map().at(Keyspace.KV, Key.of("k1"), 2).isPresent());
            waiting.remove().run();
            store.maintain(0);
            assertEquals(1, store.durable().revision());
            assertTrue(store.map().at(Keyspace.KV, Key.of("k1"), 2).isPresent());
            assertTrue(store.map().at(Keyspace.KV, Key.of("k2"), 2).isPresent());
        }
    }

    @Test
    @Timeout(60)
    void applyWaitsForTheDiskWhenBothMemtablesAreFull() throws InterruptedException {
        CountDownLatch diskIsFree = new CountDownLatch(1);
        try (TableStore store = open(work -> Thread.startVirtualThread(() -> {
            try {
                diskIsFree.await();
            } catch (InterruptedException stopped) {
                return;
            }
            work.run();
        }))) {
            put(store, 1, 10_000);
            store.maintain(0);
            put(store, 2, 15_000);
            store.maintain(0);
            put(store, 3, 15_000);
            CountDownLatch maintained = new CountDownLatch(1);
            Thread owner = Thread.ofPlatform().start(() -> {
                store.maintain(0);
                maintained.countDown();
            });
            while (owner.getState() != Thread.State.WAITING) {
                assertEquals(1, maintained.getCount(), "apply went on");
                Thread.onSpinWait();
            }
            diskIsFree.countDown();
            owner.join();
            assertEquals(1, store.durable().revision());
        }
    }

    @Test
    void aFlushThatFailsStopsTheOwner() {
        try (TableStore store = open(Runnable::run)) {
            disk.crashAfter(3);
            put(store, 1, 10_000);
            store.maintain(0);
            assertThrows(SimulatedDisk.Crash.class, () -> store.maintain(0));
            assertEquals(Position.START, store.durable());
        }
    }

    @Test
    void aFlushThatBeginsAfterTheCloseTouchesNothing() {
        TableStore store = open(waiting::add);
        put(store, 1, 10_000);
        store.maintain(0);
        store.close();
        waiting.remove().run();
        assertFalse(disk.list().contains("1.table"));
    }
}
