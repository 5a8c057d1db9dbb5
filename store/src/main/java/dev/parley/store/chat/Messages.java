package dev.parley.store.chat;

/** The messages of one room that are kept, in their order. Where they lie is not the room's business. */
public interface Messages {
    void put(ChatMessage message);

    void remove(ChatMessage message);

    /** Visits those behind {@code after}, oldest first, until the visitor says stop. */
    void ascending(ChatId after, Visitor visitor);

    /** Visits those before {@code before}, newest first, until the visitor says stop. */
    void descending(ChatId before, Visitor visitor);

    /** Called for each message. */
    @FunctionalInterface
    interface Visitor {
        /** @return false to stop */
        boolean visit(ChatMessage message);
    }
}
