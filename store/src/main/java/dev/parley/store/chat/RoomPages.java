package dev.parley.store.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the history of a room as it was at one moment. Pure, but for where the messages lie. Not thread-safe. */
public final class RoomPages {
    /** Behind every message. */
    private static final ChatId HIGHEST = new ChatId(Long.MAX_VALUE, new Author("\uFFFF", Long.MAX_VALUE));

    private final Messages messages;
    private final RoomState.Held held;

    RoomPages(Messages messages, RoomState.Held held) {
        this.messages = messages;
        this.held = held;
    }

    /** What was there at that moment. */
    public Coverage coverage() {
        return new Coverage(held.coverage());
    }

    /** The newest, oldest first. */
    public List<ChatMessage> last(int limit) {
        return before(HIGHEST, limit);
    }

    /** The newest of those before a stamp, oldest first. */
    public List<ChatMessage> before(ChatId id, int limit) {
        List<ChatMessage> found = new ArrayList<>();
        messages.descending(id, message -> found.size() < limit && found.add(message));
        Collections.reverse(found);
        return found;
    }

    /** The oldest of those behind a stamp, oldest first. */
    public List<ChatMessage> after(ChatId id, int limit) {
        List<ChatMessage> found = new ArrayList<>();
        messages.ascending(id, message -> found.size() < limit && found.add(message));
        return found;
    }

    /** Messages that somebody with this coverage lacks, oldest first. */
    public List<ChatMessage> missing(Coverage theirs, int limit) {
        long lacking = held.coverage().countBeyond(theirs, held.forgotten());
        List<ChatMessage> found = new ArrayList<>();
        if (lacking == 0) {
            return found;
        }
        if (lacking > limit) {
            messages.ascending(
                    held.floor(), message -> found.size() < limit && (theirs.contains(message) || found.add(message)));
            return found;
        }
        // Mostly they are the newest ones: who looks from that end need not look at all.
        messages.descending(
                HIGHEST, message -> found.size() < lacking && (theirs.contains(message) || found.add(message)));
        Collections.reverse(found);
        return found;
    }
}
