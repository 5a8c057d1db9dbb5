package dev.parley.coordination.process.cron;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What is recorded of one tick.
 *
 * @param at when it was due; names the record, so that it is claimed once
 * @param claim of the run that has it, different for each attempt
 * @param attempt from 1
 * @param token of the instance that has claimed it
 * @param result of the run, for people; empty while there is none
 */
record Tick(Instant at, State state, String claim, int attempt, long token, String node, String result) {
    static final String PREFIX = "tick/";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RESULT_CHARS_MAX = 500;

    /**
     * <pre>
     *   CLAIMED --> DONE | FAILED
     *      +------> SKIPPED | CLAIMED again, when its run did not end
     * </pre>
     */
    enum State {
        CLAIMED,
        DONE,
        FAILED,
        SKIPPED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Tick claimed(Instant at, String claim, int attempt, long token, String node) {
        return new Tick(at, State.CLAIMED, claim, attempt, token, node, "");
    }

    Tick ended(State how, String said) {
        String bounded = said.length() <= RESULT_CHARS_MAX ? said : said.substring(0, RESULT_CHARS_MAX) + "…";
        return new Tick(at, how, claim, attempt, token, node, bounded);
    }

    /** Keys are in the order of time. */
    String key() {
        return keyOf(at);
    }

    static String keyOf(Instant at) {
        return PREFIX + at;
    }

    byte[] encoded() {
        return JSON.createObjectNode()
                .put("at", at.toString())
                .put("state", state.text())
                .put("claim", claim)
                .put("attempt", attempt)
                .put("token", token)
                .put("node", node)
                .put("result", result)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Empty for what this code has not written. */
    static Optional<Tick> decode(byte[] record) {
        try {
            JsonNode json = JSON.readTree(new String(record, StandardCharsets.UTF_8));
            return Optional.of(new Tick(
                    Instant.parse(json.path("at").asText()),
                    State.valueOf(json.path("state").asText().toUpperCase(Locale.ROOT)),
                    json.path("claim").asText(),
                    json.path("attempt").asInt(),
                    json.path("token").asLong(),
                    json.path("node").asText(),
                    json.path("result").asText()));
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }
}
