package dev.parley.store.table;

import dev.parley.store.kv.StateMap;
import dev.parley.store.replica.StateStore.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToLongFunction;

/**
 * Makes the tables in a directory, which no node has open, the beginning of another log: one whose first entry is behind
 * the last one applied here. Durable on return; after a crash before, the directory is as it was or as it is to be.
 */
public final class Rebinding {
    private static final int SPILL_BYTES = TableConfig.DEFAULT.spillBytes();

    private Rebinding() {}

    /**
     * Looks, and changes nothing but what a crash left behind.
     *
     * @throws dev.parley.store.replica.StoreFailure when a node has it open, or it does not verify
     */
    public static Checkpoint.Description look(Path directory) {
        try (Disk disk = FileDisk.open(directory)) {
            return Checkpoint.describe(Catalog.open(disk, () -> new UUID(0, 0)).manifest());
        }
    }

    /**
     * The same state, on another log.
     *
     * @throws dev.parley.store.replica.StoreFailure when a node has it open, or it does not verify
     */
    public static Position toLog(Path directory, UUID log) {
        try (Disk disk = FileDisk.open(directory)) {
            Catalog catalog = Catalog.open(disk, () -> new UUID(0, 0));
            Position position = unlogged(
                    catalog.manifest().position(), catalog.manifest().position().revision());
            catalog.commit(manifest -> new Manifest(manifest.store(), Optional.of(log), position, manifest.tables()));
            return position;
        }
    }

    /**
     * Another state, made of this one, in a store of another name and on another log.
     *
     * @param change writes what is to be different, and returns the newest revision
     * @throws dev.parley.store.replica.StoreFailure when a node has it open, or it does not verify
     */
    public static Position toCluster(Path directory, UUID store, UUID log, ToLongFunction<StateMap> change) {
        try (Disk disk = FileDisk.open(directory)) {
            Catalog catalog = Catalog.open(disk, () -> store);
            MemTable changed = new MemTable();
            long revision = change(disk, catalog.manifest(), changed, change);
            Position position = unlogged(catalog.manifest().position(), revision);
            Optional<TableInfo> table = Optional.empty();
            if (changed.entries() > 0) {
                table = Optional.of(FlushRun.write(disk, catalog.nextNumber(), SPILL_BYTES, changed));
            }
            Manifest with = catalog.manifest().withFlushed(position, table);
            catalog.commit(manifest -> new Manifest(store, Optional.of(log), position, with.tables()));
            return position;
        }
    }

    private static long change(Disk disk, Manifest manifest, MemTable changed, ToLongFunction<StateMap> change) {
        List<Table> tables = new ArrayList<>();
        try {
            for (TableInfo info : manifest.tables()) {
                tables.add(Table.open(disk, info));
            }
            Layers layers = new Layers(changed, Optional.empty(), tables);
            try {
                return change.applyAsLong(new LayeredStateMap(layers));
            } finally {
                layers.release();
            }
        } finally {
            tables.forEach(Table::release);
        }
    }

    /** No entry of the new log has the place of the last one applied, so it has no stamp. */
    private static Position unlogged(Position position, long revision) {
        return new Position(position.applied(), Position.START.stamp(), revision);
    }
}
