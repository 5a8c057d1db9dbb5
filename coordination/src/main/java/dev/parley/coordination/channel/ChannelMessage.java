package dev.parley.coordination.channel;

import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;

/**
 * One message of a topic.
 *
 * @param sequence of its publisher in the topic, from 1 on
 * @param atMillis wall clock of its publisher, for people
 * @param data JSON
 */
public record ChannelMessage(Publisher publisher, long sequence, long atMillis, Bytes data) {
    /** What is kept beside the data, roughly. */
    private static final int OVERHEAD_BYTES = 100;

    /** Opaque to clients; a position, too. */
    public String id() {
        return Position.of(publisher, sequence).text();
    }

    int bytes() {
        return OVERHEAD_BYTES + data.size();
    }

    void writeTo(BinaryWriter out) {
        out.text(publisher.node())
                .i64(publisher.incarnation())
                .i64(sequence)
                .i64(atMillis)
                .longBytes(data);
    }

    static ChannelMessage read(BinaryReader in) {
        return new ChannelMessage(
                new Publisher(in.text(), in.i64()), in.i64(), in.i64(), in.longBytes(Channels.DATA_BYTES_MAX));
    }
}
