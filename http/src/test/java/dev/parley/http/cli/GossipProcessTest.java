package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gossiped plane between real nodes, most of all when ZooKeeper has no quorum. */
@Tag("processes")
final class GossipProcessTest {
    private static final Pattern TEXT = Pattern.compile("\"text\":\"([^\"]*)\"");

    @TempDir
    Path directory;

    private final int port = ParleyProcess.freePorts(3);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
    }

    private String send(String method, int node, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + (port + node) + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(20))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException nobody) {
            return "0 " + nobody;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private String get(int node, String path) {
        return send("GET", node, path, "");
    }

    private String post(int node, String text) {
        return send("POST", node, "/v1/chat/rooms/lobby/messages", "{\"user\":\"ann\",\"text\":\"" + text + "\"}");
    }

    private List<String> texts(int node) {
        return TEXT.matcher(get(node, "/v1/chat/rooms/lobby/messages?limit=1000"))
                .results()
                .map((MatchResult text) -> text.group(1))
                .toList();
    }

    private ParleyProcess cluster() {
        var cluster = ParleyProcess.start(directory, "cluster", "--nodes", "3", "--port", Integer.toString(port));
        cluster.awaitLine(line -> line.equals("ready"));
        return cluster;
    }

    @Test
    @DisplayName(
            "L10, L16, M6, M18, B14: chat and groups go on without a quorum, and every message is there after all were killed")
    void chatAndGroupsGoOnWithoutAQuorum() {
        List<String> acknowledged = new ArrayList<>();
        try (var cluster = cluster()) {
            ParleyProcess.await("links", () -> post(0, "warm").contains("\"durable_on\":2"));
            ParleyProcess.await(
                    "the same everywhere",
                    () -> !texts(0).isEmpty() && texts(1).equals(texts(0)) && texts(2).equals(texts(0)));
            acknowledged.addAll(texts(0));
            send("PUT", 1, "/v1/groups/workers/members/w2?ttl=1h", "");
            ParleyProcess.await("w2 at n1", () -> get(0, "/v1/groups/workers").contains("\"w2\""));
            ParleyProcess.await(
                    "chat servers", () -> get(0, "/v1/groups/chat_servers").contains("\"n3\""));

            List<ProcessHandle> nodes =
                    cluster.children().flatMap(Optional::stream).toList();
            nodes.get(1).destroyForcibly();
            nodes.get(2).destroyForcibly();
            ParleyProcess.await(
                    "w2 gone with its node", () -> !get(0, "/v1/groups/workers").contains("\"w2\""));
            ParleyProcess.await("no quorum", () -> get(0, "/readyz").startsWith("503"));
            assertTrue(get(0, "/readyz?consistency=stale").startsWith("200"));
            for (int i = 0; i < 20; i++) {
                String answer = post(0, "alone " + i);
                assertTrue(answer.startsWith("201"), answer);
                acknowledged.add("alone " + i);
            }
            assertTrue(send("PUT", 0, "/v1/groups/workers/members/w1", "").startsWith("201"));
            assertTrue(send("PUT", 0, "/v1/kv/k", "v").startsWith("503")
                    || send("PUT", 0, "/v1/kv/k", "v").startsWith("504"));
            nodes.getFirst().destroyForcibly();
            cluster.awaitExit(Duration.ofSeconds(30));
        }
        try (var cluster = cluster()) {
            assertTrue(cluster.isAlive());
            for (int node = 0; node < 3; node++) {
                int here = node;
                ParleyProcess.await(
                        "everything at n" + (node + 1), () -> texts(here).equals(acknowledged));
            }
            assertTrue(post(2, "and on").startsWith("201"));
            assertEquals(acknowledged.size() + 1, texts(2).size());
        }
    }

    @Test
    void aNodeThatIsKilledIsSuspectedBeforeItsSessionEnds() {
        try (var cluster = cluster()) {
            ParleyProcess.await("all ready", () -> get(0, "/v1/members").split("\"ready\"", -1).length == 4);
            cluster.children().flatMap(Optional::stream).toList().get(2).destroyForcibly();
            ParleyProcess.await(
                    "suspected", () -> get(0, "/v1/members?consistency=stale").contains("\"suspected\""));
        }
    }
}
