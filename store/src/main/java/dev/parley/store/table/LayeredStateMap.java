package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.StateMap;
import dev.parley.store.kv.Version;
import java.util.Optional;

/** The map as apply sees it: writes go into the active memtable and are read from there at once. Owner thread. */
final class LayeredStateMap implements StateMap {
    private MemTable active;
    private LayeredMap reading;
    private boolean published = true;

    LayeredStateMap(Layers layers) {
        active = layers.active();
        reading = new LayeredMap(layers.all(), Long.MAX_VALUE);
    }

    void readFrom(Layers layers) {
        active = layers.active();
        reading = new LayeredMap(layers.all(), Long.MAX_VALUE);
    }

    /** Everything written so far belongs to entries that are applied as a whole. */
    void published() {
        published = true;
    }

    boolean isPublished() {
        return published;
    }

    private MemTable writing() {
        published = false;
        return active;
    }

    @Override
    public void put(Keyspace keyspace, Key key, Version version) {
        writing().put(keyspace, key, version);
    }

    @Override
    public void record(RevisionRecord record) {
        writing().put(record);
    }

    @Override
    public void putCell(Bytes name, Bytes content) {
        writing().putCell(name, content);
    }

    @Override
    public void removeCell(Bytes name) {
        writing().removeCell(name);
    }

    @Override
    public Optional<Version> at(Keyspace keyspace, Key key, long revision) {
        return reading.at(keyspace, key, revision);
    }

    @Override
    public void scan(Keyspace keyspace, KeyRange range, long revision, boolean reverse, Visitor visitor) {
        reading.scan(keyspace, range, revision, reverse, visitor);
    }

    @Override
    public Optional<RevisionRecord> revision(long revision) {
        return reading.revision(revision);
    }

    @Override
    public Optional<Bytes> cell(Bytes name) {
        return reading.cell(name);
    }

    @Override
    public void cells(Bytes prefix, CellVisitor visitor) {
        reading.cells(prefix, visitor);
    }
}
