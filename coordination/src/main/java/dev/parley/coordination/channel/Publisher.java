package dev.parley.coordination.channel;

import dev.parley.coordination.gossip.PeerIdentity;
import java.util.Comparator;
import java.util.Optional;

/**
 * Whose messages of one topic are numbered without gaps: one life of one node.
 *
 * @param incarnation of the process, a part of it
 */
public record Publisher(String node, long incarnation) implements Comparable<Publisher> {
    private static final Comparator<Publisher> ORDER =
            Comparator.comparing(Publisher::node).thenComparingLong(Publisher::incarnation);

    static Publisher of(PeerIdentity node) {
        return new Publisher(node.node(), node.incarnation().getMostSignificantBits());
    }

    @Override
    public int compareTo(Publisher other) {
        return ORDER.compare(this, other);
    }

    /** {@code <node>~<incarnation>}. */
    String text() {
        return node + "~" + Long.toHexString(incarnation);
    }

    static Optional<Publisher> parse(String text) {
        int tilde = text.lastIndexOf('~');
        if (tilde <= 0 || !text.substring(tilde + 1).matches("[0-9a-f]{1,16}")) {
            return Optional.empty();
        }
        return Optional.of(
                new Publisher(text.substring(0, tilde), Long.parseUnsignedLong(text.substring(tilde + 1), 16)));
    }
}
