package dev.parley.store.chat;

import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Malformed;

/**
 * One message of a room. Never changes.
 *
 * @param sequence of its author in this room, from 1 on, without gaps
 * @param atMillis wall clock of its node, for people
 */
public record ChatMessage(String room, ChatId id, long sequence, String user, String text, long atMillis) {
    public static final int ROOM_CHARS_MAX = 128;
    public static final int USER_CHARS_MAX = 64;

    /** Of UTF-8. */
    public static final int TEXT_BYTES_MAX = 8 << 10;

    /** What is kept beside the text, roughly. */
    private static final int OVERHEAD_BYTES = 200;

    public Author author() {
        return id.author();
    }

    /** Whether it can be kept: a peer may send anything. */
    public boolean isSound() {
        return MessageKeys.isKey(this);
    }

    /** What it costs to keep it in memory, roughly. */
    public int bytes() {
        return OVERHEAD_BYTES + 2 * (text.length() + user.length());
    }

    public void writeTo(BinaryWriter out) {
        id.writeTo(out.text(room));
        out.i64(sequence).text(user).text(text).i64(atMillis);
    }

    public Bytes encode() {
        BinaryWriter out = new BinaryWriter(64 + 3 * text.length());
        writeTo(out);
        return out.toBytes();
    }

    /** @throws Malformed when it is none */
    public static ChatMessage read(BinaryReader in) {
        ChatMessage message = new ChatMessage(in.text(), ChatId.read(in), in.i64(), in.text(), in.text(), in.i64());
        if (message.id.stamp() <= 0 || message.sequence <= 0) {
            throw new Malformed("a message is numbered from 1 on");
        }
        return message;
    }
}
