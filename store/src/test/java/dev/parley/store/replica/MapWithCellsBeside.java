package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.StateMap;
import dev.parley.store.kv.Version;
import java.util.NavigableMap;
import java.util.Optional;

/** Wrong on purpose: the cells of one kind are not in the map, but in the memory of the one that applies. */
record MapWithCellsBeside(StateMap map, Bytes prefix, NavigableMap<Bytes, Bytes> beside) implements StateMap {
    @Override
    public void put(Keyspace keyspace, Key key, Version version) {
        map.put(keyspace, key, version);
    }

    @Override
    public void record(RevisionRecord record) {
        map.record(record);
    }

    @Override
    public void putCell(Bytes name, Bytes content) {
        if (name.startsWith(prefix)) {
            beside.put(name, content);
        } else {
            map.putCell(name, content);
        }
    }

    @Override
    public void removeCell(Bytes name) {
        beside.remove(name);
        map.removeCell(name);
    }

    @Override
    public Optional<Version> at(Keyspace keyspace, Key key, long revision) {
        return map.at(keyspace, key, revision);
    }

    @Override
    public void scan(Keyspace keyspace, KeyRange range, long revision, boolean reverse, Visitor visitor) {
        map.scan(keyspace, range, revision, reverse, visitor);
    }

    @Override
    public Optional<RevisionRecord> revision(long revision) {
        return map.revision(revision);
    }

    @Override
    public Optional<Bytes> cell(Bytes name) {
        return name.startsWith(prefix) ? Optional.ofNullable(beside.get(name)) : map.cell(name);
    }

    @Override
    public void cells(Bytes wanted, CellVisitor visitor) {
        if (!wanted.startsWith(prefix)) {
            map.cells(wanted, visitor);
            return;
        }
        for (var cell : beside.tailMap(wanted, true).entrySet()) {
            if (!cell.getKey().startsWith(wanted) || !visitor.visit(cell.getKey(), cell.getValue())) {
                return;
            }
        }
    }
}
