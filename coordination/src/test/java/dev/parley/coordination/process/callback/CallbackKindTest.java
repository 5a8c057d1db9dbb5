package dev.parley.coordination.process.callback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.Kind.Fault;
import dev.parley.coordination.process.Kind.StartFault;
import dev.parley.coordination.process.RunningProcess;
import dev.parley.coordination.process.TestProcesses;
import dev.parley.coordination.process.TestService;
import dev.parley.coordination.process.TestService.Answer;
import dev.parley.store.kv.RestartPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallbackKindTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Set<Long> leases = ConcurrentHashMap.newKeySet();
    private final Calls calls = new Calls();
    private TestService service;
    private CallbackKind kind;

    private void serve(Function<String, Answer> answers) {
        service = new TestService(answers);
        kind = new CallbackKind(new Hosts(List.of(service.host())), calls, leases::contains, System::nanoTime);
    }

    @AfterEach
    void close() {
        calls.close();
        if (service != null) {
            service.close();
        }
    }

    private RunningProcess start(long timeoutMillis) {
        return kind.start(assignment(timeoutMillis), TestProcesses.NO_EFFECTS, (stream, line) -> {});
    }

    private Assignment assignment(long timeoutMillis) {
        return TestProcesses.assignment(
                "mail",
                "callback",
                "{\"url\":\"" + service.url() + "\",\"timeout_ms\":" + timeoutMillis + "}",
                7,
                RestartPolicy.PERMANENT);
    }

    private static Exit exit(RunningProcess process) {
        return process.exit()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aServiceIsToldToStartAndToStopAndHandsItsStateOver() {
        leases.add(12L);
        serve(body -> body.contains("start")
                ? Answer.of(200, "{\"lease\":\"12\"}")
                : Answer.of(200, "{\"state_base64\":\"AQI=\"}"));
        RunningProcess process = kind.start(
                TestProcesses.handing(assignment(30_000), new byte[] {9}),
                TestProcesses.NO_EFFECTS,
                (stream, line) -> {});
        assertFalse(process.exit().toCompletableFuture().isDone());
        assertArrayEquals(new byte[] {1, 2}, process.stop(LONG).orElseThrow());
        assertEquals(new Exit.Finished(), exit(process));
        assertEquals(
                List.of(
                        "{\"action\":\"start\",\"name\":\"mail\",\"token\":7,\"node\":\"n1\",\"state_base64\":\"CQ==\"}",
                        "{\"action\":\"stop\",\"name\":\"mail\",\"token\":7,\"node\":\"n1\"}"),
                service.told());
    }

    @Test
    void theEndOfItsLeaseIsItsEnd() {
        leases.add(12L);
        serve(body -> Answer.of(200, "{\"lease\":\"12\"}"));
        RunningProcess process = start(30_000);
        leases.remove(12L);
        assertEquals(new Exit.Failed("its lease 12 ended"), exit(process));
    }

    @Test
    void aLeaseThisNodeHasNotHeardOfYetIsWaitedFor() {
        AtomicInteger asked = new AtomicInteger();
        serve(body -> Answer.of(200, "{\"lease\":\"12\"}"));
        kind = new CallbackKind(
                new Hosts(List.of(service.host())), calls, lease -> asked.incrementAndGet() > 3, System::nanoTime);
        RunningProcess process = start(30_000);
        assertTrue(asked.get() > 3);
        process.kill();
    }

    @Test
    void withoutALeaseOrAGoodAnswerItHasNotStarted() {
        serve(body -> Answer.of(200, "{\"lease\":\"never granted\"}"));
        assertEquals(
                "the service answered 200 without a lease",
                assertThrows(StartFault.class, () -> start(30_000)).getMessage());
        assertTrue(service.told().getLast().contains("stop"), "it may have started all the same");
        service.close();
        serve(body -> Answer.of(503, "{\"lease\":\"12\"}"));
        assertEquals(
                "the service answered 503",
                assertThrows(StartFault.class, () -> start(30_000)).getMessage());
        service.close();
        serve(body -> Answer.of(200, "{\"lease\":\"99\"}"));
        assertEquals(
                "there is no lease 99",
                assertThrows(StartFault.class, () -> start(200)).getMessage());
    }

    @Test
    void aServiceThatDoesNotAnswerInTimeHasNotStarted() {
        CountDownLatch never = new CountDownLatch(1);
        serve(body -> {
            try {
                never.await();
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
            return Answer.of(200, "");
        });
        assertThrows(StartFault.class, () -> start(200));
        never.countDown();
    }

    /** Nobody but the operator says whom a node calls. */
    @Test
    void aRedirectIsNotFollowed() {
        TestService elsewhere = new TestService(body -> Answer.of(200, "{\"lease\":\"12\"}"));
        try (elsewhere) {
            leases.add(12L);
            serve(body -> new Answer(307, "", elsewhere.url()));
            assertThrows(StartFault.class, () -> start(30_000));
            assertEquals(List.of(), elsewhere.told());
        }
    }

    @Test
    void onlyAllowedHostsAreCalled() {
        kind = new CallbackKind(
                new Hosts(List.of("a.example:8080", "b.example")), calls, lease -> true, System::nanoTime);
        assertEquals(List.of(), faults("http://a.example:8080/x"));
        assertEquals(List.of(), faults("https://B.example/"));
        String rule = "must be on a host that this node's configuration allows, was ";
        assertEquals(List.of(new Fault("/url", rule + "a.example:80")), faults("http://a.example/x"));
        assertEquals(List.of(new Fault("/url", rule + "169.254.169.254:80")), faults("http://169.254.169.254/latest"));
        assertEquals(List.of(new Fault("/url", rule + "c.example:80")), faults("http://c.example/?b.example"));
        for (String odd : List.of(
                "ftp://b.example/",
                "http://b.example@c.example/",
                "b.example",
                "http:///x",
                "http://b.example/#x",
                "::")) {
            assertEquals(1, faults(odd).size(), odd);
        }
    }

    private List<Fault> faults(String url) {
        return kind.faults("{\"url\":\"" + url + "\"}");
    }

    @Test
    void aStopThatIsNotTakenIsAskedAgainAndThenGivenUp() {
        leases.add(12L);
        serve(body -> body.contains("start") ? Answer.of(200, "{\"lease\":12}") : Answer.of(500, ""));
        RunningProcess process = start(30_000);
        assertTrue(process.stop(Duration.ofMillis(300)).isEmpty());
        assertFalse(process.exit().toCompletableFuture().isDone());
        assertTrue(service.told().size() >= 2);
        process.kill();
        assertEquals(new Exit.Failed("given up: it did not answer its stop"), exit(process));
    }

    @Test
    void aServiceThatIsGoneIsStopped() {
        leases.add(12L);
        serve(body -> body.contains("start") ? Answer.of(200, "{\"lease\":12}") : Answer.of(410, ""));
        RunningProcess process = start(30_000);
        process.stop(LONG);
        assertEquals(new Exit.Finished(), exit(process));
    }

    @Test
    void anAnswerWithoutEndIsCut() {
        serve(body -> Answer.of(200, "x".repeat(BoundedBody.BYTES_MAX + 100)));
        Calls.Reply.Answered answer = (Calls.Reply.Answered) calls.post(service.url(), "{}", LONG);
        assertEquals(BoundedBody.BYTES_MAX, answer.body().length);
    }
}
