package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
final class DevProcessTest {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final KvClient client = new KvClient();

    @Test
    void devPrintsFiveLinesServesStopsInTimeAndContinues() throws IOException {
        int port = ParleyProcess.freePorts(1);
        try (var dev = dev(port)) {
            dev.awaitLine(line -> line.startsWith("try"));
            assertEquals(201, client.put(port, "greeting", "hello").status());
            assertEquals("hello", client.value(port, "greeting"));
            assertEquals(5, dev.out().size(), dev.out().toString());
            assertTrue(dev.out().get(1).contains("(new)"), dev.out().toString());
            assertEquals("url    http://127.0.0.1:" + port, dev.out().get(3));
            assertEquals(List.of(), dev.err());

            dev.terminate();
            assertEquals(0, dev.awaitExit(STOPS_WITHIN));
            assertEquals(5, dev.out().size());
        }
        try (var dev = dev(port)) {
            dev.awaitLine(line -> line.startsWith("try"));
            assertTrue(dev.out().get(1).contains("(continued)"), dev.out().toString());
            assertEquals("hello", client.value(port, "greeting"));
        }
        List<String> log = Files.readAllLines(directory.resolve("data/dev/parley.log"));
        assertTrue(log.stream().allMatch(line -> line.matches("at=\\S+Z level=[A-Z]+ node=dev logger=\\S+ msg=.*")));
    }

    @Test
    void aSecondProcessOnTheSameDirectoryIsRefusedInOneSentence() {
        int port = ParleyProcess.freePorts(2);
        try (var first = dev(port)) {
            first.awaitLine(line -> line.startsWith("try"));
            try (var second = dev(port + 1)) {
                assertEquals(ExitCode.FAILED, second.awaitExit(ParleyProcess.PATIENCE));
                assertEquals(
                        List.of("parley: the data directory ./data/dev is in use by process " + first.pid()
                                + "; stop that one, or choose another with --data"),
                        second.err());
                assertEquals(List.of(), second.out());
            }
            assertEquals(201, client.put(port, "a", "b").status());
        }
    }

    @Test
    void aTakenPortIsOneSentenceThatNamesTheFlagAndLeavesNothingLocked() throws IOException {
        int port = ParleyProcess.freePorts(1);
        try (var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(port, taken.getLocalPort());
            try (var dev = dev(port)) {
                assertEquals(ExitCode.FAILED, dev.awaitExit(ParleyProcess.PATIENCE));
                assertEquals(
                        List.of("parley: port " + port + " of 127.0.0.1 is taken; choose another with --port"),
                        dev.err());
            }
        }
        try (var taken = new ServerSocket(port + 10_000, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(port + 10_000, taken.getLocalPort());
            try (var dev = dev(port)) {
                assertEquals(ExitCode.FAILED, dev.awaitExit(ParleyProcess.PATIENCE));
                assertEquals(1, dev.err().size(), dev.err().toString());
                assertTrue(
                        dev.err().getFirst().startsWith("parley: port " + (port + 10_000)),
                        dev.err().getFirst());
            }
        }
    }

    @Test
    void aStoppingNodeIsNotReadyAtOnceAndEndsRunningRequests() {
        int port = ParleyProcess.freePorts(1);
        try (var dev = dev(port)) {
            dev.awaitLine(line -> line.startsWith("try"));
            // A long poll is a running request; it ends with an answer, not with a broken connection.
            var waiting = java.util.concurrent.CompletableFuture.supplyAsync(
                    () -> client.longPoll(port, "never", Duration.ofSeconds(60)));
            ParleyProcess.await(
                    "long poll under way", () -> client.get(port, "/readyz").status() == 200);
            dev.terminate();
            assertEquals(404, waiting.join().status());
            assertEquals(0, dev.awaitExit(STOPS_WITHIN));
            assertFalse(dev.isAlive());
        }
    }

    @Test
    void theLogFileSpeaksJsonWhenAsked() throws IOException {
        int port = ParleyProcess.freePorts(1);
        try (var dev = ParleyProcess.start(
                directory, "dev", "--port", Integer.toString(port), "--log-format", "json", "--log-file", "x.log")) {
            dev.awaitLine(line -> line.startsWith("try"));
            for (String line : Files.readAllLines(directory.resolve("x.log"))) {
                assertEquals("dev", Endpoint.JSON.readTree(line).path("node").asText());
            }
        }
    }

    private ParleyProcess dev(int port) {
        return ParleyProcess.start(directory, "dev", "--port", Integer.toString(port));
    }
}
