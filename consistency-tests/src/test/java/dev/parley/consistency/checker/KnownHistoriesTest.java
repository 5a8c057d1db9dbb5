package dev.parley.consistency.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.history.HistoryReader;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.json.JsonParser;
import dev.parley.consistency.watch.WatchCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The checks against histories whose verdicts others have published. */
class KnownHistoriesTest {
    private static final Path HISTORIES = Path.of("src/test/resources/histories");
    private static final Set<String> SMALL_MODELS = Set.of(
            "register", "cas-register", "set", "set-full", "set-final-read", "counter", "unique-ids", "list-append");

    @Test
    void every123HistoriesGetTheirPublishedVerdictInTime() throws IOException {
        CpuTime time = new CpuTime();
        Map<String, String> expected = new LinkedHashMap<>();
        Map<String, String> found = new LinkedHashMap<>();
        for (String row : Files.readAllLines(HISTORIES.resolve("linearizability/expected.tsv"))) {
            String[] columns = row.split("\t");
            if (columns.length == 3 && columns[0].endsWith(".jsonl")) {
                Checker checker = Checkers.named(columns[1]).orElseThrow();
                expected.put(columns[0], columns[2]);
                found.put(
                        columns[0],
                        checker.check(
                                        HistoryReader.read(HISTORIES
                                                .resolve("linearizability")
                                                .resolve(columns[0])),
                                        Limits.standard())
                                .answer()
                                .toString());
            }
        }
        assertEquals(123, expected.size());
        assertEquals(expected, found);
        assertTrue(time.lessThan(Duration.ofSeconds(25)));
    }

    @Test
    void everySmallCaseOfAKnownModelGetsItsVerdictAndItsAnomalies() throws IOException {
        List<SmallCases.Judged> cases = SmallCases.judge("small", parse("small/cases.json"), Limits.standard());
        assertEquals(73, cases.size());
        long judged = 0;
        for (SmallCases.Judged one : cases) {
            if (SMALL_MODELS.contains(one.model())) {
                Verdict verdict = one.verdict().orElseThrow();
                assertEquals(one.expected().orElseThrow(), verdict.answer(), one.id());
                List<String> kinds =
                        verdict.findings().stream().map(Finding::kind).toList();
                one.expectedAnomalies()
                        .forEach(anomaly ->
                                assertTrue(kinds.contains(anomaly), one.id() + " lacks " + anomaly + ": " + kinds));
                judged++;
            }
        }
        assertEquals(52, judged);
        assertTrue(cases.stream().allMatch(SmallCases.Judged::asExpected));
    }

    @Test
    void everyWatchCaseGetsItsVerdictAndTheGuaranteeThatBroke() throws IOException {
        List<WatchCases.Judged> cases = WatchCases.judge("watch", parse("watch/watch-cases.json"));
        assertEquals(30, cases.size());
        cases.forEach(one -> assertTrue(one.asExpected(), () -> one.name() + ": " + one.breaches()));
    }

    @Test
    void theExplanationPointsAtTheOperationThatCannotBe() {
        assertMisfit("knossos_bad_cas-failure.jsonl", "process 70's read 0");
        assertMisfit("knossos_bad_immediate-failure.jsonl", "was written only by an operation that failed");
    }

    private static void assertMisfit(String file, String words) {
        Verdict verdict = Checkers.named("cas-register")
                .orElseThrow()
                .check(HistoryReader.read(HISTORIES.resolve("linearizability").resolve(file)), Limits.standard());
        assertTrue(
                verdict.findings().getFirst().sentence().contains(words),
                verdict.findings().getFirst().sentence());
    }

    private static Json parse(String file) throws IOException {
        return JsonParser.parse(Files.readString(HISTORIES.resolve(file)));
    }
}
