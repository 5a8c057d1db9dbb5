package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.ReadThrough;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.StateMap;
import dev.parley.store.kv.Version;
import java.util.ArrayList;
import java.util.List;

/** The state machine's map, with a note of the revisions that an entry makes. */
final class ObservedMap implements StateMap, ReadThrough {
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
    public MapView source() {
        return map;
    }
}
