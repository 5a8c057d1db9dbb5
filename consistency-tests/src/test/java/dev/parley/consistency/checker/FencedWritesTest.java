package dev.parley.consistency.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.consistency.checker.RandomHistories.Recorder;
import dev.parley.consistency.history.Event.Type;
import dev.parley.consistency.json.Json;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FencedWritesTest {
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(20), 64 << 20, 2);

    private final Recorder recorder = new Recorder();

    private void hold(String key, long token, long... revisions) {
        Map<String, Json> value = new LinkedHashMap<>();
        value.put("token", Json.of(token));
        value.put(
                "revisions",
                new Json.Array(Arrays.stream(revisions).mapToObj(Json::of).toList()));
        recorder.add((int) token, Type.INVOKE, "hold", key, Json.NULL);
        recorder.add((int) token, Type.OK, "hold", key, new Json.Obj(value));
    }

    private List<String> findings() {
        Verdict verdict = new FencedWrites().check(recorder.history(), LIMITS);
        assertEquals(verdict.findings().isEmpty() ? Answer.VALID : Answer.INVALID, verdict.answer());
        return verdict.findings().stream().map(Finding::kind).toList();
    }

    @Test
    void writesUnderOneFenceAfterTheOtherAreValid() {
        hold("a", 5, 6, 9);
        hold("a", 11, 12);
        hold("b", 7, 8, 20);
        hold("a", 13);
        assertEquals(List.of(), findings());
    }

    @Test
    void aWriteAfterTheNextGrantIsOvertaken() {
        hold("a", 11, 12);
        hold("a", 5, 6, 14);
        assertEquals(List.of("overtaken"), findings());
    }

    @Test
    void aWriteAfterAGrantThatWroteNothingIsOvertakenToo() {
        hold("a", 5, 9);
        hold("a", 8);
        assertEquals(List.of("overtaken"), findings());
    }

    @Test
    void aTokenBelongsToOneAndAWriteComesAfterItsGrant() {
        hold("a", 5, 5);
        hold("a", 5);
        assertEquals(List.of("token-twice", "before-its-grant"), findings());
    }
}
