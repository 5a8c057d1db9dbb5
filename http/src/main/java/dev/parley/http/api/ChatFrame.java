package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import java.util.List;
import java.util.Optional;

/** What a client says: a JSON object with {@code type}, or anything else, which is then the text itself. */
record ChatFrame(String text, Optional<String> clientId) {
    private static final int CLIENT_ID_CHARS_MAX = 128;

    /** @throws Problem when it is an object with a type, and not a message */
    static ChatFrame read(String frame) {
        Optional<JsonObject> object = object(frame).filter(body -> body.has("type"));
        if (object.isEmpty()) {
            return new ChatFrame(frame, Optional.empty());
        }
        JsonObject body = object.get();
        if (!body.requiredText("type").equals("message")) {
            throw Problem.field("/type", "type must be message.");
        }
        body.only(List.of("type", "text", "client_id"));
        Optional<String> clientId = body.text("client_id");
        if (clientId.filter(id -> id.length() > CLIENT_ID_CHARS_MAX).isPresent()) {
            throw Problem.field("/client_id", "client_id must have at most " + CLIENT_ID_CHARS_MAX + " characters.");
        }
        return new ChatFrame(body.requiredText("text"), clientId);
    }

    private static Optional<JsonObject> object(String frame) {
        if (!frame.stripLeading().startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonObject.parse(Bytes.utf8(frame)));
        } catch (Problem noJson) {
            return Optional.empty();
        }
    }
}
