package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.Version;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.DamagedTables;
import dev.parley.store.replica.StateStore.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Merges with a compaction revision, of tables made by hand. */
final class MergeRunTest {
    private static final Key KEY = Key.of("a");
    private static final Bytes CELL = Bytes.utf8("cell");

    private final SimulatedDisk disk = new SimulatedDisk();
    private final Catalog catalog = Catalog.open(disk, () -> new UUID(1, 1));
    private final List<Table> newestFirst = new ArrayList<>();

    @AfterEach
    void close() {
        newestFirst.forEach(Table::release);
    }

    private void flush(long revision, Consumer<MemTable> content) {
        MemTable memtable = new MemTable();
        content.accept(memtable);
        memtable.put(new RevisionRecord(revision, 0, "n1", "", List.of()));
        Position position = new Position(new LogIndex(revision), 0, revision);
        newestFirst.addFirst(new FlushRun(disk, catalog, 2048, memtable, position)
                .run()
                .table()
                .orElseThrow());
    }

    private void put(long revision, Key key) {
        flush(
                revision,
                into -> into.put(
                        Keyspace.KV, key, new Version.Live(revision, revision, 1, 0, "", Bytes.wrap(new byte[3000]))));
    }

    private void delete(long revision) {
        flush(revision, into -> into.put(Keyspace.KV, KEY, new Version.Tombstone(revision)));
    }

    private void merge(int from, int to, long compactionRevision) {
        List<Table> older = List.copyOf(newestFirst.subList(to, newestFirst.size()));
        merge(from, to, compactionRevision, hash -> older.stream().anyMatch(table -> table.mayHold(hash)));
    }

    private void merge(int from, int to, long compactionRevision, LongPredicate olderMayHold) {
        List<Table> chosen = List.copyOf(newestFirst.subList(from, to));
        List<Table> older = List.copyOf(newestFirst.subList(to, newestFirst.size()));
        Retention retention = new Retention(compactionRevision, older.isEmpty(), olderMayHold);
        Optional<Table> merged = new MergeRun(disk, catalog, 2048, chosen, retention, () -> false)
                .run()
                .merged();
        newestFirst.subList(from, to).clear();
        merged.ifPresent(table -> newestFirst.add(from, table));
        chosen.forEach(Table::release);
    }

    private LayeredMap map() {
        return new LayeredMap(List.copyOf(newestFirst), Long.MAX_VALUE);
    }

    private long entries() {
        return newestFirst.stream().mapToLong(table -> table.info().entries()).sum();
    }

    private void deleteAndMergeWithoutTheOldestVersion(LongPredicate olderMayHold) {
        put(1, KEY);
        put(2, Key.of("b"));
        delete(3);
        put(4, Key.of("c"));
        merge(0, 3, 4, olderMayHold);
        assertTrue(map().liveAt(Keyspace.KV, KEY, 4).isEmpty(), "the key has come back");
    }

    /** What the test after this one says of a merge that takes no notice of older tables. */
    @Test
    void aMergeThatDropsATombstoneTooEarlyIsConvicted() {
        assertThrows(AssertionError.class, () -> deleteAndMergeWithoutTheOldestVersion(hash -> false));
        assertEquals(1, map().liveAt(Keyspace.KV, KEY, 4).orElseThrow().modRevision());
    }

    @Test
    void aDeletedKeyDoesNotComeBackWhenItsTombstoneIsMergedWithoutItsOldestVersion() {
        deleteAndMergeWithoutTheOldestVersion(hash -> newestFirst.getLast().mayHold(hash));
        merge(0, 2, 4);
        assertTrue(map().liveAt(Keyspace.KV, KEY, 4).isEmpty());
        assertTrue(map().liveAt(Keyspace.KV, Key.of("b"), 4).isPresent());
    }

    @Test
    void aTombstoneAndWhatItHidesAreGoneAfterAMergeWithTheOldestTable() {
        put(1, KEY);
        delete(2);
        put(3, Key.of("b"));
        merge(0, 3, 3);
        assertEquals(Optional.empty(), map().at(Keyspace.KV, KEY, 3));
        assertEquals(Optional.empty(), map().revision(2));
        assertTrue(map().revision(3).isPresent());
        assertEquals(2, entries());
    }

    @Test
    void withoutACompactionAllHistoryOutlivesAMerge() {
        put(1, KEY);
        delete(2);
        put(3, KEY);
        merge(0, 3, 0);
        assertEquals(1, map().at(Keyspace.KV, KEY, 1).orElseThrow().modRevision());
        assertEquals(new Version.Tombstone(2), map().at(Keyspace.KV, KEY, 2).orElseThrow());
        assertEquals(3, map().at(Keyspace.KV, KEY, 9).orElseThrow().modRevision());
        assertEquals(6, entries());
    }

    @Test
    void aRemovedCellDoesNotComeBackAndIsForgottenWithTheOldestTable() {
        flush(1, into -> into.putCell(CELL, Bytes.utf8("old")));
        put(2, KEY);
        flush(3, into -> into.removeCell(CELL));
        merge(0, 2, 0);
        assertEquals(Optional.empty(), map().cell(CELL));
        merge(0, 2, 0);
        assertEquals(Optional.empty(), map().cell(CELL));
        assertEquals(4, entries());
    }

    @Test
    void ofACellOnlyTheNewestContentOutlivesAMerge() {
        flush(1, into -> into.putCell(CELL, Bytes.utf8("old")));
        flush(2, into -> into.putCell(CELL, Bytes.wrap(new byte[5000])));
        merge(0, 2, 0);
        assertEquals(Optional.of(Bytes.wrap(new byte[5000])), map().cell(CELL));
        assertEquals(3, entries());
    }

    @Test
    void whatAMergeReplacedIsDeletedWhenItsLastHolderLetsGo() {
        put(1, KEY);
        put(2, KEY);
        Table held = newestFirst.getFirst();
        held.retain();
        merge(0, 2, 0);
        assertTrue(disk.list().containsAll(List.of("2.table", "2.values", "3.table", "3.values")), "" + disk.list());
        assertFalse(disk.list().contains("1.table"), "" + disk.list());
        held.release();
        assertEquals(List.of("3.table", "3.values", Manifest.FILE), disk.list());
    }

    @Test
    void aMergeThatLeavesNothingLeavesNoTable() {
        flush(1, into -> into.removeCell(CELL));
        flush(2, into -> into.removeCell(CELL));
        merge(0, 2, 9);
        assertEquals(List.of(Manifest.FILE), disk.list());
        assertEquals(List.of(), catalog.manifest().tables());
    }

    /** So that the node gets its tables anew, and does not halt at each start when it comes to merge them. */
    @Test
    void aMergeThatMeetsADamagedValueSaysThatTheTablesAreDamaged() {
        put(1, KEY);
        put(2, Key.of("b"));
        newestFirst.forEach(Table::release);
        byte[] content = disk.content("1.values");
        content[1_500] ^= 1;
        disk.damage("1.values", content);
        newestFirst.replaceAll(table -> Table.open(disk, table.info()));
        DamagedTables found = assertThrows(DamagedTables.class, () -> merge(0, 2, 0));
        assertTrue(found.getMessage().startsWith("1.values"), found::getMessage);
    }
}
