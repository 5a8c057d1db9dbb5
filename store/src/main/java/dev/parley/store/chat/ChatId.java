package dev.parley.store.chat;

import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import java.util.Comparator;

/**
 * Names a message and says where it stands in its room: by stamp, then node, then incarnation, the same on all nodes.
 *
 * @param stamp of the Lamport clock of its node
 */
public record ChatId(long stamp, Author author) implements Comparable<ChatId> {
    /** Before every message. */
    public static final ChatId LOWEST = new ChatId(0, new Author("", 0));

    private static final Comparator<ChatId> ORDER =
            Comparator.comparingLong(ChatId::stamp).thenComparing(ChatId::author);

    @Override
    public int compareTo(ChatId other) {
        return ORDER.compare(this, other);
    }

    void writeTo(BinaryWriter out) {
        out.i64(stamp).text(author.node()).i64(author.incarnation());
    }

    static ChatId read(BinaryReader in) {
        return new ChatId(in.i64(), new Author(in.text(), in.i64()));
    }

    /** {@code <stamp>-<node>}. */
    public String text() {
        return stamp + "-" + author.node();
    }
}
