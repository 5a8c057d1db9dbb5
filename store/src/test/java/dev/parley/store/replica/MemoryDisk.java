package dev.parley.store.replica;

import dev.parley.store.replica.StateStore.Position;
import java.util.Optional;
import java.util.UUID;

/** What survives a crash of a {@link MemoryStateStore}. */
public final class MemoryDisk {
    final UUID store;
    Optional<UUID> log = Optional.empty();
    Position position = Position.START;
    MemoryMap content;

    /** For a store that one thread changes and others read. */
    public MemoryDisk(UUID store) {
        this(store, true);
    }

    /** @param shared false is faster, and then all must be done by one thread */
    public MemoryDisk(UUID store, boolean shared) {
        this.store = store;
        this.content = new MemoryMap(shared);
    }

    public Position position() {
        return position;
    }
}
