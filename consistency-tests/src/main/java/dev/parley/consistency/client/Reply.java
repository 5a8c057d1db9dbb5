package dev.parley.consistency.client;

import dev.parley.consistency.json.Json;
import dev.parley.consistency.json.JsonParser;
import dev.parley.consistency.json.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** What came back for a request. */
public sealed interface Reply {

    /**
     * A node answered.
     *
     * @param headers by name in lower case
     */
    record Answer(int status, Map<String, String> headers, byte[] body) implements Reply {
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The body as JSON, or null when it is none. */
        public Json json() {
            try {
                return JsonParser.parse(text());
            } catch (JsonSyntaxException notJson) {
                return Json.NULL;
            }
        }

        /** A member of the body, when it is an object. */
        public Json member(String name) {
            return json() instanceof Json.Obj object ? object.get(name) : Json.NULL;
        }

        public boolean success() {
            return status >= 200 && status < 300;
        }
    }

    /**
     * No answer.
     *
     * @param sent false when not a byte can have reached the node
     */
    record Lost(boolean sent, String error) implements Reply {}

    /** Whether the request took effect, as far as this reply tells. Meaningful for writes. */
    default Effect effect() {
        return switch (this) {
            case Lost(boolean sent, String error) -> sent ? Effect.UNKNOWN : Effect.NONE;
            case Answer answer when answer.success() -> Effect.DONE;
            case Answer answer -> refusal(answer);
        };
    }

    /** Nothing is believed but a definite word: the outcome in the body, or a status that by contract is given only to what was not applied. */
    private static Effect refusal(Answer answer) {
        if (answer.member("outcome") instanceof Json.Text(String outcome)) {
            return outcome.equals("not-applied") ? Effect.NONE : Effect.UNKNOWN;
        }
        boolean client = answer.status() >= 400 && answer.status() < 500;
        return client || answer.status() == 503 || answer.status() == 507 ? Effect.NONE : Effect.UNKNOWN;
    }

    /** A few words for the history. */
    default String describe() {
        return switch (this) {
            case Lost(boolean sent, String error) -> error;
            case Answer answer ->
                answer.status() + (answer.member("type") instanceof Json.Text(String type) ? " " + type : "");
        };
    }

    /** What became of a write. */
    enum Effect {
        DONE,
        NONE,
        UNKNOWN
    }
}
