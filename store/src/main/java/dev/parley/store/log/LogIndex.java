package dev.parley.store.log;

/** Position in the log. The first entry is 1; 0 means "before the log". Never negative. */
public record LogIndex(long value) implements Comparable<LogIndex> {
    public static final LogIndex BEFORE_FIRST = new LogIndex(0);

    public LogIndex {
        if (value < 0) {
            throw new IllegalArgumentException("a log index must not be negative: " + value);
        }
    }

    public LogIndex next() {
        return new LogIndex(Math.addExact(value, 1));
    }

    public boolean isAtLeast(LogIndex other) {
        return value >= other.value;
    }

    @Override
    public int compareTo(LogIndex other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
