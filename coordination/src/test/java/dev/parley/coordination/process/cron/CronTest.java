package dev.parley.coordination.process.cron;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.process.Effects.Area;
import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.Kind.Fault;
import dev.parley.coordination.process.MemoryEffects;
import dev.parley.coordination.process.RunningProcess;
import dev.parley.coordination.process.TestProcesses;
import dev.parley.coordination.process.TestService;
import dev.parley.coordination.process.TestService.Answer;
import dev.parley.coordination.process.callback.Calls;
import dev.parley.coordination.process.callback.Hosts;
import dev.parley.coordination.process.command.Command;
import dev.parley.coordination.process.command.Guarding;
import dev.parley.coordination.process.command.Programs;
import dev.parley.coordination.process.kind.InstalledKinds;
import dev.parley.store.kv.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each tick is claimed at most once, whoever else tries; the clock is the test's. */
class CronTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicLong now = new AtomicLong(NOON.plusMillis(300).toEpochMilli());
    private final MemoryEffects effects = new MemoryEffects();
    private final CountDownLatch hold = new CountDownLatch(1);
    private volatile boolean holding;
    private volatile int status = 200;
    private final TestService service = new TestService(body -> {
        if (holding) {
            try {
                hold.await();
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
        }
        return Answer.of(status, "");
    });
    private final Calls calls = new Calls();
    private final Programs programs =
            new Programs(Guarding.byThisProgram(LONG, Map.of("PATH", System.getenv("PATH")), UUID::randomUUID));
    private final Kind kind = InstalledKinds.of(new Cron(
            new Actions(
                    new Hosts(List.of(service.host())),
                    calls,
                    Map.of("list", new Command("list", List.of("ls", "{what}"))),
                    programs),
            now::get,
            UUID::randomUUID));
    private final List<RunningProcess> started = new ArrayList<>();

    @AfterEach
    void close() {
        hold.countDown();
        started.forEach(process -> process.stop(LONG));
        calls.close();
        programs.close();
        service.close();
    }

    private RunningProcess start(long token, String more) {
        RunningProcess process = kind.start(
                TestProcesses.assignment(
                        "tick",
                        "cron",
                        "{\"schedule\":\"* * * * * *\",\"url\":\"" + service.url() + "\"" + more + "}",
                        token,
                        RestartPolicy.PERMANENT),
                effects,
                (stream, line) -> {});
        started.add(process);
        return process;
    }

    private List<Tick> ticks() {
        return effects.list(Area.RECORDS, Tick.PREFIX, 1_000).stream()
                .map(stored -> Tick.decode(stored.value()).orElseThrow())
                .toList();
    }

    /** From here on ticks are due: without a record, when an instance began to look would decide. */
    private void recordNoon() {
        record(Tick.claimed(NOON, "other", 1, 6, "n0").ended(Tick.State.DONE, ""));
    }

    private void awaitStates(String... states) {
        await().atMost(LONG)
                .untilAsserted(() -> assertEquals(
                        List.of(states),
                        ticks().stream().map(tick -> tick.state().text()).toList()));
    }

    @Test
    void everyTickIsClaimedRunAndRecorded() {
        recordNoon();
        start(7, "");
        now.set(NOON.plusMillis(2_100).toEpochMilli());
        awaitStates("done", "done", "done");
        assertEquals(
                List.of(NOON, NOON.plusSeconds(1), NOON.plusSeconds(2)),
                ticks().stream().map(Tick::at).toList());
        assertEquals(
                "{\"action\":\"tick\",\"name\":\"tick\",\"token\":7,\"node\":\"n1\",\"tick\":\"2026-03-01T12:00:01Z\",\"attempt\":1}",
                service.told().getFirst());
    }

    @Test
    void aFailedRunIsRecordedAndNotTriedAgain() {
        recordNoon();
        status = 500;
        start(7, ",\"unfinished\":\"retry\"");
        now.set(NOON.plusMillis(1_100).toEpochMilli());
        awaitStates("done", "failed");
        assertEquals("status 500", ticks().getLast().result());
    }

    @Test
    void aTickThatAnotherHasClaimedIsNotRun() {
        recordNoon();
        start(7, "");
        now.set(NOON.plusMillis(1_100).toEpochMilli());
        awaitStates("done", "done");
        record(Tick.claimed(NOON.plusSeconds(2), "other", 1, 6, "n0"));
        now.set(NOON.plusMillis(3_100).toEpochMilli());
        awaitStates("done", "done", "claimed", "done");
        assertEquals(2, service.told().size());
    }

    @Test
    void aClaimWhoseRunDidNotEndIsSkippedOrRunAgainAsTheSpecificationSays() {
        record(Tick.claimed(NOON, "other", 1, 6, "n0"));
        start(7, "");
        awaitStates("skipped");
        assertEquals(List.of(), service.told());
        record(Tick.claimed(NOON.plusSeconds(1), "other", 1, 6, "n0"));
        started.getFirst().stop(LONG);
        start(8, ",\"unfinished\":\"retry\"");
        awaitStates("skipped", "done");
        assertEquals(2, ticks().getLast().attempt());
        assertEquals(1, service.told().size());
    }

    @Test
    void aRunThatIsCutShortByAStopStaysClaimed() {
        recordNoon();
        holding = true;
        RunningProcess process = start(7, "");
        now.set(NOON.plusMillis(1_100).toEpochMilli());
        await().atMost(LONG).until(() -> service.told().size() == 1);
        process.stop(Duration.ofSeconds(1));
        process.exit().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
        awaitStates("done", "claimed");
    }

    @Test
    void anAnswerThatIsLostDoesNotRunATickTwice() {
        recordNoon();
        effects.loseAnswers(true);
        start(7, "");
        now.set(NOON.plusMillis(1_100).toEpochMilli());
        awaitStates("done", "done");
        assertEquals(1, service.told().size());
    }

    @Test
    void theHistoryIsBounded() {
        record(Tick.claimed(NOON.minusSeconds(9), "other", 1, 6, "n0").ended(Tick.State.DONE, ""));
        start(7, ",\"history\":3,\"catch_up_ms\":60000");
        now.set(NOON.plusMillis(5_100).toEpochMilli());
        await().atMost(LONG).until(() -> service.told().size() == 14 && ticks().size() == 3);
        assertEquals(NOON.plusSeconds(5), ticks().getLast().at());
    }

    @Test
    void anInstanceThatIsFencedEnds() {
        recordNoon();
        RunningProcess process = start(7, "");
        effects.fence();
        now.set(NOON.plusMillis(1_100).toEpochMilli());
        assertInstanceOf(
                Exit.Failed.class,
                process.exit()
                        .toCompletableFuture()
                        .orTimeout(60, TimeUnit.SECONDS)
                        .join());
        assertEquals(List.of(), service.told());
    }

    @Test
    void everyFaultOfTheArgumentsIsNamed() {
        assertEquals(
                List.of("/zone", "/schedule", "/unfinished", "/history", "", "/colour"),
                kind
                        .faults(
                                "{\"schedule\":\"soon\",\"zone\":\"Mars/Olympus\",\"unfinished\":\"maybe\",\"history\":0,\"colour\":1}")
                        .stream()
                        .map(Fault::field)
                        .toList());
        assertEquals(
                List.of("/url"),
                kind.faults("{\"schedule\":\"* * * * *\",\"url\":\"http://169.254.169.254/\"}").stream()
                        .map(Fault::field)
                        .toList());
        assertEquals(
                List.of("/parameters/what"),
                kind.faults("{\"schedule\":\"* * * * *\",\"command\":\"list\"}").stream()
                        .map(Fault::field)
                        .toList());
        assertEquals(
                List.of(),
                kind.faults("{\"schedule\":\"* * * * *\",\"command\":\"list\",\"parameters\":{\"what\":\"/\"}}"));
        assertTrue(!kind.faults("{\"schedule\":\"* * * * *\",\"command\":\"list\",\"url\":\"http://x/\"}")
                .isEmpty());
    }

    private void record(Tick tick) {
        effects.write(new dev.parley.coordination.process.Effects.Write(
                Area.RECORDS,
                tick.key(),
                java.util.Optional.of(tick.encoded()),
                "application/json",
                java.util.OptionalLong.empty()));
    }
}
