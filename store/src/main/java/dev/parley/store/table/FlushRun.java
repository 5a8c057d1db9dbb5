package dev.parley.store.table;

import dev.parley.store.kv.Version;
import dev.parley.store.kv.VersionCodec;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.table.Layer.CellState;
import java.util.Map;
import java.util.Optional;

/** Makes a frozen memtable a table, and the position it was frozen at durable. In the background. */
record FlushRun(Disk disk, Catalog catalog, int spillBytes, MemTable frozen, Position position) {
    /** @param table held once, by whoever takes the result; absent when nothing but the position had changed */
    record Flushed(Position position, Optional<Table> table) {
        void discard() {
            table.ifPresent(Table::release);
        }
    }

    Flushed run() {
        if (frozen.entries() == 0) {
            catalog.commit(manifest -> manifest.withFlushed(position, Optional.empty()));
            return new Flushed(position, Optional.empty());
        }
        Table table = Table.open(disk, write(disk, catalog.nextNumber(), spillBytes, frozen));
        try {
            catalog.commit(manifest -> manifest.withFlushed(position, Optional.of(table.info())));
            return new Flushed(position, Optional.of(table));
        } catch (RuntimeException failure) {
            table.release();
            throw failure;
        }
    }

    /** Durable but for its name, and not named by a manifest yet. There must be an entry. */
    static TableInfo write(Disk disk, long number, int spillBytes, MemTable frozen) {
        try (TableWriter writer = new TableWriter(disk, number, spillBytes, frozen.entries())) {
            for (Map.Entry<byte[], Version> entry : frozen.allVersions()) {
                writer.put(entry.getKey(), VersionCodec.encode(entry.getValue()).unsafeArray());
            }
            frozen.allRecords().forEach((revision, encoded) -> writer.put(EncodedKeys.revision(revision), encoded));
            for (Map.Entry<byte[], CellState> cell : frozen.allCells()) {
                switch (cell.getValue()) {
                    case CellState.Present present ->
                        writer.put(cell.getKey(), present.content().unsafeArray());
                    case CellState.Removed removed -> writer.putRemovedCell(cell.getKey());
                }
            }
            return writer.finish();
        }
    }
}
