package dev.parley.store.chat;

import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which messages of a room somebody has, or gave up: of each author the numbers. Two that are equal describe equal
 * histories; what one lacks is the difference, exactly. Not thread-safe.
 */
public final class Coverage {
    private static final int AUTHORS_MAX = 100_000;

    private final SortedMap<Author, Ranges> numbers = new TreeMap<>();

    public Coverage() {}

    public Coverage(Coverage other) {
        addAll(other);
    }

    public boolean contains(Author author, long sequence) {
        Ranges ranges = numbers.get(author);
        return ranges != null && ranges.contains(sequence);
    }

    public boolean contains(ChatMessage message) {
        return contains(message.author(), message.sequence());
    }

    /** @return whether it was new */
    public boolean add(ChatMessage message) {
        return of(message.author()).add(message.sequence());
    }

    public void addAll(Coverage other) {
        other.numbers.forEach((author, ranges) -> of(author).addAll(ranges));
    }

    public boolean containsAll(Coverage other) {
        return other.numbers.entrySet().stream().allMatch(theirs -> {
            Ranges mine = numbers.get(theirs.getKey());
            return mine != null && mine.containsAll(theirs.getValue());
        });
    }

    /** How many messages are covered here and by neither of the others. */
    public long countBeyond(Coverage one, Coverage other) {
        Ranges none = new Ranges();
        return numbers.entrySet().stream()
                .mapToLong(mine -> mine.getValue()
                        .countBeyond(
                                one.numbers.getOrDefault(mine.getKey(), none),
                                other.numbers.getOrDefault(mine.getKey(), none)))
                .sum();
    }

    private Ranges of(Author author) {
        return numbers.computeIfAbsent(author, none -> new Ranges());
    }

    /** Of each author the numbers. */
    public SortedMap<Author, Ranges> numbers() {
        return Collections.unmodifiableSortedMap(numbers);
    }

    public void writeTo(BinaryWriter out) {
        out.i32(numbers.size());
        numbers.forEach((author, ranges) -> {
            out.text(author.node()).i64(author.incarnation()).i32(ranges.count());
            ranges.forEach((first, last) -> out.i64(first).i64(last));
        });
    }

    /** @throws dev.parley.store.kv.Malformed when it is none */
    public static Coverage read(BinaryReader in) {
        Coverage coverage = new Coverage();
        int authors = in.count(AUTHORS_MAX);
        for (int i = 0; i < authors; i++) {
            Ranges ranges = coverage.of(new Author(in.text(), in.i64()));
            int count = in.count(Integer.MAX_VALUE);
            for (int j = 0; j < count; j++) {
                ranges.add(in.i64(), in.i64());
            }
        }
        return coverage;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Coverage coverage && numbers.equals(coverage.numbers);
    }

    @Override
    public int hashCode() {
        return numbers.hashCode();
    }

    @Override
    public String toString() {
        return numbers.toString();
    }
}
