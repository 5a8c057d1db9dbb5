package dev.parley.store.table;

import dev.parley.store.kv.MapView;
import dev.parley.store.table.Layer.CellEntry;
import dev.parley.store.table.Layer.CellState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Walks the cells of all layers at once, in order of their names; the newest layer that knows one says what it is. */
final class CellScan {
    private final List<Cursor> cursors = new ArrayList<>();

    /** @param from encoded, inclusive; {@code to} is exclusive */
    CellScan(List<Layer> layers, byte[] from, byte[] to) {
        for (Layer layer : layers) {
            Iterator<CellEntry> entries = layer.cells(from, to);
            if (entries.hasNext()) {
                cursors.add(new Cursor(entries));
            }
        }
    }

    void run(MapView.CellVisitor visitor) {
        while (!cursors.isEmpty()) {
            CellEntry next = cursors.getFirst().entry;
            for (Cursor cursor : cursors) {
                if (Arrays.compareUnsigned(cursor.entry.key(), next.key()) < 0) {
                    next = cursor.entry;
                }
            }
            byte[] key = next.key();
            cursors.removeIf(cursor -> Arrays.equals(cursor.entry.key(), key) && !cursor.step());
            if (next.state() instanceof CellState.Present present
                    && !visitor.visit(EncodedKeys.cellName(key), present.content())) {
                return;
            }
        }
    }

    private static final class Cursor {
        private final Iterator<CellEntry> entries;
        private CellEntry entry;

        Cursor(Iterator<CellEntry> entries) {
            this.entries = entries;
            this.entry = entries.next();
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
