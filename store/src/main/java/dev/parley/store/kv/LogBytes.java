package dev.parley.store.kv;

import java.util.ArrayList;
import java.util.List;

/** Keeps count of what the live log weighs: by blocks, because a count per entry would weigh too much itself. */
final class LogBytes {
    private static final int BLOCK_SHIFT = 8;

    private LogBytes() {}

    static void add(StateMap map, long index, int entryBytes) {
        Bytes block = Cells.logBlock(index >> BLOCK_SHIFT);
        Cells.putNumber(map, block, Cells.number(map, block, 0) + entryBytes);
        Cells.putNumber(map, Cells.LOG_BYTES, Agreed.logBytes(map) + entryBytes);
    }

    /** Forgets the blocks that end at or below {@code trimmed}. */
    static void trim(StateMap map, long trimmed) {
        long blocksEnd = (trimmed + 1) >> BLOCK_SHIFT;
        List<Bytes> gone = new ArrayList<>();
        map.cells(Cells.LOG_BLOCKS, (name, content) -> {
            boolean trimmedWhole = Cells.numberOf(Cells.LOG_BLOCKS, name) < blocksEnd;
            if (trimmedWhole) {
                gone.add(name);
            }
            return trimmedWhole;
        });
        long freed = 0;
        for (Bytes name : gone) {
            freed += Cells.number(map, name, 0);
            map.removeCell(name);
        }
        Cells.putNumber(map, Cells.LOG_BYTES, Agreed.logBytes(map) - freed);
    }
}
