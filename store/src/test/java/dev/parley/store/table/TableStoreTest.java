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
import dev.parley.store.replica.StateStore.Room;
import dev.parley.store.replica.StateView;
import dev.parley.store.replica.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TableStoreTest {
    private static final UUID ID = new UUID(1, 2);
    private static final TableConfig EAGER = TableConfig.DEFAULT.withFlushLogEntries(1);

    @TempDir
    Path directory;

    private TableStore open(TableConfig config) {
        return TableStore.open(directory, config, Runnable::run, () -> ID);
    }

    private static void put(TableStore store, long entry, String key, Bytes value) {
        store.map().put(Keyspace.KV, Key.of(key), new Version.Live(entry, entry, 1, 0, "", value));
        store.publish(new Position(new LogIndex(entry), 0, entry));
    }

    private static void flush(TableStore store) {
        store.maintain(0);
        store.maintain(0);
    }

    private static Bytes valueAt(StateView view, String key, long revision) {
        return view.liveAt(Keyspace.KV, Key.of(key), revision).orElseThrow().value();
    }

    @Test
    void theStoreKnowsWhenTheDiskHasLessThanItsReserve() {
        SimulatedDisk disk = new SimulatedDisk();
        try (TableStore store = TableStore.open(disk, EAGER.withReserve(1_000), Runnable::run, () -> ID)) {
            long nowNanos = 0;
            for (long free : new long[] {1_000, 999, 500, 499, 0, 1_000}) {
                disk.free(free);
                nowNanos += 1_000_000_000L;
                store.maintain(nowNanos);
                Room expected = free >= 1_000 ? Room.ENOUGH : free >= 500 ? Room.SHORT : Room.SPENT;
                assertEquals(expected, store.room(), free + " bytes");
            }
        }
    }

    @Test
    void aMergeThatDoesNotFitOnTheDiskWaits() {
        SimulatedDisk disk = new SimulatedDisk();
        try (TableStore store = TableStore.open(disk, EAGER.withMerging(2, 50), Runnable::run, () -> ID)) {
            disk.free(50_000);
            for (long entry = 1; entry <= 3; entry++) {
                put(store, entry, "k" + entry, Bytes.wrap(new byte[10]));
                flush(store);
            }
            assertEquals(4, disk.list().size(), disk.list().toString());
            disk.free(Long.MAX_VALUE);
            put(store, 4, "k4", Bytes.wrap(new byte[10]));
            flush(store);
            flush(store);
            assertTrue(disk.list().size() < 4, disk.list().toString());
        }
    }

    @Test
    void whatWasFlushedIsThereAfterReopening() {
        Position position = new Position(new LogIndex(9), 77, 3);
        try (TableStore store = open(EAGER)) {
            store.map().put(Keyspace.KV, Key.of("a"), new Version.Live(3, 3, 1, 0, "text/plain", Bytes.utf8("x")));
            store.map().putCell(Bytes.utf8("cell"), Bytes.utf8("y"));
            store.publish(position);
            flush(store);
            assertEquals(position, store.durable());
        }
        try (TableStore store = open(EAGER);
                StateView view = store.view()) {
            assertEquals(ID, store.id());
            assertEquals(position, store.position());
            assertEquals(Bytes.utf8("x"), valueAt(view, "a", 3));
            assertEquals(Optional.of(Bytes.utf8("y")), view.cell(Bytes.utf8("cell")));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2000, 2047, 2048, 2049, 16_000, 65_536, 1_000_000})
    void aValueOfAnySizeComesBackAsItWasThroughFlushMergeAndReopening(int size) {
        byte[] value = new byte[size];
        new SplittableRandom(size).nextBytes(value);
        TableConfig merging = EAGER.withMerging(2, 2);
        try (TableStore store = open(merging)) {
            for (long entry = 1; entry <= 4; entry++) {
                put(store, entry, "k" + entry, Bytes.wrap(value));
                flush(store);
            }
        }
        try (TableStore store = open(merging);
                StateView view = store.view()) {
            for (int entry = 1; entry <= 4; entry++) {
                assertEquals(Bytes.wrap(value), valueAt(view, "k" + entry, 4));
            }
        }
    }

    @Test
    void eightOfTheLongestKeysWithTheLargestInlineValuesFitAPage() {
        try (TableStore store = open(EAGER)) {
            for (int i = 0; i < 64; i++) {
                String key = "k".repeat(Key.SIZE_BYTES_MAX - 2) + (10 + i);
                put(store, i + 1, key, Bytes.wrap(new byte[TableConfig.DEFAULT.spillBytes() - 40]));
            }
            flush(store);
            try (StateView view = store.view()) {
                assertEquals(
                        TableConfig.DEFAULT.spillBytes() - 40,
                        valueAt(view, "k".repeat(1022) + 10, 64).size());
            }
        }
    }

    @Test
    void aViewKeepsSeeingWhatItSawThroughFlushAndMerge() {
        try (TableStore store = open(EAGER.withMerging(2, 2))) {
            put(store, 1, "a", Bytes.utf8("1"));
            flush(store);
            try (StateView before = store.view()) {
                for (long entry = 2; entry <= 9; entry++) {
                    put(store, entry, "a", Bytes.utf8(Long.toString(entry)));
                    flush(store);
                }
                assertEquals(Bytes.utf8("1"), valueAt(before, "a", 1));
                assertEquals(Bytes.utf8("1"), valueAt(before, "a", 9));
                assertEquals(Optional.empty(), before.revision(2));
            }
        }
    }

    @Test
    void unpublishedWritesShowToApplyButNotToViews() {
        try (TableStore store = open(EAGER)) {
            store.map().put(Keyspace.KV, Key.of("a"), new Version.Live(1, 1, 1, 0, "", Bytes.utf8("x")));
            assertTrue(store.map().at(Keyspace.KV, Key.of("a"), 1).isPresent());
            try (StateView view = store.view()) {
                assertTrue(view.at(Keyspace.KV, Key.of("a"), 1).isEmpty());
            }
        }
    }

    @Test
    void nothingIsFrozenInTheMiddleOfAnEntry() {
        try (TableStore store = open(EAGER)) {
            put(store, 1, "a", Bytes.utf8("1"));
            store.map().putCell(Bytes.utf8("half"), Bytes.utf8("an entry"));
            flush(store);
            assertEquals(Position.START, store.durable());
        }
    }

    @Test
    void aPositionWithoutChangesBecomesDurableToo() {
        Position position = new Position(new LogIndex(5), 1, 0);
        try (TableStore store = open(EAGER)) {
            store.publish(position);
            flush(store);
            assertEquals(position, store.durable());
        }
        try (TableStore store = open(EAGER)) {
            assertEquals(position, store.position());
        }
    }

    @Test
    void aSecondStoreOnTheSameDirectoryIsRefused() {
        try (TableStore store = open(EAGER)) {
            StoreFailure refused = assertThrows(StoreFailure.class, () -> open(EAGER));
            assertTrue(refused.getMessage().contains("is in use"), refused.getMessage());
            assertEquals(Position.START, store.position());
        }
        open(EAGER).close();
    }

    @Test
    void aDirectoryIsBoundToOneLog() {
        UUID log = new UUID(3, 4);
        try (TableStore store = open(EAGER)) {
            assertEquals(Optional.empty(), store.log());
            store.bind(log);
        }
        try (TableStore store = open(EAGER)) {
            assertEquals(Optional.of(log), store.log());
            store.bind(log);
            assertThrows(IllegalStateException.class, () -> store.bind(new UUID(5, 6)));
        }
    }

    @Test
    void tablesWithoutAManifestAreNotTakenForAFreshDirectory() throws IOException {
        try (TableStore store = open(EAGER)) {
            put(store, 1, "a", Bytes.utf8("1"));
            flush(store);
        }
        Files.delete(directory.resolve(Manifest.FILE));
        StoreFailure refused = assertThrows(StoreFailure.class, () -> open(EAGER));
        assertTrue(refused.getMessage().contains("1.table"), refused.getMessage());
    }

    @Test
    void filesThatNoManifestNamesAreDeletedAtOpen() throws IOException {
        open(EAGER).close();
        Files.writeString(directory.resolve("7.table"), "left by a crash");
        open(EAGER).close();
        assertFalse(Files.exists(directory.resolve("7.table")));
    }

    @Test
    void closingUnmapsAndMayBeRepeated() throws IOException {
        TableStore store = open(EAGER);
        put(store, 1, "a", Bytes.utf8("1"));
        flush(store);
        StateView view = store.view();
        store.close();
        store.close();
        assertEquals(Bytes.utf8("1"), valueAt(view, "a", 1));
        assertTrue(isMapped());
        view.close();
        view.close();
        assertFalse(isMapped());
        assertThrows(IllegalStateException.class, store::view);
        assertThrows(IllegalStateException.class, () -> valueAt(view, "a", 1));
    }

    private boolean isMapped() throws IOException {
        return Files.readString(Path.of("/proc/self/maps")).contains(directory.toString());
    }
}
