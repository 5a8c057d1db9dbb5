package dev.parley.store.kv;

import static dev.parley.store.kv.Script.delete;
import static dev.parley.store.kv.Script.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Command.Operation;
import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.Submission.Idempotency;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RememberedAnswersTest {
    private final Script script = new Script();

    @Test
    void theSameRequestAgainIsAnsweredAndNotDoneAgain() {
        Outcome first = script.run(once("k", put("a", "1")));
        script.run(put("a", "2"));

        assertEquals(new Outcome.Replayed(1, first), script.run(once("k", put("a", "1"))));
        assertEquals("2", script.valueOf("a"));
        assertEquals(2, script.revision());
    }

    @Test
    void theSameRequestTwiceInOneBatchIsDoneOnce() {
        var answers = script.answers(once("k", put("a", "1")), once("k", put("a", "1")));

        assertInstanceOf(Outcome.Stored.class, answers.get(0).outcome());
        assertInstanceOf(Outcome.Replayed.class, answers.get(1).outcome());
        assertEquals(1, script.revision());
    }

    @Test
    void anotherRequestUnderTheSameKeyIsRefused() {
        script.run(once("k", put("a", "1")));

        assertEquals(
                new Outcome.KeyReused("k"),
                script.run(new Submission(put("a", "2"), "", idempotency("k", "other"), List.of())));
        assertEquals("1", script.valueOf("a"));
        assertInstanceOf(Outcome.Replayed.class, script.run(once("k", put("a", "1"))));
    }

    @Test
    void aRefusalIsTheFirstAnswerToo() {
        Precondition missing = new Precondition(new Precondition.Match.Absent(), new Precondition.Match.Any());
        Command create = put("a", "1", new LeaseChoice.None(), missing);
        script.run(put("a", "0"));
        Outcome refused = script.run(once("k", create));
        assertInstanceOf(Outcome.PreconditionFailed.class, refused);
        script.run(delete("a"));

        assertEquals(new Outcome.Replayed(1, refused), script.run(once("k", create)));
        assertEquals("(missing)", script.valueOf("a"));
    }

    @Test
    void aReplayComesBeforeAFenceThatIsNotHeld() {
        script.run(once("k", put("a", "1")));
        Submission.Fence fence = new Submission.Fence("lock", "l", 1);

        assertInstanceOf(
                Outcome.Replayed.class,
                script.run(new Submission(put("a", "1"), "", idempotency("k", "f"), List.of(fence))));
    }

    @Test
    void anAnswerIsKeptForTenMinutesAndNoLonger() {
        long epoch = script.lead();
        tick(epoch, 0);
        script.run(once("k", put("a", "1")));

        ticksOfTenSeconds(epoch, 60);
        assertInstanceOf(Outcome.Replayed.class, script.run(once("k", put("a", "1"))));
        tick(epoch, Duration.ofMinutes(10).toMillis() + 1);
        assertInstanceOf(Outcome.Stored.class, script.run(once("k", put("a", "1"))));
    }

    @Test
    void aLeaderWhoseClockJumpsDoesNotMakeTheClusterForget() {
        long epoch = script.lead();
        tick(epoch, 0);
        script.run(once("k", put("a", "1")));

        tick(epoch, Duration.ofDays(4_000).toMillis());
        tick(epoch, 0);
        tick(epoch, Duration.ofDays(4_000).toMillis());
        assertInstanceOf(Outcome.Replayed.class, script.run(once("k", put("a", "1"))));
    }

    @Test
    void whatWasAnsweredBeforeTheFirstTickIsKeptForTenMinutesToo() {
        script.run(once("k", put("a", "1")));
        long epoch = script.lead();
        tick(epoch, 0);

        ticksOfTenSeconds(epoch, 60);
        assertInstanceOf(Outcome.Replayed.class, script.run(once("k", put("a", "1"))));
    }

    @Test
    void aTickForgetsWhatIsTooOldAndLeavesNoCellBehind() {
        long epoch = script.lead();
        tick(epoch, 0);
        for (int i = 0; i < 10; i++) {
            script.run(once("k" + i, put("a", "1")));
        }
        assertEquals(20, answerCells());

        ticksOfTenSeconds(epoch, 61);
        assertEquals(0, answerCells());
    }

    @Test
    void theOldestGoFirstWhenThereAreTooMany() {
        for (int i = 0; i <= Limits.REMEMBERED_ANSWERS_MAX; i++) {
            script.run(once("k" + i, delete("missing")));
        }

        assertEquals(2L * Limits.REMEMBERED_ANSWERS_MAX, answerCells());
        assertInstanceOf(Outcome.Replayed.class, script.run(once("k1", delete("missing"))));
        assertInstanceOf(Outcome.Deleted.class, script.run(once("k0", delete("missing"))));
    }

    @Test
    void theOldestGoFirstWhenTheyAreTooLargeTogether() {
        script.run(put("big", "x".repeat(Limits.REMEMBERED_ANSWER_BYTES_MAX - 1_000)));
        int fitting = Limits.REMEMBERED_ANSWERS_BYTES_MAX / Limits.REMEMBERED_ANSWER_BYTES_MAX;
        for (int i = 0; i < fitting + 2; i++) {
            assertInstanceOf(Outcome.TransactionDone.class, script.run(once("k" + i, read("big"))));
        }

        assertTrue(answerCells() <= 2 * (fitting + 1));
        assertInstanceOf(Outcome.Replayed.class, script.run(once("k" + (fitting + 1), read("big"))));
        assertInstanceOf(Outcome.TransactionDone.class, script.run(once("k0", read("big"))));
    }

    @Test
    void anAnswerTooLargeToRememberIsRefusedBeforeAnythingChanges() {
        script.run(put("big", "x".repeat(Limits.REMEMBERED_ANSWER_BYTES_MAX)));

        assertEquals(
                new Outcome.AnswerTooLarge(Limits.REMEMBERED_ANSWER_BYTES_MAX), script.run(once("k", read("big"))));
        assertInstanceOf(Outcome.TransactionDone.class, script.run(read("big")));
    }

    private static Command read(String key) {
        return new Command.Transaction(List.of(), List.of(new Operation.Get(Key.of(key))), List.of());
    }

    private static Submission once(String key, Command command) {
        return new Submission(command, "", idempotency(key, "f"), List.of());
    }

    private static Optional<Idempotency> idempotency(String key, String fingerprint) {
        return Optional.of(new Idempotency(key, Bytes.utf8(fingerprint)));
    }

    private void tick(long epoch, long atMillis) {
        assertEquals(new Outcome.Acknowledged(), script.run(new Command.Tick(epoch, atMillis)));
    }

    private void ticksOfTenSeconds(long epoch, int count) {
        for (int i = 1; i <= count; i++) {
            tick(epoch, i * 10_000L);
        }
    }

    private long answerCells() {
        return script.map.cellNames().stream()
                .filter(name -> name.startsWith("answer/") || name.startsWith("answered/"))
                .count();
    }
}
