package dev.parley.store.chat;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A set of numbers from 1 on, kept as ranges: who has everything needs one. Not thread-safe. */
public final class Ranges {
    private final NavigableMap<Long, Long> lastByFirst = new TreeMap<>();

    public Ranges() {}

    public Ranges(Ranges other) {
        lastByFirst.putAll(other.lastByFirst);
    }

    public boolean contains(long number) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(number);
        return range != null && range.getValue() >= number;
    }

    /** @return whether it was new */
    public boolean add(long number) {
        if (contains(number)) {
            return false;
        }
        add(number, number);
        return true;
    }

    /** Adds the numbers from {@code first} to {@code last}, both included. */
    public void add(long first, long last) {
        if (first > last) {
            return;
        }
        long from = first;
        long to = last;
        Map.Entry<Long, Long> before = lastByFirst.floorEntry(first);
        if (before != null && before.getValue() >= first - 1) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        for (Map.Entry<Long, Long> next = lastByFirst.ceilingEntry(from);
                next != null && next.getKey() <= to + 1;
                next = lastByFirst.ceilingEntry(from)) {
            to = Math.max(to, next.getValue());
            lastByFirst.remove(next.getKey());
        }
        lastByFirst.put(from, to);
    }

    public void addAll(Ranges other) {
        other.lastByFirst.forEach(this::add);
    }

    public boolean containsAll(Ranges other) {
        return other.lastByFirst.entrySet().stream().allMatch(range -> {
            Map.Entry<Long, Long> mine = lastByFirst.floorEntry(range.getKey());
            return mine != null && mine.getValue() >= range.getValue();
        });
    }

    /** How many numbers are in here and in neither of the others. */
    public long countBeyond(Ranges one, Ranges other) {
        Ranges known = new Ranges(one);
        known.addAll(other);
        long count = 0;
        for (Map.Entry<Long, Long> range : lastByFirst.entrySet()) {
            count += range.getValue() - range.getKey() + 1 - known.countWithin(range.getKey(), range.getValue());
        }
        return count;
    }

    private long countWithin(long first, long last) {
        long count = 0;
        Map.Entry<Long, Long> before = lastByFirst.floorEntry(first);
        long from = before == null ? first : before.getKey();
        for (Map.Entry<Long, Long> range :
                lastByFirst.subMap(from, true, last, true).entrySet()) {
            count += Math.max(0, Math.min(last, range.getValue()) - Math.max(first, range.getKey()) + 1);
        }
        return count;
    }

    /** The last number of which all before it are here, too; 0 when 1 is missing. */
    public long contiguous() {
        Map.Entry<Long, Long> first = lastByFirst.firstEntry();
        return first != null && first.getKey() == 1 ? first.getValue() : 0;
    }

    /** The greatest number; 0 when there is none. */
    public long greatest() {
        return lastByFirst.isEmpty() ? 0 : lastByFirst.lastEntry().getValue();
    }

    public int count() {
        return lastByFirst.size();
    }

    /** Each range, first and last number, in ascending order. */
    public void forEach(BiConsumer<Long, Long> range) {
        lastByFirst.forEach(range);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ranges ranges && lastByFirst.equals(ranges.lastByFirst);
    }

    @Override
    public int hashCode() {
        return lastByFirst.hashCode();
    }

    @Override
    public String toString() {
        return lastByFirst.toString();
    }
}
