package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.VersionCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Makes one table of several neighbours, entry by entry, so that its memory does not grow with them. In the background.
 *
 * @param tables newest first; held until it has ended
 * @param stopped asked now and then; a merge that is to stop leaves its files to the next open
 */
record MergeRun(
        Disk disk, Catalog catalog, int spillBytes, List<Table> tables, Retention retention, BooleanSupplier stopped) {
    private static final int ENTRIES_BETWEEN_LOOKS = 1024;

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
            List<Source> sources = new ArrayList<>();
            for (Table table : tables) {
                sources.add(new Source(table));
            }
            for (long count = 1; !sources.isEmpty(); count++) {
                mergeNext(sources, writer);
                if (count % ENTRIES_BETWEEN_LOOKS == 0 && stopped.getAsBoolean()) {
                    throw new CancellationException("the store is closed");
                }
            }
            if (writer.isEmpty()) {
                writer.discard();
                return Optional.empty();
            }
            return Optional.of(writer.finish());
        }
    }

    /** Takes the lowest entry; the newest table's when several have it, as happens with cells. */
    private void mergeNext(List<Source> sources, TableWriter writer) {
        Source lowest = sources.getFirst();
        for (int i = 1; i < sources.size(); i++) {
            if (Arrays.compareUnsigned(sources.get(i).key(), lowest.key()) < 0) {
                lowest = sources.get(i);
            }
        }
        byte[] key = lowest.key();
        if (keeps(lowest)) {
            writer.copy(key, lowest.entry.getValue(), lowest.table);
        }
        for (Iterator<Source> each = sources.iterator(); each.hasNext(); ) {
            Source source = each.next();
            if (Arrays.equals(source.key(), key) && !source.step()) {
                each.remove();
            }
        }
    }

    private boolean keeps(Source source) {
        byte[] key = source.key();
        return switch (key[0]) {
            case EncodedKeys.VERSION -> retention.keepsVersion(key, source.isTombstone());
            case EncodedKeys.REVISION -> retention.keepsRecord(EncodedKeys.recordedRevision(key));
            default -> source.entry.getValue().kind() != Slice.REMOVED || retention.keepsRemovedCell();
        };
    }

    private static final class Source {
        private final Table table;
        private final Iterator<Map.Entry<byte[], Slice>> entries;
        private Map.Entry<byte[], Slice> entry;

        Source(Table table) {
            this.table = table;
            this.entries = table.all();
            this.entry = entries.next(); // no table is empty
        }

        byte[] key() {
            return entry.getKey();
        }

        /** Of a version. Tombstones are small, so they are never in a value file. */
        boolean isTombstone() {
            Slice stored = entry.getValue();
            return stored.kind() == Slice.INLINE && VersionCodec.isTombstone(Bytes.wrap(stored.inlineContent()));
        }

        /** @return false at the end */
        boolean step() {
            if (!entries.hasNext()) {
                return false;
            }
            entry = entries.next();
            return true;
        }
    }
}
