package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.VersionCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Goes through neighbouring tables entry by entry, in order, and says of each whether a merge of them keeps it. */
final class MergeScan {
    private static final int ENTRIES_BETWEEN_LOOKS = 1024;

    /** Told of each entry. What is stored is valid until the return. */
    interface Visitor {
        void kept(byte[] key, Slice stored, Table table);

        void dropped(byte[] key, Slice stored);
    }

    private final List<Source> sources = new ArrayList<>();
    private final Retention retention;
    private final BooleanSupplier stopped;

    /**
     * @param tables newest first; held until the end
     * @param retention not asked before
     * @param stopped asked now and then
     */
    MergeScan(List<Table> tables, Retention retention, BooleanSupplier stopped) {
        for (Table table : tables) {
            sources.add(new Source(table));
        }
        this.retention = retention;
        this.stopped = stopped;
    }

    /** @throws CancellationException when it was stopped */
    void run(Visitor visitor) {
        for (long count = 1; !sources.isEmpty(); count++) {
            visitNext(visitor);
            if (count % ENTRIES_BETWEEN_LOOKS == 0 && stopped.getAsBoolean()) {
                throw new CancellationException("the store is closed");
            }
        }
    }

    /** Takes the lowest entry; the newest table's when several have it, as happens with cells. */
    private void visitNext(Visitor visitor) {
        Source lowest = sources.getFirst();
        for (int i = 1; i < sources.size(); i++) {
            if (Arrays.compareUnsigned(sources.get(i).key(), lowest.key()) < 0) {
                lowest = sources.get(i);
            }
        }
        byte[] key = lowest.key();
        if (keeps(lowest)) {
            visitor.kept(key, lowest.entry.getValue(), lowest.table);
        } else {
            visitor.dropped(key, lowest.entry.getValue());
        }
        for (Iterator<Source> each = sources.iterator(); each.hasNext(); ) {
            Source source = each.next();
            if (Arrays.equals(source.key(), key)) {
                if (source != lowest) {
                    visitor.dropped(key, source.entry.getValue());
                }
                if (!source.step()) {
                    each.remove();
                }
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
