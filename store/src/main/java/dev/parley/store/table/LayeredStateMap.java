package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.ReadThrough;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.StateMap;
import dev.parley.store.kv.Version;

/** The map as apply sees it: writes go into the active memtable and are read from there at once. Owner thread. */
final class LayeredStateMap implements StateMap, ReadThrough {
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
    public MapView source() {
        return reading;
    }
}
