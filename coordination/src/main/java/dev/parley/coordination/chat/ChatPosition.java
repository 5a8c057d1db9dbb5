package dev.parley.coordination.chat;

import dev.parley.store.chat.Author;
import dev.parley.store.chat.ChatId;
import dev.parley.store.chat.Coverage;
import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Malformed;
import java.util.Base64;
import java.util.Optional;

/** Where somebody goes on reading a room. */
public sealed interface ChatPosition {
    /** A stamp and a node's name are not longer. */
    int ID_CHARS_MAX = 200;

    /** Behind everything it covers; also shows what is merged in later with an older stamp. Opaque to clients. */
    record Seen(Coverage coverage) implements ChatPosition {
        /** Means the same on every node. */
        public String text() {
            BinaryWriter out = new BinaryWriter(256);
            coverage.writeTo(out);
            return "p"
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(out.toBytes().toArray());
        }
    }

    /** Behind one message, in the order of the room. */
    record Behind(ChatId id) implements ChatPosition {}

    /** Of {@link Seen#text()}, or a message's id; empty when it is neither. */
    static Optional<ChatPosition> parse(String text) {
        if (text.startsWith("p")) {
            try {
                byte[] content = Base64.getUrlDecoder().decode(text.substring(1));
                return Optional.of(new Seen(Coverage.read(new BinaryReader(Bytes.wrap(content)))));
            } catch (IllegalArgumentException | Malformed broken) {
                return Optional.empty();
            }
        }
        return id(text, Long.MAX_VALUE).map(Behind::new);
    }

    /** What stands before {@code <stamp>-<node>}, of whichever incarnation; empty when that is no id. */
    static Optional<Chat.Reading> before(String text) {
        return id(text, Long.MIN_VALUE).map(Chat.Reading.Before::new);
    }

    private static Optional<ChatId> id(String text, long incarnation) {
        int dash = text.indexOf('-');
        if (dash <= 0
                || dash > 18
                || !text.substring(0, dash).matches("[0-9]+")
                || dash + 1 == text.length()
                || text.length() > ID_CHARS_MAX) {
            return Optional.empty();
        }
        return Optional.of(
                new ChatId(Long.parseLong(text.substring(0, dash)), new Author(text.substring(dash + 1), incarnation)));
    }
}
