package dev.parley.coordination.process.kind;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.Effects;
import dev.parley.coordination.process.Effects.Write;
import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.Kind.Fault;
import dev.parley.coordination.process.MemoryEffects;
import dev.parley.coordination.process.RunningProcess;
import dev.parley.coordination.process.TestProcesses;
import dev.parley.store.kv.RestartPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Kind kind = InstalledKinds.with(List.of()).named("heartbeat").orElseThrow();
    private final MemoryEffects effects = new MemoryEffects();

    private RunningProcess start(Assignment assignment) {
        return kind.start(assignment, effects, (stream, text) -> {});
    }

    private static Assignment assignment(long token) {
        return TestProcesses.assignment(
                "beat", "heartbeat", "{\"key\":\"beats/a\",\"interval_ms\":10}", token, RestartPolicy.PERMANENT);
    }

    @Test
    void itCountsUnderItsTokenAndHandsTheCountOver() {
        RunningProcess first = start(assignment(7));
        await().atMost(LONG).until(() -> effects.writes().size() >= 3);
        byte[] state = first.stop(LONG).orElseThrow();
        List<Write> beaten = effects.writes();
        assertEquals(
                IntStream.rangeClosed(1, beaten.size())
                        .mapToObj(count -> "{\"count\":" + count + ",\"token\":7,\"node\":\"n1\"}")
                        .toList(),
                beaten.stream().map(HeartbeatTest::text).toList());
        RunningProcess second = start(TestProcesses.handing(assignment(9), state));
        await().atMost(LONG).until(() -> effects.writes().size() > beaten.size());
        second.stop(LONG);
        assertEquals(
                "{\"count\":" + (beaten.size() + 1) + ",\"token\":9,\"node\":\"n1\"}",
                text(effects.writes().get(beaten.size())));
        assertTrue(beaten.stream()
                .allMatch(write ->
                        write.area() == Effects.Area.KEYS && write.key().equals("beats/a")));
    }

    private static String text(Write write) {
        return new String(write.value().orElseThrow(), StandardCharsets.UTF_8);
    }

    @Test
    void anInstanceThatIsFencedEnds() {
        effects.fence();
        assertInstanceOf(
                Exit.Failed.class,
                start(assignment(7))
                        .exit()
                        .toCompletableFuture()
                        .orTimeout(60, TimeUnit.SECONDS)
                        .join());
    }

    /** C10: everything that is wrong is said before anything starts. */
    @Test
    void everyFaultOfTheArgumentsIsNamed() {
        assertEquals(List.of(), kind.faults("{\"key\":\"a\"}"));
        assertEquals(
                List.of(
                        new Fault("/key", "must be given"),
                        new Fault("/interval_ms", "must be a whole number from 10 to 3600000"),
                        new Fault("/colour", "is not known; there are key, interval_ms")),
                kind.faults("{\"interval_ms\":1.5,\"colour\":\"red\"}"));
        assertEquals("must be a JSON object", kind.faults("[]").getFirst().rule());
        assertEquals("must be a JSON object", kind.faults("{").getFirst().rule());
        assertEquals(
                "must be at most 512 bytes",
                kind.faults("{\"key\":\"" + "ä".repeat(300) + "\"}").getFirst().rule());
    }
}
