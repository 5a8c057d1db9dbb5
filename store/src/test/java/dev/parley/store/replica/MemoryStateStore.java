package dev.parley.store.replica;

import dev.parley.store.kv.MapView;
import dev.parley.store.kv.ReadThrough;
import dev.parley.store.kv.StateMap;
import dev.parley.store.log.LogIndex;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A state in memory that checkpoints itself to a {@link MemoryDisk} now and then. A crash is to forget the store and
 * open another one on the same disk.
 */
public final class MemoryStateStore implements StateStore {
    private final MemoryDisk disk;
    private final long flushEveryNanos;
    private final long flushTakesNanos;
    private final MemoryMap map;
    private volatile Room room = Room.ENOUGH;
    private volatile Position position;
    private Optional<MemoryMap> flushing = Optional.empty();
    private Position flushingPosition = Position.START;
    private long flushStartedNanos;

    /** @param flushEveryNanos {@link Long#MAX_VALUE}: never */
    public MemoryStateStore(MemoryDisk disk, long flushEveryNanos, long flushTakesNanos) {
        this.disk = disk;
        this.flushEveryNanos = flushEveryNanos;
        this.flushTakesNanos = flushTakesNanos;
        this.map = disk.content.copy();
        this.position = disk.position;
    }

    /** One that never flushes. */
    public static MemoryStateStore empty(UUID id) {
        return new MemoryStateStore(new MemoryDisk(id), Long.MAX_VALUE, 0);
    }

    /** What is on its disk, for a directory named {@code id}. */
    MemoryDisk.Copy snapshot(UUID id) {
        return disk.copyFor(id);
    }

    MemoryMap content() {
        return map;
    }

    @Override
    public UUID id() {
        return disk.store;
    }

    @Override
    public Optional<UUID> log() {
        return disk.log;
    }

    @Override
    public void bind(UUID log) {
        if (disk.log.filter(bound -> !bound.equals(log)).isPresent()) {
            throw new IllegalStateException("bound to another log");
        }
        disk.log = Optional.of(log);
    }

    @Override
    public StateMap map() {
        return map;
    }

    @Override
    public void publish(Position next) {
        LogIndex expected = position.applied().next();
        if (!next.applied().equals(expected) || next.revision() < position.revision()) {
            throw new IllegalStateException("published " + next + " after " + position);
        }
        position = next;
    }

    @Override
    public Position position() {
        return position;
    }

    @Override
    public Position durable() {
        return disk.position;
    }

    public void room(Room changed) {
        room = changed;
    }

    @Override
    public Room room() {
        return room;
    }

    @Override
    public void maintain(long nowNanos) {
        if (flushing.isPresent() && nowNanos - flushStartedNanos >= flushTakesNanos) {
            disk.content = flushing.get();
            disk.position = flushingPosition;
            flushing = Optional.empty();
        }
        if (flushing.isEmpty() && nowNanos - flushStartedNanos >= flushEveryNanos && !position.equals(disk.position)) {
            flushing = Optional.of(map.copy());
            flushingPosition = position;
            flushStartedNanos = nowNanos;
        }
    }

    @Override
    public StateView view() {
        return new View(map, position);
    }

    @Override
    public void install(Incoming incoming, boolean keepFormer) {
        disk.install((MemoryDisk.Copy) incoming);
        flushing = Optional.empty();
        map.become(disk.content);
        position = disk.position;
    }

    @Override
    public void onDamage(Consumer<String> listener) {}

    @Override
    public void close() {}

    private record View(MemoryMap map, Position position) implements StateView, ReadThrough {
        @Override
        public MapView source() {
            return map;
        }

        @Override
        public void close() {}
    }
}
