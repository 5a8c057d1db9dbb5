package dev.parley.consistency.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.checker.Limits;
import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Endpoints;
import dev.parley.consistency.history.HistoryReader;
import dev.parley.consistency.nemesis.Fault;
import dev.parley.consistency.run.StubStore.Bug;
import dev.parley.consistency.workload.Workloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs against a stub: the honest one must pass, each broken one must be convicted by the workload that is made for it. */
class RunTest {

    /** Ends after so many operations, for on a crowded machine a time is not enough for anything to show. */
    private static Run.Outcome run(String workload, Bug bug, long operations) throws InterruptedException {
        try (StubStore store = new StubStore(3, bug)) {
            Plan plan = new Plan(
                    workload, List.of(), Duration.ofSeconds(60), 6, 600, 11, Duration.ofSeconds(2), operations);
            return new Run(new Endpoints(store.urls()), plan).execute();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "register",
                "versioned-register",
                "set",
                "list-append",
                "bank",
                "counter",
                "unique-ids",
                "watch",
                "convergence"
            })
    void anHonestStoreIsValid(String workload) throws InterruptedException {
        Run.Outcome shown = run(workload, Bug.NONE, 600);
        assertEquals(Answer.VALID, shown.verdict().answer(), () -> shown.verdict()
                .findings()
                .toString());
        assertTrue(shown.history().events().size() > 200, "too little happened");
    }

    @ParameterizedTest
    @CsvSource({
        "register, STALE_READS, not-linearizable",
        "versioned-register, STALE_READS, out-of-order",
        "versioned-register, REVISION_TWICE, revision-twice",
        "register, LOST_WRITES, not-linearizable",
        "set, LOST_WRITES, missing",
        "set, STALE_READS, missing",
        "list-append, HALF_TRANSACTIONS, G.*|incompatible-order|lost-update",
        "list-append, NO_CONDITIONS, G.*|incompatible-order|lost-update",
        "bank, HALF_TRANSACTIONS, wrong-total",
        "counter, NO_CONDITIONS, out-of-bounds",
        "counter, LOST_WRITES, out-of-bounds",
        "unique-ids, REVISION_TWICE, duplicate",
        "watch, WATCH_GAPS, reliable|never-shown|resumable|stuck",
        "watch, WATCH_TWICE, unique|ordered|bookmarkable|resumable|reliable",
        "watch, LOST_WRITES, never-shown",
        "convergence, DIVERGED, diverged"
    })
    void aBrokenStoreIsConvicted(String workload, Bug bug, String kind) throws InterruptedException {
        Run.Outcome outcome = run(workload, bug, 1_200);
        assertEquals(Answer.INVALID, outcome.verdict().answer(), () -> outcome.verdict()
                .findings()
                .toString());
        assertTrue(
                outcome.verdict().findings().stream()
                        .anyMatch(finding -> finding.kind().matches(kind)),
                () -> outcome.verdict().findings().toString());
    }

    @Test
    void whatARunLeavesIsJudgedTheSameAgain(@TempDir Path directory) throws Exception {
        Run.Outcome outcome = run("register", Bug.STALE_READS, 600);
        RunFiles.write(directory, outcome, "./parley consistency run --seed 11");
        assertEquals(
                Answer.INVALID,
                Checkers.named("cas-register")
                        .orElseThrow()
                        .check(HistoryReader.read(directory.resolve("history.jsonl")), Limits.standard())
                        .answer());
        String html = Files.readString(directory.resolve("report.html"));
        assertTrue(html.contains("--seed 11") && html.contains("class=\"bar ok decisive\"") && html.contains("<svg"));
        assertFalse(html.contains("<script") || html.contains("src="), "the page must not need anything else");
        assertTrue(Files.readString(directory.resolve("verdict.json")).contains("\"verdict\":\"invalid\""));
    }

    /** Of two faults one takes the whole time of the run; the other has its turn all the same. */
    @Test
    void aRunGoesOnUntilEveryFaultHadItsTurn() throws InterruptedException {
        try (StubStore store = new StubStore(3, Bug.NONE)) {
            List<String> faults = List.of("long", "short", "shorter");
            Plan plan = new Plan("register", faults, Duration.ofSeconds(2), 6, 600, 11, Duration.ofSeconds(2));
            Run run = new Run(
                    new Endpoints(store.urls()),
                    plan,
                    prefix -> Workloads.all().get("register").make().apply(prefix),
                    name -> Optional.of(new Lasting(name.equals("long") ? plan.time() : Duration.ZERO)));
            assertEquals(Answer.VALID, run.execute().verdict().answer());
        }
    }

    /** Does nothing, for some time. */
    private record Lasting(Duration time) implements Fault {
        @Override
        public Ability needs() {
            return Ability.PROCESS;
        }

        @Override
        public String begin(Cluster cluster, Random random) {
            LockSupport.parkNanos(time.toNanos());
            return "nothing";
        }

        @Override
        public String evidence(Cluster cluster) {
            return "time passed";
        }

        @Override
        public void end(Cluster cluster) {}
    }
}
