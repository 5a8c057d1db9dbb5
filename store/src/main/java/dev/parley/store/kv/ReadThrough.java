package dev.parley.store.kv;

import java.util.Optional;

/** A view that answers from another one. */
public interface ReadThrough extends MapView {
    /** The one that answers at this moment. */
    MapView source();

    @Override
    default Optional<Version> at(Keyspace keyspace, Key key, long revision) {
        return source().at(keyspace, key, revision);
    }

    @Override
    default void scan(Keyspace keyspace, KeyRange range, long revision, boolean reverse, Visitor visitor) {
        source().scan(keyspace, range, revision, reverse, visitor);
    }

    @Override
    default Optional<RevisionRecord> revision(long revision) {
        return source().revision(revision);
    }

    @Override
    default Optional<Bytes> cell(Bytes name) {
        return source().cell(name);
    }

    @Override
    default void cells(Bytes prefix, CellVisitor visitor) {
        source().cells(prefix, visitor);
    }
}
