package dev.parley.store.replica;

import dev.parley.store.replica.StateStore.Position;
import java.util.Optional;
import java.util.UUID;

/** What survives a crash of a {@link MemoryStateStore}. */
public final class MemoryDisk {
    final UUID store;
    Optional<UUID> log = Optional.empty();
    Position position = Position.START;
    MemoryMap content = new MemoryMap();

    public MemoryDisk(UUID store) {
        this.store = store;
    }

    public Position position() {
        return position;
    }
}
