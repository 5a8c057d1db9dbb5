package dev.parley.store.kv;

import java.util.Optional;

/**
 * A contiguous part of a keyspace, in unsigned byte order: from {@code start} (inclusive; empty bytes: from the
 * first key) to before {@code end} (absent: to the last key).
 */
public record KeyRange(Bytes start, Optional<Bytes> end) {
    public static final KeyRange ALL = new KeyRange(Bytes.EMPTY, Optional.empty());

    public KeyRange {
        Bounds.size("start", start, Limits.RANGE_BOUND_BYTES_MAX);
        end.ifPresent(bound -> Bounds.size("end", bound, Limits.RANGE_BOUND_BYTES_MAX));
    }

    public static KeyRange single(Key key) {
        byte[] next =
                java.util.Arrays.copyOf(key.bytes().unsafeArray(), key.bytes().size() + 1);
        return new KeyRange(key.bytes(), Optional.of(Bytes.wrap(next)));
    }

    /** Every key that starts with {@code prefix}. */
    public static KeyRange prefix(Bytes prefix) {
        byte[] bound = prefix.toArray();
        for (int last = bound.length - 1; last >= 0; last--) {
            if (bound[last] != (byte) 0xFF) {
                bound[last]++;
                return new KeyRange(prefix, Optional.of(Bytes.wrap(java.util.Arrays.copyOf(bound, last + 1))));
            }
        }
        return new KeyRange(prefix, Optional.empty());
    }

    public boolean contains(Key key) {
        return key.bytes().compareTo(start) >= 0
                && end.map(bound -> key.bytes().compareTo(bound) < 0).orElse(true);
    }

    /** Whether there can be a key in both. */
    public boolean overlaps(KeyRange other) {
        return startsBeforeEndOf(other) && other.startsBeforeEndOf(this) && !isEmpty() && !other.isEmpty();
    }

    private boolean startsBeforeEndOf(KeyRange other) {
        return other.end.map(bound -> start.compareTo(bound) < 0).orElse(true);
    }

    public boolean isEmpty() {
        return end.map(bound -> start.compareTo(bound) >= 0).orElse(false);
    }
}
