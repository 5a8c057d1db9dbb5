package dev.parley.store.table;

import dev.parley.store.replica.DamagedTables;
import dev.parley.store.replica.StoreFailure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds the manifest and is the only one to replace it. Flush and merge run side by side and both end here, one at a
 * time; whatever a manifest names is durable before it is.
 */
final class Catalog {
    private static final String ASIDE = "MANIFEST.new";

    private final Disk disk;
    private final Pins pins;
    private Manifest manifest;
    private long lastNumber;
    private boolean closed;

    private Catalog(Disk disk, Manifest manifest) {
        this.disk = disk;
        this.pins = new Pins(disk);
        this.manifest = manifest;
        this.lastNumber =
                manifest.tables().stream().mapToLong(TableInfo::number).max().orElse(0);
    }

    /**
     * Reads the manifest, or makes the first one of an empty directory, durably. Deletes what no manifest names.
     *
     * @param freshId names a fresh directory
     * @throws DamagedTables when the directory holds tables and no manifest, or it does not verify
     */
    static Catalog open(Disk disk, Supplier<UUID> freshId) {
        List<String> files = disk.list();
        if (files.contains(Manifest.FILE)) {
            Catalog catalog = new Catalog(disk, read(disk));
            catalog.deleteUnnamed(files);
            return catalog;
        }
        List<String> orphans =
                files.stream().filter(file -> !file.equals(ASIDE)).toList();
        if (!orphans.isEmpty()) {
            throw new DamagedTables("there is no " + Manifest.FILE + " beside " + orphans);
        }
        Catalog catalog = new Catalog(disk, Manifest.fresh(freshId.get()));
        catalog.commit(UnaryOperator.identity());
        return catalog;
    }

    /** In a directory with the files that {@code manifest} names: makes it a table directory, durably. */
    static Catalog create(Disk disk, Manifest manifest) {
        Catalog catalog = new Catalog(disk, manifest);
        catalog.commit(UnaryOperator.identity());
        return catalog;
    }

    /** @throws DamagedTables when a table does not open */
    void verify() {
        openTables().forEach(Table::release);
    }

    /** Each is held once, by the caller, newest first. @throws DamagedTables when one does not open */
    List<Table> openTables() {
        List<Table> tables = new ArrayList<>();
        try {
            for (TableInfo info : manifest().tables()) {
                tables.add(Table.open(disk, info));
            }
            return tables;
        } catch (StoreFailure failure) {
            tables.forEach(Table::release);
            throw new DamagedTables(failure.getMessage(), failure);
        }
    }

    private static Manifest read(Disk disk) {
        try (MappedFile file = disk.map(Manifest.FILE)) {
            return Manifest.decode(file.copy(0, Math.toIntExact(file.sizeBytes())));
        } catch (StoreFailure failure) {
            throw new DamagedTables(failure.getMessage(), failure);
        }
    }

    private void deleteUnnamed(List<String> files) {
        Set<String> named = manifest.tables().stream()
                .flatMap(table ->
                        table.hasValues() ? Stream.of(table.file(), table.valuesFile()) : Stream.of(table.file()))
                .collect(Collectors.toSet());
        for (String file : files) {
            if (!file.equals(Manifest.FILE) && !named.contains(file)) {
                disk.delete(file);
            }
        }
    }

    synchronized Manifest manifest() {
        return manifest;
    }

    /** The files of the newest manifest, which stay until it is closed. */
    synchronized Checkpoint checkpoint() {
        pins.pin(manifest.tables());
        return new Checkpoint(disk, pins, manifest);
    }

    /** Deletes the files of a table that no manifest names any more, at the latest when no checkpoint holds them. */
    void discard(TableInfo table) {
        pins.discard(table);
    }

    /** Names the files of a table that is to be written. */
    synchronized long nextNumber() {
        return ++lastNumber;
    }

    /**
     * Replaces the manifest, durably. Files that the new one names must be synced; their names need not be.
     *
     * @throws CancellationException when closed; nothing happened
     */
    synchronized void commit(UnaryOperator<Manifest> change) {
        if (closed) {
            throw new CancellationException("the store is closed");
        }
        Manifest next = change.apply(manifest);
        disk.syncDirectory();
        try (Disk.Output out = disk.create(ASIDE)) {
            out.write(0, ByteBuffer.wrap(next.encode()));
            out.sync();
        }
        disk.rename(ASIDE, Manifest.FILE);
        disk.syncDirectory();
        manifest = next;
    }

    /** No commit begins after the return. */
    synchronized void close() {
        closed = true;
    }
}
