package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
final class ClusterProcessTest {
    @TempDir
    Path directory;

    private final int port = ParleyProcess.freePorts(4);
    private final KvClient client = new KvClient();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void theOthersGoOnWhenOneNodeIsKilledAndAllContinueAfterARestart() {
        try (var cluster = cluster()) {
            assertTrue(cluster.out().stream()
                    .anyMatch(line -> line.matches("n2 pid=\\d+ url=http://127.0.0.1:" + (port + 1))));
            assertEquals(201, client.put(port, "greeting", "hello").status());
            assertEquals("hello", client.value(port + 1, "greeting"));
            assertEquals("hello", client.value(port + 2, "greeting"));

            ProcessHandle second = handles(cluster).get(1);
            second.destroyForcibly();
            cluster.awaitLine(line -> line.equals("n2 pid=" + second.pid() + " died exit=137"));
            ParleyProcess.await(
                    "write without n2",
                    () -> client.put(port, "after", "it died").status() == 201);
            ParleyProcess.await(
                    "read through n3", () -> client.value(port + 2, "after").equals("it died"));
            assertEquals(0, client.get(port + 1, "/livez").status());

            cluster.terminate();
            assertEquals(0, cluster.awaitExit(Duration.ofSeconds(15)));
            assertTrue(handles(cluster).stream().noneMatch(ProcessHandle::isAlive));
        }
        try (var cluster = cluster()) {
            assertEquals("it died", client.value(port + 1, "after"));
            assertEquals(200, client.put(port + 1, "after", "is back").status());
            assertFalse(cluster.out().contains("died"));
        }
    }

    @Test
    void everyAcknowledgedWriteIsThereAfterAllWereKilledAtOnce() {
        Map<String, String> acknowledged = new TreeMap<>();
        try (var cluster = cluster()) {
            for (int i = 0; i < 300; i++) {
                if (client.put(port + i % 3, "k" + i, "v" + i).status() == 201) {
                    acknowledged.put("k" + i, "v" + i);
                }
            }
            handles(cluster).forEach(ProcessHandle::destroyForcibly);
            assertEquals(ExitCode.FAILED, cluster.awaitExit(Duration.ofSeconds(15)));
            assertTrue(
                    cluster.err().contains("parley: every node has ended"),
                    cluster.err().toString());
        }
        assertTrue(acknowledged.size() > 250, "only " + acknowledged.size() + " writes were acknowledged");
        try (var cluster = cluster()) {
            for (int node = 0; node < 3; node++) {
                Map<String, String> found = new TreeMap<>();
                for (String key : acknowledged.keySet()) {
                    found.put(key, client.value(port + node, key));
                }
                assertEquals(acknowledged, found);
            }
            assertTrue(cluster.isAlive());
        }
    }

    @Test
    void aFirstFormationThatWasKilledIsFinishedByTheNextStart() {
        try (var cluster = ParleyProcess.start(directory, "cluster", "--port", Integer.toString(port))) {
            Path snapshots = directory.resolve("data/cluster/n1/zookeeper/version-2");
            ParleyProcess.await("ZooKeeper's first files", () -> Files.exists(snapshots) || !cluster.isAlive());
            handles(cluster).forEach(ProcessHandle::destroyForcibly);
            cluster.awaitExit(Duration.ofSeconds(15));
        }
        try (var cluster = cluster()) {
            assertEquals(201, client.put(port, "greeting", "hello").status());
            assertTrue(cluster.isAlive());
        }
    }

    @Test
    void noNodeOutlivesAParentThatWasKilled() {
        try (var cluster = cluster()) {
            List<ProcessHandle> nodes = handles(cluster);
            cluster.kill();
            ParleyProcess.await("end of the nodes", () -> nodes.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void aFourthNodeJoinsWithTheSecretAndIsRefusedWithoutIt() throws IOException {
        try (var cluster = cluster()) {
            assertTrue(cluster.isAlive());
            client.put(port, "greeting", "hello");
            String url = "http://127.0.0.1:" + port;
            String own = Integer.toString(port + 3);
            Path wrong = Files.writeString(directory.resolve("wrong"), "this-is-not-the-secret\n");
            try (var refused = ParleyProcess.start(
                    directory,
                    "node",
                    "--join",
                    url,
                    "--port",
                    own,
                    "--data",
                    "n4",
                    "--secret-file",
                    wrong.toString())) {
                assertEquals(ExitCode.FAILED, refused.awaitExit(ParleyProcess.PATIENCE));
                assertEquals(
                        List.of("parley: the node at " + url + " does not know this secret; give that of its cluster"
                                + " with --secret-file"),
                        refused.err());
            }
            assertEquals(403, client.get(port, "/internal/v1/join").status());
            // The secret of ./data/cluster is found by itself.
            try (var fourth = ParleyProcess.start(directory, "node", "--join", url, "--port", own, "--data", "n4")) {
                fourth.awaitLine(line -> line.startsWith("ready "));
                assertEquals("hello", client.value(port + 3, "greeting"));
                assertEquals(
                        200, client.put(port + 3, "greeting", "from the fourth").status());
                assertEquals("from the fourth", client.value(port + 1, "greeting"));
                fourth.terminate();
                assertEquals(0, fourth.awaitExit(Duration.ofSeconds(10)));
            }
        }
    }

    private ParleyProcess cluster() {
        var cluster = ParleyProcess.start(directory, "cluster", "--nodes", "3", "--port", Integer.toString(port));
        cluster.awaitLine(line -> line.equals("ready"));
        return cluster;
    }

    private static List<ProcessHandle> handles(ParleyProcess cluster) {
        return cluster.children().flatMap(Optional::stream).toList();
    }
}
