package dev.parley.store.chat;

import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Malformed;

/** What a journal holds, one after the other, numbered from 1 on. */
public sealed interface ChatEntry {
    record Posted(ChatMessage message) implements ChatEntry {}

    /** The node's Lamport clock may be as high as this, though no message tells. */
    record Clock(long stamp) implements ChatEntry {}

    default Bytes encode(long index) {
        BinaryWriter out = new BinaryWriter(256).i64(index);
        switch (this) {
            case Posted(ChatMessage message) -> message.writeTo(out.u8(1));
            case Clock(long stamp) -> out.u8(2).i64(stamp);
        }
        return out.toBytes();
    }

    /** @throws Malformed when it is none */
    static ChatEntry read(BinaryReader in) {
        ChatEntry entry =
                switch (in.u8()) {
                    case 1 -> new Posted(ChatMessage.read(in));
                    case 2 -> new Clock(in.i64());
                    default -> throw new Malformed("no entry begins so");
                };
        in.expectEnd();
        return entry;
    }
}
