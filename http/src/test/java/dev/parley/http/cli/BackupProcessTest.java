package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requirements I8, F11: what was acknowledged outlives the cluster, by way of a backup or of the tables of one node. */
@Tag("processes")
final class BackupProcessTest {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);
    private static final long GAP = 1L << 32;

    @TempDir
    Path directory;

    private final KvClient client = new KvClient();
    private final List<ParleyProcess> started = new ArrayList<>();
    private final int port = ParleyProcess.freePorts(2);

    @AfterEach
    void close() {
        started.forEach(ParleyProcess::close);
        client.close();
    }

    private ParleyProcess dev(int onPort, String data) {
        var dev = start("dev", "--port", Integer.toString(onPort), "--data", data);
        dev.awaitLine(line -> line.startsWith("try"));
        return dev;
    }

    private ParleyProcess start(String... arguments) {
        var process = ParleyProcess.start(directory, arguments);
        started.add(process);
        return process;
    }

    private List<String> run(int exitCode, String... arguments) {
        var process = start(arguments);
        assertEquals(exitCode, process.awaitExit(ParleyProcess.PATIENCE), () -> process.out() + " " + process.err());
        return Stream.concat(process.out().stream(), process.err().stream()).toList();
    }

    private static void stop(ParleyProcess process) {
        process.terminate();
        process.awaitExit(STOPS_WITHIN);
    }

    private JsonNode json(int onPort, String path) throws IOException {
        return Endpoint.JSON.readTree(client.get(onPort, path).body());
    }

    @Test
    void aBackupUnderLoadIsTheStateOfItsRevisionAndBeginsANewCluster() throws IOException {
        var source = dev(port, "source");
        client.put(port, "a", "first");
        client.put(port, "a", "second");
        var stopped = new AtomicBoolean();
        var writing = CompletableFuture.runAsync(() -> {
            for (int i = 0; !stopped.get(); i++) {
                client.put(port, "load/" + i % 50, "v" + i);
            }
        });
        ParleyProcess.await("load", () -> client.get(port, "/v1/kv/load/9").status() == 200);
        String endpoint = "http://127.0.0.1:" + port;
        JsonNode taken = Endpoint.JSON.readTree(run(0, "backup", "--endpoint", endpoint, "--out", "a.backup", "--json")
                .getFirst());
        ParleyProcess.await(
                "load goes on", () -> newestAt(port) > taken.path("revision").asLong() + 20);
        stopped.set(true);
        writing.join();
        long revision = taken.path("revision").asLong();
        String expected = client.get(port, "/v1/export?revision=" + revision).body();
        assertTrue(run(1, "backup", "--endpoint", endpoint, "--out", "a.backup")
                .getFirst()
                .contains("is there already"));
        stop(source);

        assertTrue(run(0, "verify", "a.backup")
                .getFirst()
                .startsWith("sound: archive of cluster parley, revision " + revision));
        assertTrue(run(0, "verify", "source").getFirst().startsWith("sound: tables"));
        refusesWhatIsDamagedOrUsed();
        assertTrue(run(0, "restore", "a.backup", "--data", "target")
                .getFirst()
                .startsWith("restored revision " + revision));
        assertTrue(run(1, "restore", "a.backup", "--data", "target").getFirst().contains("is in use"));

        dev(port, "target");
        assertEquals(expected, client.get(port, "/v1/export").body());
        assertEquals("second", client.value(port, "a"));
        assertEquals("first", client.get(port, "/v1/kv/a?revision=1").body());
        assertEquals(2, json(port, "/v1/history/a").path("items").size());
        assertEquals(revision + GAP, newestAt(port));
        client.put(port, "a", "third");
        assertEquals(revision + GAP + 1, newestAt(port));
        assertTrue(json(port, "/v1/status").path("cluster").asText().startsWith("parley-"));
        assertEquals(List.of("dev"), json(port, "/v1/members").path("members").findValuesAsText("id"));
    }

    private long newestAt(int onPort) {
        try {
            return json(onPort, "/v1/kv?count_only=true").path("revision").asLong();
        } catch (IOException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private void refusesWhatIsDamagedOrUsed() throws IOException {
        byte[] content = Files.readAllBytes(directory.resolve("a.backup"));
        content[content.length / 2] ^= 1;
        Files.write(directory.resolve("bad.backup"), content);
        assertTrue(run(1, "verify", "bad.backup").getFirst().matches("damaged: \\d+\\.table .*"));
        assertTrue(run(1, "restore", "bad.backup", "--data", "bad").getFirst().contains("nothing was written"));
        assertFalse(Files.exists(directory.resolve("bad")));
    }

    @Test
    void aNodeWhoseZooKeeperIsGoneServesNothingUntilAnOperatorDecidesForANewLog() throws IOException {
        var first = dev(port, "data");
        client.put(port, "a", "kept");
        run(0, "backup", "--endpoint", "http://127.0.0.1:" + port, "--out", "flushed.backup");
        assertTrue(run(1, "recover", "--new-log", "--data", "data").getFirst().contains("is in use"));
        stop(first);
        Files.move(directory.resolve("data/zookeeper"), directory.resolve("lost"));

        var refused = start("dev", "--port", Integer.toString(port), "--data", "data");
        ParleyProcess.await("refusal", () -> client.get(port, "/readyz").body().contains("log-behind-replica"));
        stop(refused);
        assertTrue(run(0, "recover", "--new-log", "--data", "data").getFirst().contains("is given up"));

        var second = dev(port, "data");
        assertEquals("kept", client.value(port, "a"));
        assertEquals(1, newestAt(port));
        assertEquals(201, client.put(port, "b", "new").status());
        stop(second);
        dev(port, "data");
        assertEquals("new", client.value(port, "b"));
        assertEquals(2, newestAt(port));
    }

    @Test
    void aDamagedLoneZooKeeperNamesTheNewestBackup() throws IOException {
        var first = dev(port, "data");
        client.put(port, "a", "1");
        client.put(port, "b", "2");
        Files.createDirectories(directory.resolve("backups"));
        run(0, "backup", "--endpoint", "http://127.0.0.1:" + port, "--out", "backups/one.backup");
        stop(first);
        try (Stream<Path> logs = Files.list(directory.resolve("data/zookeeper/version-2"))) {
            Path log = logs.filter(file -> file.getFileName().toString().startsWith("log."))
                    .findFirst()
                    .orElseThrow();
            byte[] content = Files.readAllBytes(log);
            content[200] ^= 1;
            Files.write(log, content);
        }
        assertTrue(run(1, "verify", "data").stream().anyMatch(line -> line.contains("version-2/log.")));
        List<String> told =
                run(1, "dev", "--port", Integer.toString(port), "--data", "data", "--backup.directory", "backups");
        assertTrue(told.getLast().contains("the newest backup is backups/one.backup"), told.toString());
    }
}
