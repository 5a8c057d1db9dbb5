package dev.parley.coordination.process.callback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.callback.Calls.Reply;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/** What a service is told and what it answers, as JSON. */
final class Message {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Message() {}

    static String of(String action, Assignment assignment) {
        ObjectNode message = JSON.createObjectNode()
                .put("action", action)
                .put("name", assignment.name())
                .put("token", assignment.token())
                .put("node", assignment.node());
        if (action.equals("start")) {
            assignment
                    .handedOver()
                    .ifPresent(state ->
                            message.put("state_base64", Base64.getEncoder().encodeToString(state)));
        }
        return message.toString();
    }

    static Optional<Long> lease(Reply.Answered answer) {
        if (!answer.isGood()) {
            return Optional.empty();
        }
        String text = read(answer).path("lease").asText();
        return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    static Optional<byte[]> state(Reply.Answered answer) {
        JsonNode state = read(answer).path("state_base64");
        try {
            return state.isTextual() ? Optional.of(Base64.getDecoder().decode(state.textValue())) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static JsonNode read(Reply.Answered answer) {
        try {
            JsonNode read = JSON.readTree(answer.body());
            return read == null ? JSON.createObjectNode() : read;
        } catch (IOException noJson) {
            return JSON.createObjectNode();
        }
    }
}
