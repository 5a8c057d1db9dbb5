package dev.parley.consistency.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.cluster.Endpoints;
import dev.parley.consistency.run.StubChat.Bug;
import dev.parley.consistency.workload.ChatWorkload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs of the chat workload against a stub: the honest one must pass, each broken one must be convicted. */
class ChatRunTest {
    /** What a stub has, it has at once. */
    private static final Duration QUIET = Duration.ofMillis(20);

    /** So many, however long that takes: what a broken chat does must be seen on a slow machine as well. */
    private static final int OPERATIONS = 300;

    private static Run.Outcome run(Bug bug) throws InterruptedException {
        try (StubChat chat = new StubChat(3, bug)) {
            Duration atMost = Duration.ofMinutes(1);
            Plan plan = new Plan("chat", List.of(), atMost, 6, 2_000, 11, atMost, OPERATIONS);
            return new Run(
                            new Endpoints(chat.urls()),
                            plan,
                            prefix -> new ChatWorkload(prefix, QUIET),
                            none -> Optional.empty())
                    .execute();
        }
    }

    @Test
    void anHonestChatIsValid() throws InterruptedException {
        Run.Outcome outcome = run(Bug.NONE);
        assertEquals(Answer.VALID, outcome.verdict().answer(), () -> outcome.verdict()
                .findings()
                .toString());
        assertTrue(outcome.history().events().size() > OPERATIONS, "too little happened");
    }

    @ParameterizedTest
    @CsvSource({"LOST, lost", "TWICE, twice", "OTHER_ORDER, diverged", "REFUSED_AND_SHOWN, unexpected"})
    void aBrokenChatIsConvicted(Bug bug, String kind) throws InterruptedException {
        Run.Outcome outcome = run(bug);
        assertEquals(Answer.INVALID, outcome.verdict().answer(), () -> outcome.verdict()
                .findings()
                .toString());
        assertTrue(
                outcome.verdict().findings().stream()
                        .anyMatch(finding -> finding.kind().equals(kind)),
                () -> outcome.verdict().findings().toString());
    }
}
