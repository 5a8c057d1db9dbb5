package dev.parley.store.table;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Makes one table of several neighbours, entry by entry, so that its memory does not grow with them. In the background.
 *
 * @param tables newest first; held until it has ended
 * @param stopped asked now and then; a merge that is to stop leaves its files to the next open
 */
record MergeRun(
        Disk disk, Catalog catalog, int spillBytes, List<Table> tables, Retention retention, BooleanSupplier stopped) {
    /** @param merged held once, by whoever takes the result; absent when nothing was worth keeping */
    record Merged(List<Table> tables, Optional<Table> merged) {
        void discard() {
            merged.ifPresent(Table::release);
        }
    }

    Merged run() {
        Optional<Table> merged = write().map(info -> Table.open(disk, info));
        try {
            List<TableInfo> infos = tables.stream().map(Table::info).toList();
            catalog.commit(manifest -> manifest.withMerged(infos, merged.map(Table::info)));
        } catch (RuntimeException failure) {
            merged.ifPresent(Table::release);
            throw failure;
        }
        tables.forEach(table -> table.replaced(catalog::discard));
        return new Merged(tables, merged);
    }

    private Optional<TableInfo> write() {
        long subjectsMax =
                tables.stream().mapToLong(table -> table.info().subjects()).sum();
        try (TableWriter writer = new TableWriter(disk, catalog.nextNumber(), spillBytes, subjectsMax)) {
            new MergeScan(tables, retention, stopped).run(new MergeScan.Visitor() {
                @Override
                public void kept(byte[] key, Slice stored, Table table) {
                    writer.copy(key, stored, table);
                }

                @Override
                public void dropped(byte[] key, Slice stored) {}
            });
            if (writer.isEmpty()) {
                writer.discard();
                return Optional.empty();
            }
            return Optional.of(writer.finish());
        }
    }
}
