package dev.parley.consistency.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.consistency.checker.RandomHistories.Recorder;
import dev.parley.consistency.history.Event.Type;
import dev.parley.consistency.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ElectionsTest {
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(20), 64 << 20, 2);

    private final Recorder recorder = new Recorder();

    private void hold(int process, String candidate, long token, boolean resigned, long... revisions) {
        begin(process, "hold");
        held(process, candidate, token, resigned, revisions);
    }

    private void begin(int process, String f) {
        recorder.add(process, Type.INVOKE, f, "e", Json.NULL);
    }

    private void held(int process, String candidate, long token, boolean resigned, long... revisions) {
        List<Json> written =
                java.util.Arrays.stream(revisions).mapToObj(Json::of).toList();
        recorder.add(
                process,
                Type.OK,
                "hold",
                "e",
                new Json.Obj(Map.of(
                        "candidate",
                        Json.of(candidate),
                        "token",
                        Json.of(token),
                        "resigned",
                        Json.of(resigned),
                        "revisions",
                        new Json.Array(written))));
    }

    private void seen(int process, String candidate, long token) {
        recorder.add(
                process,
                Type.OK,
                "leader",
                "e",
                new Json.Obj(Map.of("candidate", Json.of(candidate), "token", Json.of(token))));
    }

    private void read(int process, String candidate, long token) {
        begin(process, "leader");
        seen(process, candidate, token);
    }

    private List<String> findings() {
        Verdict verdict = new Elections().check(recorder.history(), LIMITS);
        assertEquals(verdict.findings().isEmpty() ? Answer.VALID : Answer.INVALID, verdict.answer());
        return verdict.findings().stream().map(Finding::kind).toList();
    }

    @Test
    void leadersOneAfterTheOtherAreValid() {
        begin(1, "hold");
        read(2, "a", 5);
        held(1, "a", 5, true, 6, 7);
        hold(1, "b", 9, false, 10);
        read(2, "b", 9);
        recorder.add(3, Type.INVOKE, "leader", "e", Json.NULL);
        recorder.add(3, Type.OK, "leader", "e", Json.NULL);
        read(2, "c", 12);
        assertEquals(List.of(), findings());
    }

    @Test
    void aReadBesideTheChangeMaySeeEither() {
        begin(3, "leader");
        hold(1, "a", 5, true);
        hold(1, "b", 9, true);
        seen(3, "a", 5);
        assertEquals(List.of(), findings());
    }

    @Test
    void aTokenNamesOneLeader() {
        hold(1, "a", 5, false);
        read(2, "b", 5);
        assertEquals(List.of("two-leaders"), findings());
    }

    @Test
    void whoResignedIsSeenNoMore() {
        hold(1, "a", 5, true);
        read(2, "a", 5);
        assertEquals(List.of("former-leader"), findings());
    }

    @Test
    void nobodySeesAnEarlierLeaderThanAnotherDidBefore() {
        read(2, "b", 9);
        read(3, "a", 5);
        assertEquals(List.of("former-leader"), findings());
    }

    @Test
    void aWriteOfAFormerLeaderIsFoundToo() {
        hold(1, "a", 5, false, 12);
        hold(2, "b", 9, false);
        assertEquals(List.of("overtaken"), findings());
    }
}
