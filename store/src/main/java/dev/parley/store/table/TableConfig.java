package dev.parley.store.table;

import java.time.Duration;

/**
 * Settings of a {@link TableStore}. Local to a node: nodes with different ones hold the same state.
 *
 * @param flushBytes a memtable of about this many bytes on the heap is flushed
 * @param flushInterval the longest an entry of the log waits for its flush to begin
 * @param flushLogEntries so many entries of the log since the last flush begin one
 * @param memtableBytesMax when the active memtable is this large and the one before it still being flushed, apply
 *     waits; the heap thus holds about twice this at most, beside one entry of the log
 * @param spillBytes contents above this lie in value files, at most 4096
 * @param mergeWidth so many tables of a similar size are merged
 * @param tablesMax with more tables than this, those that are cheapest to merge are merged whatever their size
 * @param reserveBytes while less than this is free on the disk, commands that take room are refused
 */
public record TableConfig(
        long flushBytes,
        Duration flushInterval,
        long flushLogEntries,
        long memtableBytesMax,
        int spillBytes,
        int mergeWidth,
        int tablesMax,
        long reserveBytes) {
    public static final TableConfig DEFAULT =
            new TableConfig(16 << 20, Duration.ofSeconds(5), 10_000, 64 << 20, 2048, 4, 24, 256 << 20);

    /** Eight entries with the longest keys and this must fit a page. */
    private static final int SPILL_BYTES_MAX = 4096;

    public TableConfig {
        require(flushBytes > 0, "flushBytes must be positive, was " + flushBytes);
        require(flushInterval.isPositive(), "flushInterval must be positive, was " + flushInterval);
        require(flushLogEntries > 0, "flushLogEntries must be positive, was " + flushLogEntries);
        require(memtableBytesMax >= flushBytes, "memtableBytesMax must be at least flushBytes " + flushBytes);
        require(
                spillBytes >= 64 && spillBytes <= SPILL_BYTES_MAX,
                "spillBytes must be 64 to " + SPILL_BYTES_MAX + ", was " + spillBytes);
        require(mergeWidth >= 2, "mergeWidth must be at least 2, was " + mergeWidth);
        require(reserveBytes >= 0, "reserveBytes must not be negative, was " + reserveBytes);
        require(tablesMax >= mergeWidth, "tablesMax must be at least mergeWidth " + mergeWidth);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    public TableConfig withFlushBytes(long bytes) {
        return new TableConfig(
                bytes,
                flushInterval,
                flushLogEntries,
                Math.max(memtableBytesMax, bytes),
                spillBytes,
                mergeWidth,
                tablesMax,
                reserveBytes);
    }

    public TableConfig withFlushInterval(Duration interval) {
        return new TableConfig(
                flushBytes,
                interval,
                flushLogEntries,
                memtableBytesMax,
                spillBytes,
                mergeWidth,
                tablesMax,
                reserveBytes);
    }

    public TableConfig withMemtableBytesMax(long bytes) {
        return new TableConfig(
                flushBytes, flushInterval, flushLogEntries, bytes, spillBytes, mergeWidth, tablesMax, reserveBytes);
    }

    public TableConfig withFlushLogEntries(long entries) {
        return new TableConfig(
                flushBytes, flushInterval, entries, memtableBytesMax, spillBytes, mergeWidth, tablesMax, reserveBytes);
    }

    public TableConfig withMerging(int width, int countMax) {
        return new TableConfig(
                flushBytes,
                flushInterval,
                flushLogEntries,
                memtableBytesMax,
                spillBytes,
                width,
                countMax,
                reserveBytes);
    }

    public TableConfig withReserve(long bytes) {
        return new TableConfig(
                flushBytes, flushInterval, flushLogEntries, memtableBytesMax, spillBytes, mergeWidth, tablesMax, bytes);
    }
}
