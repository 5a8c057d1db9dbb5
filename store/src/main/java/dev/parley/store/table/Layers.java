package dev.parley.store.table;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Where to look, newest first: the memtable being written, the one being flushed, the tables. Held by the store and by
 * every view; holds the tables until the last of them lets go.
 */
final class Layers {
    private final MemTable active;
    private final Optional<MemTable> frozen;
    private final List<Table> tables;
    private final List<Layer> all;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** Held once, by the caller. */
    Layers(MemTable active, Optional<MemTable> frozen, List<Table> tables) {
        this.active = active;
        this.frozen = frozen;
        this.tables = List.copyOf(tables);
        this.all = Stream.of(Stream.of(active), frozen.stream(), tables.stream())
                .<Layer>flatMap(layers -> layers)
                .toList();
        tables.forEach(Table::retain);
    }

    MemTable active() {
        return active;
    }

    Optional<MemTable> frozen() {
        return frozen;
    }

    List<Table> tables() {
        return tables;
    }

    List<Layer> all() {
        return all;
    }

    /** @return false when the last holder has let go: there are newer layers */
    boolean retain() {
        for (int held = holders.get(); held > 0; held = holders.get()) {
            if (holders.compareAndSet(held, held + 1)) {
                return true;
            }
        }
        return false;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            tables.forEach(Table::release);
        }
    }
}
