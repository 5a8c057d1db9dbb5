package dev.parley.store.table;

import dev.parley.store.replica.StoreFailure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps the files of tables that a checkpoint names after a merge has replaced them. Any thread. */
final class Pins {
    private final Disk disk;
    private final Map<TableInfo, Integer> holders = new HashMap<>();
    private final Set<TableInfo> unwanted = new HashSet<>();

    Pins(Disk disk) {
        this.disk = disk;
    }

    synchronized void pin(List<TableInfo> tables) {
        tables.forEach(table -> holders.merge(table, 1, Integer::sum));
    }

    synchronized void unpin(List<TableInfo> tables) {
        for (TableInfo table : tables) {
            boolean free = holders.computeIfPresent(table, (info, count) -> count == 1 ? null : count - 1) == null;
            if (free && unwanted.remove(table)) {
                delete(table);
            }
        }
    }

    /** No manifest names it and nobody reads it any more: its files go, at once or with the last pin. */
    synchronized void discard(TableInfo table) {
        if (holders.containsKey(table)) {
            unwanted.add(table);
        } else {
            delete(table);
        }
    }

    private void delete(TableInfo table) {
        try {
            disk.delete(table.file());
            if (table.hasValues()) {
                disk.delete(table.valuesFile());
            }
        } catch (StoreFailure left) {
            // They only cost space, and the next open deletes them: the reader who let go last is not to suffer.
        }
    }
}
