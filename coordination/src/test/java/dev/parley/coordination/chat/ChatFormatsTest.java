package dev.parley.coordination.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.store.chat.Author;
import dev.parley.store.chat.ChatId;
import dev.parley.store.chat.ChatMessage;
import dev.parley.store.chat.Coverage;
import dev.parley.store.chat.RoomState;
import dev.parley.store.kv.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChatFormatsTest {
    private final ChatMessage message = new ChatMessage("r", new ChatId(5, new Author("n-1", -7)), 2, "ä", "ü\n", 9);

    private Coverage coverage() {
        Coverage coverage = new Coverage();
        coverage.add(message);
        for (long sequence = 1; sequence <= 100; sequence++) {
            coverage.add(new ChatMessage("r", new ChatId(sequence, new Author("n2", 3)), sequence, "u", "t", 0));
        }
        return coverage;
    }

    @Test
    void messagesBetweenNodesComeOutAsTheyWentIn() {
        for (ChatGossip gossip : List.of(
                new ChatGossip.Live(List.of(message)),
                new ChatGossip.Acknowledged(List.of(new ChatGossip.Kept("r", 7))),
                new ChatGossip.Digest(5, 4, Bytes.utf8("hash")),
                new ChatGossip.Have(
                        9, new TreeMap<>(Map.of("r", new RoomState.Held(message.id(), coverage(), new Coverage())))),
                new ChatGossip.Missing(List.of(message, message), true))) {
            assertEquals(gossip, ChatGossip.decode(gossip.encode()));
        }
    }

    @Test
    void aPositionIsReadBackFromItsText() {
        ChatPosition.Seen seen = new ChatPosition.Seen(coverage());
        assertEquals(Optional.of(seen), ChatPosition.parse(seen.text()));
        assertEquals(
                Optional.of(new ChatPosition.Behind(new ChatId(5, new Author("n-1", Long.MAX_VALUE)))),
                ChatPosition.parse(message.id().text()));
        for (String broken : List.of("", "p", "p!", "pAAAA", "5", "5-", "-n1", "x-n1", "9999999999999999999-n1")) {
            assertEquals(Optional.empty(), ChatPosition.parse(broken), broken);
        }
    }
}
