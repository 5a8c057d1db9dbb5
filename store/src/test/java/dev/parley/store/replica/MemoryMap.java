package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.StateMap;
import dev.parley.store.kv.Version;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The whole multi-version map in memory, never compacted. One thread writes, any may read at a revision. */
final class MemoryMap implements StateMap {
    /** Newest version of a key first. */
    private record Place(Keyspace keyspace, Bytes key, long revision) {
        static int order(Place one, Place other) {
            int byKeyspace = one.keyspace.compareTo(other.keyspace);
            int byName = byKeyspace != 0 ? byKeyspace : one.key.compareTo(other.key);
            return byName != 0 ? byName : Long.compare(other.revision, one.revision);
        }
    }

    private final boolean shared;
    private volatile NavigableMap<Place, Version> versions;
    private volatile NavigableMap<Long, RevisionRecord> records;
    private volatile NavigableMap<Bytes, Bytes> cells;

    /** @param shared false is faster, and then all must be done by one thread */
    MemoryMap(boolean shared) {
        this.shared = shared;
        versions = shared ? new ConcurrentSkipListMap<>(Place::order) : new TreeMap<>(Place::order);
        records = shared ? new ConcurrentSkipListMap<>() : new TreeMap<>();
        cells = shared ? new ConcurrentSkipListMap<>() : new TreeMap<>();
    }

    private MemoryMap(MemoryMap other) {
        this(other.shared);
        versions.putAll(other.versions);
        records.putAll(other.records);
        cells.putAll(other.cells);
    }

    /** Another content in its place. */
    void become(MemoryMap other) {
        MemoryMap copy = other.copy();
        versions = copy.versions;
        records = copy.records;
        cells = copy.cells;
    }

    MemoryMap copy() {
        return new MemoryMap(this);
    }

    @Override
    public void put(Keyspace keyspace, Key key, Version version) {
        versions.put(new Place(keyspace, key.bytes(), version.modRevision()), version);
    }

    @Override
    public void record(RevisionRecord record) {
        long expected = records.isEmpty() ? record.revision() : records.lastKey() + 1;
        if (record.revision() != expected) {
            throw new IllegalStateException("revision " + record.revision() + " after " + (expected - 1));
        }
        records.put(record.revision(), record);
    }

    @Override
    public void putCell(Bytes name, Bytes content) {
        cells.put(name, content);
    }

    @Override
    public void removeCell(Bytes name) {
        cells.remove(name);
    }

    @Override
    public Optional<Version> at(Keyspace keyspace, Key key, long revision) {
        Map.Entry<Place, Version> found = versions.ceilingEntry(new Place(keyspace, key.bytes(), revision));
        return found != null
                        && found.getKey().keyspace() == keyspace
                        && found.getKey().key().equals(key.bytes())
                ? Optional.of(found.getValue())
                : Optional.empty();
    }

    @Override
    public void scan(Keyspace keyspace, KeyRange range, long revision, boolean reverse, Visitor visitor) {
        if (range.isEmpty()) {
            return;
        }
        NavigableMap<Bytes, Version> newest = new TreeMap<>();
        for (Map.Entry<Place, Version> entry : versions.tailMap(
                        new Place(keyspace, range.start(), Long.MAX_VALUE), true)
                .entrySet()) {
            Place place = entry.getKey();
            if (place.keyspace() != keyspace
                    || range.end().map(end -> place.key().compareTo(end) >= 0).orElse(false)) {
                break;
            }
            if (place.revision() <= revision) {
                newest.putIfAbsent(place.key(), entry.getValue());
            }
        }
        for (Map.Entry<Bytes, Version> entry : (reverse ? newest.descendingMap() : newest).entrySet()) {
            if (entry.getValue() instanceof Version.Live live && !visitor.visit(new Key(entry.getKey()), live)) {
                return;
            }
        }
    }

    @Override
    public Optional<RevisionRecord> revision(long revision) {
        return Optional.ofNullable(records.get(revision));
    }

    @Override
    public Optional<Bytes> cell(Bytes name) {
        return Optional.ofNullable(cells.get(name));
    }

    @Override
    public void cells(Bytes prefix, CellVisitor visitor) {
        for (Map.Entry<Bytes, Bytes> entry : cells.tailMap(prefix, true).entrySet()) {
            if (!entry.getKey().startsWith(prefix) || !visitor.visit(entry.getKey(), entry.getValue())) {
                return;
            }
        }
    }
}
