package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.StateMap;
import dev.parley.store.kv.Version;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The map as it is defined: sorted maps in memory. Slow, and therefore the judge. */
final class ModelMap implements StateMap {
    private final Map<Keyspace, NavigableMap<Key, NavigableMap<Long, Version>>> versions =
            new EnumMap<>(Keyspace.class);
    private final NavigableMap<Long, RevisionRecord> records = new TreeMap<>();
    private final NavigableMap<Bytes, Bytes> cells = new TreeMap<>();

    private NavigableMap<Key, NavigableMap<Long, Version>> of(Keyspace keyspace) {
        return versions.computeIfAbsent(keyspace, first -> new TreeMap<>());
    }

    @Override
    public void put(Keyspace keyspace, Key key, Version version) {
        of(keyspace).computeIfAbsent(key, first -> new TreeMap<>()).put(version.modRevision(), version);
    }

    @Override
    public void record(RevisionRecord record) {
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
        return Optional.ofNullable(of(keyspace).get(key))
                .map(history -> history.floorEntry(revision))
                .map(Map.Entry::getValue);
    }

    @Override
    public void scan(Keyspace keyspace, KeyRange range, long revision, boolean reverse, Visitor visitor) {
        NavigableMap<Key, NavigableMap<Long, Version>> all = of(keyspace);
        for (Key key : (reverse ? all.descendingMap() : all).keySet()) {
            if (range.contains(key)) {
                Optional<Version.Live> live = liveAt(keyspace, key, revision);
                if (live.isPresent() && !visitor.visit(key, live.get())) {
                    return;
                }
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
        for (Map.Entry<Bytes, Bytes> cell : cells.entrySet()) {
            if (cell.getKey().startsWith(prefix) && !visitor.visit(cell.getKey(), cell.getValue())) {
                return;
            }
        }
    }
}
