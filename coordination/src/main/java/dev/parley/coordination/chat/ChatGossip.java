package dev.parley.coordination.chat;

import dev.parley.store.chat.ChatMessage;
import dev.parley.store.chat.RoomState;
import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Malformed;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What nodes tell each other about chat. */
sealed interface ChatGossip {
    int ROOMS_MAX = 100_000;

    /** A message of the receiver that is on the sender's disk. */
    record Kept(String room, long sequence) {}

    /** New messages of the sender, to be kept and acknowledged. */
    record Live(List<ChatMessage> messages) implements ChatGossip {}

    record Acknowledged(List<Kept> kept) implements ChatGossip {}

    /**
     * A hash over all rooms: while it is equal there is nothing to compare.
     *
     * @param clock the sender writes nothing with this stamp or a lower one any more
     * @param complete up to which stamp the sender has everything
     */
    record Digest(long clock, long complete, Bytes hash) implements ChatGossip {}

    /** What the sender has; please send what it lacks. @param clock as in {@link Digest} */
    record Have(long clock, SortedMap<String, RoomState.Held> rooms) implements ChatGossip {}

    /** What the receiver lacks. @param more whether that is not all */
    record Missing(List<ChatMessage> messages, boolean more) implements ChatGossip {}

    default Bytes encode() {
        BinaryWriter out = new BinaryWriter(512);
        switch (this) {
            case Live(List<ChatMessage> messages) -> {
                out.u8(1).i32(messages.size());
                messages.forEach(message -> message.writeTo(out));
            }
            case Acknowledged(List<Kept> kept) -> {
                out.u8(2).i32(kept.size());
                kept.forEach(one -> out.text(one.room()).i64(one.sequence()));
            }
            case Digest(long clock, long complete, Bytes hash) ->
                out.u8(3).i64(clock).i64(complete).raw(hash.unsafeArray());
            case Have(long clock, var rooms) -> {
                out.u8(4).i64(clock).i32(rooms.size());
                rooms.forEach((room, held) -> held.writeTo(out.text(room)));
            }
            case Missing(List<ChatMessage> messages, boolean more) -> {
                out.u8(5).flag(more).i32(messages.size());
                messages.forEach(message -> message.writeTo(out));
            }
        }
        return out.toBytes();
    }

    /** @throws Malformed when it is none */
    static ChatGossip decode(Bytes content) {
        BinaryReader in = new BinaryReader(content);
        return switch (in.u8()) {
            case 1 -> new Live(in.list(content.size(), () -> ChatMessage.read(in)));
            case 2 -> new Acknowledged(in.list(content.size(), () -> new Kept(in.text(), in.i64())));
            case 3 -> new Digest(in.i64(), in.i64(), in.rest());
            case 4 -> {
                long clock = in.i64();
                SortedMap<String, RoomState.Held> rooms = new TreeMap<>();
                int count = in.count(ROOMS_MAX);
                for (int i = 0; i < count; i++) {
                    rooms.put(in.text(), RoomState.Held.read(in));
                }
                yield new Have(clock, rooms);
            }
            case 5 -> {
                boolean more = in.flag();
                yield new Missing(in.list(content.size(), () -> ChatMessage.read(in)), more);
            }
            default -> throw new Malformed("no message about chat begins so");
        };
    }
}
