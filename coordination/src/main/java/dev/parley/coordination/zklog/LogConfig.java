package dev.parley.coordination.zklog;

/**
 * Settings of the log.
 *
 * @param segmentEntriesMax a segment is sealed at this many entries; concurrent writers may add a few more
 * @param entryBytesMax the largest entry the ensemble takes
 * @param readAheadEntriesMax how many entries are asked for at once
 */
public record LogConfig(int segmentEntriesMax, int entryBytesMax, int readAheadEntriesMax) {
    public LogConfig {
        // ZooKeeper shows twice the creates in a signed 32-bit counter.
        if (segmentEntriesMax < 1 || segmentEntriesMax > 100_000_000) {
            throw new IllegalArgumentException("segmentEntriesMax must be 1 to 100,000,000, was " + segmentEntriesMax);
        }
        if (entryBytesMax < 1_024) {
            throw new IllegalArgumentException("entryBytesMax must be at least 1024, was " + entryBytesMax);
        }
        if (readAheadEntriesMax < 1 || readAheadEntriesMax > 1_000) {
            throw new IllegalArgumentException("readAheadEntriesMax must be 1 to 1000, was " + readAheadEntriesMax);
        }
    }

    /** 100,000 entries a segment, so that listing one stays far below a packet; 32 read ahead. */
    public static LogConfig of(int entryBytesMax) {
        return new LogConfig(100_000, entryBytesMax, 32);
    }

    public LogConfig withSegmentEntriesMax(int segmentEntriesMax) {
        return new LogConfig(segmentEntriesMax, entryBytesMax, readAheadEntriesMax);
    }
}
