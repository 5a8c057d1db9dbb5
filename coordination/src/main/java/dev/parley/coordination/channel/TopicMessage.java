package dev.parley.coordination.channel;

import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Malformed;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What nodes tell each other about channels. */
sealed interface TopicMessage {
    record Published(String topic, List<Topic.Sent> messages) implements TopicMessage {}

    /** How far the sender is in each topic. */
    record Newest(SortedMap<String, Position> positions) implements TopicMessage {}

    default Bytes encode() {
        BinaryWriter out = new BinaryWriter(256);
        switch (this) {
            case Published(String topic, List<Topic.Sent> messages) -> {
                out.u8(1).text(topic).i32(messages.size());
                for (Topic.Sent sent : messages) {
                    sent.message().writeTo(out);
                    out.i64(sent.floor());
                }
            }
            case Newest(var positions) -> {
                out.u8(2).i32(positions.size());
                positions.forEach((topic, position) -> {
                    out.text(topic).i32(position.seen().size());
                    position.seen().forEach((publisher, sequence) -> out.text(publisher.node())
                            .i64(publisher.incarnation())
                            .i64(sequence));
                });
            }
        }
        return out.toBytes();
    }

    /** @throws Malformed when it is none */
    static TopicMessage decode(Bytes content) {
        BinaryReader in = new BinaryReader(content);
        return switch (in.u8()) {
            case 1 -> {
                String topic = in.text();
                yield new Published(
                        topic, in.list(content.size(), () -> new Topic.Sent(ChannelMessage.read(in), in.i64())));
            }
            case 2 -> {
                SortedMap<String, Position> positions = new TreeMap<>();
                int topics = in.count(Channels.TOPICS_MAX);
                for (int i = 0; i < topics; i++) {
                    positions.put(in.text(), position(in, content.size()));
                }
                yield new Newest(positions);
            }
            default -> throw new Malformed("no message about channels begins so");
        };
    }

    private static Position position(BinaryReader in, int countMax) {
        SortedMap<Publisher, Long> seen = new TreeMap<>();
        int count = in.count(countMax);
        for (int i = 0; i < count; i++) {
            seen.put(new Publisher(in.text(), in.i64()), in.i64());
        }
        return new Position(seen);
    }
}
