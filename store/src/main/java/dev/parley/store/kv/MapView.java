package dev.parley.store.kv;

import java.util.Optional;

/** Reads the multi-version map. A read at a revision sees every version at or below it and nothing above. */
public interface MapView {
    /** The newest version at or below {@code revision}; a tombstone is a version. */
    Optional<Version> at(Keyspace keyspace, Key key, long revision);

    /** As {@link #at} but only a live one. */
    default Optional<Version.Live> liveAt(Keyspace keyspace, Key key, long revision) {
        return at(keyspace, key, revision)
                .filter(Version.Live.class::isInstance)
                .map(Version.Live.class::cast);
    }

    /** Visits the keys that are live at {@code revision}, in key order or backwards, until the visitor says stop. */
    void scan(Keyspace keyspace, KeyRange range, long revision, boolean reverse, Visitor visitor);

    /** What {@code revision} changed; empty when it is above the newest or was compacted. */
    Optional<RevisionRecord> revision(long revision);

    /** A system cell: no history, newest content only. */
    Optional<Bytes> cell(Bytes name);

    /** Visits the cells whose name starts with {@code prefix}, in name order. */
    void cells(Bytes prefix, CellVisitor visitor);

    /** Called for each entry of a scan. */
    @FunctionalInterface
    interface Visitor {
        /** @return false to stop */
        boolean visit(Key key, Version.Live version);
    }

    @FunctionalInterface
    interface CellVisitor {
        /** @return false to stop */
        boolean visit(Bytes name, Bytes content);
    }
}
