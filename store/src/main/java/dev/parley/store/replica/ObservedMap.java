package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.StateMap;
import dev.parley.store.kv.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The state machine's map, with a note of the revisions that an entry makes. */
final class ObservedMap implements StateMap {
    private final StateMap map;
    private final List<RevisionRecord> made = new ArrayList<>();

    ObservedMap(StateMap map) {
        this.map = map;
    }

    /** The revisions made since the last call, in order. */
    List<RevisionRecord> takeRevisions() {
        if (made.isEmpty()) {
            return List.of();
        }
        List<RevisionRecord> taken = List.copyOf(made);
        made.clear();
        return taken;
    }

    @Override
    public void record(RevisionRecord record) {
        map.record(record);
        made.add(record);
    }

    @Override
    public void put(Keyspace keyspace, Key key, Version version) {
        map.put(keyspace, key, version);
    }

    @Override
    public void putCell(Bytes name, Bytes content) {
        map.putCell(name, content);
    }

    @Override
    public void removeCell(Bytes name) {
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
        return map.cell(name);
    }

    @Override
    public void cells(Bytes prefix, CellVisitor visitor) {
        map.cells(prefix, visitor);
    }
}
