package dev.parley.store.chat;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import java.util.Optional;

/**
 * Messages as keys, so that those of a room are neighbours and in their order: room, stamp, node and incarnation with spaces in
 * between, numbers in hexadecimal. A space is less than all that may stand in a name.
 */
final class MessageKeys {
    private MessageKeys() {}

    static Key of(ChatMessage message) {
        return Key.of(text(message.room(), message.id()));
    }

    private static String text(String room, ChatId id) {
        return room + " " + hex(id.stamp()) + " " + id.author().node() + " "
                + hex(id.author().incarnation() ^ Long.MIN_VALUE);
    }

    private static String hex(long number) {
        String digits = Long.toHexString(number);
        return "0".repeat(16 - digits.length()) + digits;
    }

    /** Whether a message can be kept at all: whatever else a peer may send. */
    static boolean isKey(ChatMessage message) {
        return Key.ruleBrokenBy(Bytes.utf8(text(message.room(), message.id()))).isEmpty()
                && message.room().indexOf(' ') < 0
                && message.author().node().indexOf(' ') < 0;
    }

    static KeyRange behind(String room, ChatId id) {
        return new KeyRange(Bytes.utf8(text(room, id) + "\0"), Optional.of(Bytes.utf8(room + "!")));
    }

    static KeyRange before(String room, ChatId id) {
        return new KeyRange(Bytes.utf8(room + " "), Optional.of(Bytes.utf8(text(room, id))));
    }
}
