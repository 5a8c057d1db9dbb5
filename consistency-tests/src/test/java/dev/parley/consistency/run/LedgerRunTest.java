package dev.parley.consistency.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.cluster.Endpoints;
import dev.parley.consistency.run.StubLedgers.Bug;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ledger workload against a stub: the honest one must pass, each broken one must be convicted. */
class LedgerRunTest {

    private static Run.Outcome run(Bug bug) throws InterruptedException {
        try (StubLedgers ledgers = new StubLedgers(3, bug)) {
            Plan plan = new Plan("ledger", List.of(), Duration.ofMillis(1500), 6, 400, 11, Duration.ofSeconds(2));
            return new Run(new Endpoints(ledgers.urls()), plan).execute();
        }
    }

    @Test
    void honestLedgersAreValid() throws InterruptedException {
        Run.Outcome outcome = run(Bug.NONE);
        assertEquals(Answer.VALID, outcome.verdict().answer(), () -> outcome.verdict()
                .findings()
                .toString());
        assertTrue(outcome.history().events().size() > 100, "too little happened");
    }

    @ParameterizedTest
    @CsvSource({
        "FORGETS, changed",
        "LEAVES_OUT, gap",
        "REWRITES, changed",
        "STALE, missing",
        "PROVES_ANOTHER_TREE, unproven"
    })
    void brokenLedgersAreConvicted(Bug bug, String kind) throws InterruptedException {
        Run.Outcome outcome = run(bug);
        assertEquals(Answer.INVALID, outcome.verdict().answer());
        assertTrue(
                outcome.verdict().findings().stream()
                        .anyMatch(finding -> finding.kind().equals(kind)),
                () -> outcome.verdict().findings().toString());
    }
}
