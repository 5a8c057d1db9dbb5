package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.Version;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** What is not in a table yet. The owner thread writes, any thread reads. */
final class MemTable implements Layer {
    /** What an entry costs on the heap beside its bytes, roughly. */
    private static final int OVERHEAD_BYTES = 160;

    private static final CellState REMOVED = new CellState.Removed();

    private final ConcurrentNavigableMap<byte[], Version> versions =
            new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    private final RecordRun records = new RecordRun();
    private final ConcurrentNavigableMap<byte[], CellState> cells =
            new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    private long heapBytes;
    private long entries;

    void put(Keyspace keyspace, Key key, Version version) {
        byte[] encoded = EncodedKeys.version(keyspace, key, version.modRevision());
        versions.put(encoded, version);
        count(encoded.length
                + switch (version) {
                    case Version.Live live -> live.value().size();
                    case Version.Tombstone gone -> 0;
                });
    }

    void put(RevisionRecord record) {
        count(records.append(record));
    }

    void putCell(Bytes name, Bytes content) {
        CellState former = cells.put(EncodedKeys.cell(name), new CellState.Present(content));
        count(name.size() + content.size());
        if (former instanceof CellState.Present(Bytes replaced)) {
            heapBytes -= OVERHEAD_BYTES + name.size() + replaced.size();
        }
    }

    void removeCell(Bytes name) {
        cells.put(EncodedKeys.cell(name), REMOVED);
        count(name.size());
    }

    private void count(long bytes) {
        heapBytes += bytes + OVERHEAD_BYTES;
        entries++;
    }

    /** An estimate, a little too high where cells were removed. Owner thread. */
    long heapBytes() {
        return heapBytes;
    }

    /** Writes taken, at least as many as there are subjects. Owner thread. */
    long entries() {
        return entries;
    }

    @Override
    public Optional<Version> version(Probe probe) {
        Map.Entry<byte[], Version> found = versions.ceilingEntry(probe.key());
        return found != null && EncodedKeys.sameKey(found.getKey(), probe.key())
                ? Optional.of(found.getValue())
                : Optional.empty();
    }

    @Override
    public Optional<RevisionRecord> record(long revision) {
        return records.at(revision);
    }

    @Override
    public Optional<CellState> cell(Probe probe) {
        return Optional.ofNullable(cells.get(probe.key()));
    }

    @Override
    public Iterator<VersionEntry> versions(byte[] from, byte[] to, boolean reverse) {
        NavigableMap<byte[], Version> part = versions.subMap(from, to);
        return iterate((reverse ? part.descendingMap() : part).entrySet().iterator());
    }

    private static Iterator<VersionEntry> iterate(Iterator<Map.Entry<byte[], Version>> entries) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public VersionEntry next() {
                Map.Entry<byte[], Version> next = entries.next();
                return new HeapVersion(next.getKey(), next.getValue());
            }
        };
    }

    @Override
    public Iterator<CellEntry> cells(byte[] from, byte[] to) {
        Iterator<Map.Entry<byte[], CellState>> entries =
                cells.subMap(from, to).entrySet().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public CellEntry next() {
                Map.Entry<byte[], CellState> next = entries.next();
                return new HeapCell(next.getKey(), next.getValue());
            }
        };
    }

    /** For a flush, in order. */
    Iterable<Map.Entry<byte[], Version>> allVersions() {
        return versions.entrySet();
    }

    RecordRun allRecords() {
        return records;
    }

    Iterable<Map.Entry<byte[], CellState>> allCells() {
        return cells.entrySet();
    }

    private record HeapVersion(byte[] key, Version version) implements VersionEntry {}

    private record HeapCell(byte[] key, CellState state) implements CellEntry {}
}
