package dev.parley.store.chat;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The messages of a room in memory. */
final class MemoryMessages implements Messages {
    private final NavigableMap<ChatId, ChatMessage> messages = new TreeMap<>();

    List<ChatMessage> all() {
        return List.copyOf(messages.values());
    }

    @Override
    public void put(ChatMessage message) {
        messages.put(message.id(), message);
    }

    @Override
    public void remove(ChatMessage message) {
        messages.remove(message.id());
    }

    @Override
    public void ascending(ChatId after, Visitor visitor) {
        visit(messages.tailMap(after, false), visitor);
    }

    @Override
    public void descending(ChatId before, Visitor visitor) {
        visit(messages.headMap(before, false).descendingMap(), visitor);
    }

    private static void visit(NavigableMap<ChatId, ChatMessage> part, Visitor visitor) {
        for (ChatMessage message : part.values()) {
            if (!visitor.visit(message)) {
                return;
            }
        }
    }
}
