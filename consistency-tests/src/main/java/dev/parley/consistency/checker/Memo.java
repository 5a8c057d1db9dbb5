package dev.parley.consistency.checker;

import java.util.Arrays;

/**
 * A set of 128-bit fingerprints that never takes more memory than it was given. It grows up to the bound; from then on a new fingerprint takes the place of
 * an older one. What it forgot is searched again, so forgetting costs time and never changes an answer.
 */
final class Memo {
    private static final int WAYS = 4;
    private static final int BYTES_PER_ENTRY = 16;
    private static final int FIRST_ENTRIES = 1 << 10;

    private final int entriesMax;
    private long[] table;
    private int entries;
    private int victim;

    /** A memo of at most that many bytes, at least 16 KiB. While it grows the old table and the new one are both within the bound. */
    Memo(long bytesMax) {
        long fitting = Math.max(FIRST_ENTRIES, bytesMax / BYTES_PER_ENTRY * 2 / 3);
        this.entriesMax = (int) Math.min(1 << 28, Long.highestOneBit(fitting));
        this.table = new long[2 * Math.min(entriesMax, FIRST_ENTRIES)];
    }

    void clear() {
        if (capacity() > FIRST_ENTRIES) {
            table = new long[2 * FIRST_ENTRIES];
        } else {
            Arrays.fill(table, 0);
        }
        entries = 0;
    }

    /** Adds the fingerprint; false when it was there. */
    boolean add(long high, long low) {
        long first = high == 0 && low == 0 ? 1 : high;
        if (capacity() < entriesMax && entries > capacity() / 2) {
            grow();
        }
        return insert(first, low);
    }

    int capacity() {
        return table.length / 2;
    }

    private boolean insert(long high, long low) {
        int bucket = (int) (low & (capacity() - 1)) & -WAYS;
        for (int way = 0; way < WAYS; way++) {
            int at = 2 * (bucket + way);
            if (table[at] == high && table[at + 1] == low) {
                return false;
            }
            if (table[at] == 0 && table[at + 1] == 0) {
                put(at, high, low);
                entries++;
                return true;
            }
        }
        victim = (victim + 1) & (WAYS - 1);
        put(2 * (bucket + victim), high, low);
        return true;
    }

    private void put(int at, long high, long low) {
        table[at] = high;
        table[at + 1] = low;
    }

    private void grow() {
        long[] old = table;
        table = new long[old.length * 2];
        entries = 0;
        for (int at = 0; at < old.length; at += 2) {
            if (old[at] != 0 || old[at + 1] != 0) {
                insert(old[at], old[at + 1]);
            }
        }
    }
}
