package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes, one cluster for all of it, because starting one is what takes the time. */
@Tag("processes")
final class SingletonProcessTest {
    private static final int SINGLETONS = 12;
    private static final int CALLERS = 1_000;

    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<ParleyProcess> started = new ArrayList<>();

    @AfterEach
    void close() {
        started.forEach(ParleyProcess::close);
        http.close();
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(90));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new AssertionError(request + " was not answered", failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private JsonNode json(int port, String path) {
        try {
            HttpResponse<String> answer = http.send(request(port, path).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Endpoint.JSON.readTree(answer.body()) : MissingNode.getInstance();
        } catch (IOException gone) {
            return MissingNode.getInstance();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static HttpRequest singleton(int port, String name) {
        String body =
                "{\"name\":\"" + name + "\",\"kind\":\"heartbeat\",\"hand_over\":true,\"arguments\":{\"key\":\"beats/"
                        + name + "\",\"interval_ms\":100}}";
        return request(port, "/v1/singletons?timeout=60s")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> post(int port, String path) {
        return send(
                request(port, path).POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    /** Name and owner of those that run, empty when one of them is not shown as running. */
    private Map<String, String> owners(int port) {
        Map<String, String> owners = new HashMap<>();
        for (JsonNode item :
                json(port, "/v1/processes?state=running&limit=1000").path("items")) {
            owners.put(item.path("name").asText(), item.path("node").asText());
        }
        return owners;
    }

    private static JsonNode read(String json) {
        try {
            return Endpoint.JSON.readTree(json);
        } catch (IOException malformed) {
            throw new AssertionError(json, malformed);
        }
    }

    @Test
    @DisplayName(
            "C2-C5, C7, C11, C12, D1, D2: started anywhere, run once, moved on purpose, and elsewhere after a kill")
    void singletonsRunOnceAndOutliveTheirNode() {
        int port = ParleyProcess.freePorts(3);
        var cluster = ParleyProcess.start(directory, "cluster", "--nodes", "3", "--port", Integer.toString(port));
        started.add(cluster);
        cluster.awaitLine(line -> line.equals("ready"));
        for (int node = 0; node < 3; node++) {
            int at = port + node;
            ParleyProcess.await(
                    "three members at " + at,
                    () -> json(at, "/v1/members").path("members").size() == 3);
        }

        manyStartOneName(port);
        for (int i = 0; i < SINGLETONS; i++) {
            assertEquals(201, send(singleton(port + i % 3, "s" + i)).statusCode());
        }
        ParleyProcess.await("all run", () -> owners(port).size() == SINGLETONS + 1);
        movesOnPurpose(port);
        Map<String, String> before = owners(port);
        assertTrue(new HashSet<>(before.values()).size() > 1, before.toString());

        kill(cluster, "n3");
        for (int node = 0; node < 2; node++) {
            int at = port + node;
            ParleyProcess.await("all run on those that are left, as seen at " + at, () -> {
                Map<String, String> now = owners(at);
                return now.size() == SINGLETONS + 1 && !now.containsValue("n3");
            });
        }
        Map<String, String> after = owners(port);
        before.forEach((name, node) -> {
            if (!node.equals("n3")) {
                assertEquals(node, after.get(name), name + " moved without need");
            }
        });
        for (String name : before.keySet()) {
            atMostOneByToken(port, name);
        }
    }

    private void manyStartOneName(int port) {
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            calls.add(http.sendAsync(singleton(port + i % 3, "one"), HttpResponse.BodyHandlers.ofString()));
        }
        int created = 0;
        Set<String> owners = new HashSet<>();
        for (CompletableFuture<HttpResponse<String>> call : calls) {
            HttpResponse<String> answer = call.join();
            assertTrue(answer.statusCode() == 201 || answer.statusCode() == 200, answer.body());
            created += answer.statusCode() == 201 ? 1 : 0;
            JsonNode json = read(answer.body());
            owners.add(json.path("node").asText() + " " + json.path("token").asLong());
        }
        assertEquals(1, created);
        assertEquals(1, owners.size(), owners.toString());
    }

    private void movesOnPurpose(int port) {
        JsonNode before = json(port, "/v1/processes/one");
        assertEquals(202, post(port + 1, "/v1/processes/one:migrate").statusCode());
        ParleyProcess.await("it runs elsewhere", () -> {
            JsonNode now = json(port + 2, "/v1/processes/one");
            return now.path("state").asText().equals("running")
                    && now.path("token").asLong() > before.path("token").asLong();
        });
        assertNotEquals(before.path("node"), json(port, "/v1/processes/one").path("node"));
    }

    private static void kill(ParleyProcess cluster, String node) {
        String line = cluster.out().stream()
                .filter(each -> each.startsWith(node + " "))
                .findFirst()
                .orElseThrow();
        cluster.children().forEach(child -> child.filter(process -> line.contains("pid=" + process.pid() + " "))
                .ifPresent(ProcessHandle::destroyForcibly));
    }

    /** In the one order of the log, the token of its heartbeats never falls: no older instance was listened to. */
    private void atMostOneByToken(int port, String name) {
        long newer = Long.MAX_VALUE;
        JsonNode items =
                json(port, "/v1/history/beats%2F" + name + "?limit=1000").path("items");
        assertTrue(items.size() > 0, name + " never beat");
        for (JsonNode item : items) {
            long token = read(item.path("value").asText()).path("token").asLong();
            assertTrue(token <= newer, name + " beat with " + token + " after " + newer);
            newer = token;
        }
    }
}
