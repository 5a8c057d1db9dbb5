package dev.parley.store.replica;

import dev.parley.store.kv.MapView;

/**
 * An immutable state to read from, at any revision from the compaction revision to the position's. Any thread. Holds
 * files until closed. Cells may be newer than the position.
 */
public interface StateView extends MapView, AutoCloseable {
    StateStore.Position position();

    @Override
    void close();
}
