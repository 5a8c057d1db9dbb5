package dev.parley.store.chat;

import java.util.Comparator;

/**
 * Who numbers messages without gaps, room by room: one life of one node.
 *
 * @param incarnation of the process, random
 */
public record Author(String node, long incarnation) implements Comparable<Author> {
    private static final Comparator<Author> ORDER =
            Comparator.comparing(Author::node).thenComparingLong(Author::incarnation);

    @Override
    public int compareTo(Author other) {
        return ORDER.compare(this, other);
    }
}
