package dev.parley.store.kv;

/**
 * The map as apply sees it: every write is visible to the next read at once. Confined to the thread that applies.
 * A failed read throws; the node must then halt, because it cannot know what the others decided.
 */
public interface StateMap extends MapView {
    void put(Keyspace keyspace, Key key, Version version);

    /** Called once per revision, in order, with no gap, after the puts of that revision. */
    void record(RevisionRecord record);

    void putCell(Bytes name, Bytes content);

    void removeCell(Bytes name);
}
