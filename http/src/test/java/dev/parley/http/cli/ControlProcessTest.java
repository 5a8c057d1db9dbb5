package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
final class ControlProcessTest {
    @TempDir
    Path directory;

    private final KvClient client = new KvClient();
    private final List<ParleyProcess> started = new ArrayList<>();

    @AfterEach
    void close() {
        started.forEach(ParleyProcess::close);
        client.close();
    }

    private ParleyProcess start(String... arguments) {
        var process = ParleyProcess.start(directory, arguments);
        started.add(process);
        return process;
    }

    private JsonNode json(int port, String path) {
        KvClient.Answer answer = client.get(port, path);
        try {
            return answer.status() == 200 ? Endpoint.JSON.readTree(answer.body()) : MissingNode.getInstance();
        } catch (IOException malformed) {
            throw new AssertionError(answer.body(), malformed);
        }
    }

    private static int post(int port, String path) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException gone) {
            return 0;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** {@code name node} of each cluster event, with its id. */
    private List<String> clusterEvents(int port) {
        List<String> events = new ArrayList<>();
        for (JsonNode event : json(port, "/v1/events?limit=1000").path("events")) {
            if (event.path("scope").asText().equals("cluster")) {
                events.add(event.path("id").asText() + " " + event.path("name").asText() + " "
                        + event.path("node").asText() + " "
                        + event.at("/data/reason").asText());
            }
        }
        return events;
    }

    private Set<String> ready(int port) {
        Set<String> ready = new TreeSet<>();
        for (JsonNode member : json(port, "/v1/members").path("members")) {
            if (member.path("state").asText().equals("ready")) {
                ready.add(member.path("id").asText());
            }
        }
        return ready;
    }

    @Test
    @DisplayName("A1, A9-A11, A13, B1, B4: one formation, one list, one order of events, and the last-but-one can die")
    void threeNodesFormOneClusterAndAgreeOnWhatHappened() throws IOException {
        int port = ParleyProcess.freePorts(3);
        var cluster = start("cluster", "--nodes", "3", "--port", Integer.toString(port));
        cluster.awaitLine(line -> line.equals("ready"));
        for (int node = 0; node < 3; node++) {
            int at = port + node;
            ParleyProcess.await("three members at " + at, () -> ready(at).equals(Set.of("n1", "n2", "n3")));
            ParleyProcess.await(
                    "health at " + at,
                    () -> json(at, "/v1/health").path("status").asText().equals("healthy"));
            ParleyProcess.await(
                    "system at " + at,
                    () -> json(at, "/v1/system").path("status").asText().equals("ready"));
        }
        JsonNode leader = json(port, "/v1/leader");
        assertEquals(204, post(port + 1, "/v1/leader:resign"));
        ParleyProcess.await("another leader", () -> {
            JsonNode now = json(port + 2, "/v1/leader");
            return now.has("leader")
                    && !now.path("leader").asText().equals(leader.path("leader").asText());
        });
        assertTrue(json(port, "/v1/leader").path("epoch").asLong()
                > leader.path("epoch").asLong());

        cluster.children().forEach(child -> {
            String n3 = cluster.out().stream()
                    .filter(line -> line.startsWith("n3 "))
                    .findFirst()
                    .orElseThrow();
            child.filter(process -> n3.contains("pid=" + process.pid() + " "))
                    .ifPresent(ProcessHandle::destroyForcibly);
        });
        for (int node = 0; node < 2; node++) {
            int at = port + node;
            ParleyProcess.await("two members at " + at, () -> ready(at).equals(Set.of("n1", "n2")));
            ParleyProcess.await(
                    "expiry at " + at, () -> client.get(at, "/v1/members/n3").status() == 404);
        }
        ParleyProcess.await("expiry among the events", () -> clusterEvents(port).stream()
                .anyMatch(event -> event.contains("node_left n3")));
        ParleyProcess.await("the same events", () -> clusterEvents(port).equals(clusterEvents(port + 1)));
        List<String> events = clusterEvents(port);
        assertEquals(
                1,
                events.stream()
                        .filter(event -> event.contains("cluster_formed"))
                        .count(),
                events.toString());
        for (String node : List.of("n1", "n2", "n3")) {
            assertEquals(
                    1,
                    events.stream()
                            .filter(event -> event.contains("node_joined " + node))
                            .count(),
                    events.toString());
        }
        assertEquals(
                1,
                events.stream()
                        .filter(event -> event.contains("node_left n3 expired"))
                        .count(),
                events.toString());
        assertEquals("degraded", json(port, "/v1/health").path("status").asText());
        assertTrue(Files.readAllLines(directory.resolve("data/cluster/n1/parley.log")).stream()
                .anyMatch(line -> line.contains("event=node_left") && line.contains("about=n3")));
    }

    @Test
    @DisplayName("A6, A10, H3-H7: a node alone tells how it begins, and that it left gracefully")
    void aNodeAloneTellsItsLifeInOrder() {
        int port = ParleyProcess.freePorts(1);
        String[] dev = {"dev", "--port", Integer.toString(port), "--node.labels", "zone=a"};
        var first = start(dev);
        first.awaitLine(line -> line.startsWith("try"));
        ParleyProcess.await("membership", () -> ready(port).equals(Set.of("dev")));
        ParleyProcess.await(
                "system", () -> json(port, "/v1/system").path("status").asText().equals("ready"));
        JsonNode before = json(port, "/v1/members/dev");
        assertEquals("a", before.at("/labels/zone").asText());
        List<String> names =
                json(port, "/v1/events?category=system").path("events").findValuesAsText("name");
        assertEquals("initialization_started", names.getFirst());
        assertEquals(
                List.of("subsystem_starting"),
                names.subList(1, 6).stream().distinct().toList());
        assertEquals("system_ready", names.getLast());
        first.terminate();
        first.awaitExit(java.time.Duration.ofSeconds(20));

        start(dev).awaitLine(line -> line.startsWith("try"));
        ParleyProcess.await("membership", () -> ready(port).equals(Set.of("dev")));
        assertNotEquals(
                before.path("incarnation").asText(),
                json(port, "/v1/members/dev").path("incarnation").asText());
        ParleyProcess.await(
                "two joins",
                () -> clusterEvents(port).stream()
                                .filter(event -> event.contains("node_joined dev"))
                                .count()
                        == 2);
        List<String> events = clusterEvents(port);
        assertEquals(
                1,
                events.stream()
                        .filter(event -> event.contains("node_left dev graceful"))
                        .count(),
                events.toString());
        assertEquals(
                1,
                events.stream()
                        .filter(event -> event.contains("cluster_formed"))
                        .count(),
                events.toString());
        assertFalse(events.stream().anyMatch(event -> event.contains("expired")), events.toString());
    }
}
