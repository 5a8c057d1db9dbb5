package dev.parley.http.api;

import dev.parley.store.chat.ChatMessage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a message and its user must be. */
final class ChatRules {
    static final String GUEST = "Guest";

    private ChatRules() {}

    /** The rule a user's name breaks; empty when it is one. */
    static Optional<String> brokenByUser(String user) {
        boolean shown = !user.isBlank()
                && user.codePointCount(0, user.length()) <= ChatMessage.USER_CHARS_MAX
                && user.chars().noneMatch(Character::isISOControl);
        return shown
                ? Optional.empty()
                : Optional.of("user must be 1 to " + ChatMessage.USER_CHARS_MAX + " characters that can be seen.");
    }

    /** The rule a text breaks; empty when it is one. */
    static Optional<String> brokenByText(String text) {
        if (text.isBlank()) {
            return Optional.of("text must not be empty.");
        }
        return text.getBytes(StandardCharsets.UTF_8).length <= ChatMessage.TEXT_BYTES_MAX
                ? Optional.empty()
                : Optional.of("text must have at most " + ChatMessage.TEXT_BYTES_MAX + " bytes.");
    }
}
