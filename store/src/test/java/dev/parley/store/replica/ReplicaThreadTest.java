package dev.parley.store.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Submission;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.Replica.Reading;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReplicaThreadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final SingleNode node = SingleNode.start();
    private final ReplicaThread replica = node.replica();

    @AfterEach
    void stop() {
        node.close();
    }

    private static Submission put(String key, String value) {
        return Submission.of(new Command.Put(
                Key.of(key),
                Bytes.utf8(value),
                "text/plain",
                new Command.LeaseChoice.None(),
                Command.Precondition.NONE));
    }

    private static String read(Reading reading, String key) {
        try (StateView view = assertInstanceOf(Reading.Ready.class, reading).view()) {
            return view.liveAt(Keyspace.KV, Key.of(key), view.position().revision())
                    .map(Version.Live::value)
                    .map(Bytes::utf8)
                    .orElse("missing");
        }
    }

    @Test
    void whatWasAcknowledgedIsRead() {
        Result result = replica.submit(put("a", "1"), PATIENCE);

        assertInstanceOf(
                Outcome.Stored.class,
                assertInstanceOf(Result.Decided.class, result).outcome());
        assertEquals("1", read(replica.readLinearizable(0, PATIENCE), "a"));
        assertEquals("1", read(replica.readStale(0, PATIENCE), "a"));
    }

    @Test
    void manyWritersAtOnceAreEachAnsweredOnce() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++) {
                String key = "k" + i;
                executor.submit(() -> {
                    for (int n = 0; n < 20; n++) {
                        replica.submit(put(key, "v" + n), PATIENCE);
                    }
                });
            }
        }

        try (StateView view = assertInstanceOf(Reading.Ready.class, replica.readLinearizable(0, PATIENCE))
                .view()) {
            assertEquals(64 * 20, view.position().revision());
        }
        assertEquals("v19", read(replica.readLinearizable(0, PATIENCE), "k63"));
    }

    @Test
    void aWaitForAChangeEndsWithTheFirstOne() throws Exception {
        KeyRange range = KeyRange.single(Key.of("watched"));
        CompletableFuture<Boolean> changed = CompletableFuture.supplyAsync(
                () -> replica.awaitChange(Keyspace.KV, range, 0, PATIENCE),
                Executors.newVirtualThreadPerTaskExecutor());
        replica.submit(put("other", "1"), PATIENCE);
        assertFalse(changed.isDone());

        replica.submit(put("watched", "1"), PATIENCE);

        assertTrue(changed.get());
    }

    @Test
    void aWaitForAChangeThatIsThereAlreadyDoesNotWait() {
        replica.submit(put("a", "1"), PATIENCE);

        assertTrue(replica.awaitChange(Keyspace.KV, KeyRange.ALL, 0, PATIENCE));
    }

    @Test
    void aWaitForAChangeEndsWithItsTimeout() {
        assertFalse(replica.awaitChange(Keyspace.KV, KeyRange.ALL, 0, Duration.ofMillis(20)));
    }

    @Test
    void aReadOfARevisionToComeWaitsForIt() throws Exception {
        CompletableFuture<String> value = CompletableFuture.supplyAsync(
                () -> read(replica.readStale(1, PATIENCE), "a"), Executors.newVirtualThreadPerTaskExecutor());

        replica.submit(put("a", "1"), PATIENCE);

        assertEquals("1", value.get());
    }

    @Test
    void aReadOfARevisionThatDoesNotComeTimesOut() {
        assertEquals(new Reading.Unavailable(Refusal.TIMED_OUT), replica.readStale(1, Duration.ofMillis(20)));
    }

    @Test
    void whatIsLargerThanAnEntryMayBeIsRefused() {
        Bytes half = Bytes.utf8("x".repeat(600_000));
        Submission twoHalves = Submission.of(new Command.Transaction(
                List.of(),
                List.of(
                        new Command.Operation.Put(Key.of("a"), half, "", new Command.LeaseChoice.None()),
                        new Command.Operation.Put(Key.of("b"), half, "", new Command.LeaseChoice.None())),
                List.of()));

        assertEquals(new Result.NotApplied(Refusal.TOO_LARGE), replica.submit(twoHalves, PATIENCE));
    }

    @Test
    void withoutTheLogWritesAreRefusedAndStaleReadsGoOn() {
        replica.submit(put("a", "1"), PATIENCE);
        node.disconnect();
        node.awaitNotReady(PATIENCE);

        assertEquals(new Result.NotApplied(Refusal.NO_QUORUM), replica.submit(put("a", "2"), PATIENCE));
        assertEquals(new Reading.Unavailable(Refusal.NO_QUORUM), replica.readLinearizable(0, PATIENCE));
        assertEquals("1", read(replica.readStale(0, PATIENCE), "a"));
    }

    @Test
    void aShortAbsenceOfTheLogOnlyDelays() {
        node.disconnect();
        node.reconnect();

        assertInstanceOf(Result.Decided.class, replica.submit(put("a", "1"), PATIENCE));
    }

    @Test
    void afterANewSessionItServesAgain() {
        replica.submit(put("a", "1"), PATIENCE);
        node.expireSession();
        node.reconnect();

        assertEquals("1", read(replica.readLinearizable(0, PATIENCE), "a"));
        assertInstanceOf(Result.Decided.class, replica.submit(put("a", "2"), PATIENCE));
    }

    @Test
    void onceClosedItRefusesAndMayBeClosedAgain() {
        replica.close();
        replica.close();

        assertEquals(new Result.NotApplied(Refusal.STOPPING), replica.submit(put("a", "1"), PATIENCE));
        assertEquals(new Reading.Unavailable(Refusal.STOPPING), replica.readLinearizable(0, PATIENCE));
    }
}
