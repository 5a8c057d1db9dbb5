package dev.parley.coordination.zklog;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Which segments are known and where they begin. A segment's base never changes, so knowledge only grows. Pure. */
final class SegmentTable {
    /** By number. */
    private final NavigableMap<Long, Long> bases = new TreeMap<>();

    /**
     * Where an index lies.
     *
     * @param end index behind the segment's last entry; empty while it is the newest one known
     */
    record Place(long segment, long base, OptionalLong end) {
        long sequence(long index) {
            return index - base;
        }
    }

    void learn(long segment, long base) {
        bases.put(segment, base);
    }

    void forgetBefore(long segment) {
        bases.headMap(segment, false).clear();
    }

    OptionalLong baseOf(long segment) {
        Long base = bases.get(segment);
        return base == null ? OptionalLong.empty() : OptionalLong.of(base);
    }

    /** Empty when the table does not know: the index may lie before, between or behind what it does. */
    Optional<Place> locate(long index) {
        // The latest segment that begins at or below the index; an empty one shares its base with its successor.
        Map.Entry<Long, Long> candidate = bases.lastEntry();
        while (candidate != null && candidate.getValue() > index) {
            candidate = bases.lowerEntry(candidate.getKey());
        }
        if (candidate == null) {
            return Optional.empty();
        }
        Map.Entry<Long, Long> after = bases.higherEntry(candidate.getKey());
        if (after == null) {
            return Optional.of(new Place(candidate.getKey(), candidate.getValue(), OptionalLong.empty()));
        }
        if (after.getKey() != candidate.getKey() + 1) {
            return Optional.empty();
        }
        return Optional.of(new Place(candidate.getKey(), candidate.getValue(), OptionalLong.of(after.getValue())));
    }
}
