package dev.parley.store.kv;

/** Writes revisions into a map as apply does, for tests that need no commands. */
public final class HandMadeRevisions {
    private final SealingMap map;

    /** @param newest revision of the map */
    public HandMadeRevisions(StateMap map, long newest) {
        this.map = new SealingMap(map, newest);
    }

    public void put(Keyspace keyspace, Key key, Version version) {
        map.put(keyspace, key, version);
    }

    /** Ends the revision and makes it the newest. */
    public void record(RevisionRecord record) {
        map.record(record);
        Cells.putNumber(map, Cells.REVISION, record.revision());
        map.end();
    }
}
