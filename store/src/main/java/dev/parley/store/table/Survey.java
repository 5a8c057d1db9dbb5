package dev.parley.store.table;

import java.util.List;
import java.util.function.BooleanSupplier;

/** How much a merge would keep of tables, and how much it would get rid of, in bytes of keys and contents. */
record Survey(long keptBytes, long droppedBytes) {
    /** Goes through all of it, as the merge would. */
    static Survey of(List<Table> tables, Retention retention, BooleanSupplier stopped) {
        Count count = new Count();
        new MergeScan(tables, retention, stopped).run(count);
        return new Survey(count.kept, count.dropped);
    }

    /** When a third of it goes. What stays otherwise makes the files half as large again as they need be. */
    boolean isWorthAMerge() {
        return droppedBytes > 0 && 2 * droppedBytes >= keptBytes;
    }

    private static final class Count implements MergeScan.Visitor {
        private long kept;
        private long dropped;

        @Override
        public void kept(byte[] key, Slice stored, Table table) {
            kept += bytes(key, stored);
        }

        @Override
        public void dropped(byte[] key, Slice stored) {
            dropped += bytes(key, stored);
        }

        private static long bytes(byte[] key, Slice stored) {
            return key.length + stored.length() + (stored.kind() == Slice.SPILLED ? stored.spilledLength() : 0);
        }
    }
}
