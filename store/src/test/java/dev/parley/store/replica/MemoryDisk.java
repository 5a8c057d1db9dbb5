package dev.parley.store.replica;

import dev.parley.store.replica.StateStore.Position;
import java.util.Optional;
import java.util.UUID;

/** What survives a crash of a {@link MemoryStateStore}. */
public final class MemoryDisk {
    UUID store;
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

    /** What a snapshot of it is, for a directory named {@code id}. */
    public Copy copyFor(UUID id) {
        return new Copy(id, log, position, content.copy());
    }

    void install(Copy copy) {
        store = copy.store;
        log = copy.log;
        position = copy.position;
        content = copy.content;
    }

    /** A snapshot on its way. */
    public record Copy(UUID store, Optional<UUID> log, Position position, MemoryMap content)
            implements StateStore.Incoming {}

    public Position position() {
        return position;
    }
}
