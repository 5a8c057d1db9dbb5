package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
final class OutageProcessTest {
    private static final Pattern TOKEN = Pattern.compile("\"token\":(\\d+)");

    @TempDir
    Path directory;

    private final int port = ParleyProcess.freePorts(3);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
    }

    private String send(int node, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + (port + node) + path))
                .method(method, BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(90));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException nobody) {
            return "0 " + nobody;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void signal(String signal, ProcessHandle process) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }

    @Test
    @DisplayName(
            "B5, E9: who was away past a lock's ttl is fenced; A17, B16: without ZooKeeper a node says what is missing,"
                    + " goes on with what needs none, and recovers without a restart")
    void whoWasAwayIsFencedAndAnOutageIsSaidAndSurvived() throws IOException, InterruptedException {
        try (var cluster =
                ParleyProcess.start(directory, "cluster", "--nodes", "3", "--port", Integer.toString(port))) {
            cluster.awaitLine(line -> line.equals("ready"));
            aHolderThatWasAwayIsFenced();
            List<ProcessHandle> nodes =
                    cluster.children().flatMap(Optional::stream).toList();
            signal("STOP", nodes.get(1));
            signal("STOP", nodes.get(2));
            try {
                withoutAQuorum();
            } finally {
                signal("CONT", nodes.get(1));
                signal("CONT", nodes.get(2));
            }
            for (int node = 0; node < 3; node++) {
                int here = node;
                ParleyProcess.await("ready again: n" + (node + 1), () -> send(here, "GET", "/readyz", "")
                        .startsWith("200"));
            }
            ParleyProcess.await(
                    "a write", () -> send(0, "PUT", "/v1/kv/after", "x").startsWith("20"));
            assertEquals("200 x", send(2, "GET", "/v1/kv/after", ""));
            assertTrue(cluster.isAlive());
        }
    }

    private void aHolderThatWasAwayIsFenced() {
        assertTrue(send(0, "PUT", "/v1/locks/l/guards/g", "{\"prefix\":\"guarded/\"}")
                .startsWith("201"));
        String first = send(0, "POST", "/v1/locks/l", "{\"owner\":\"away\",\"ttl\":\"1s\"}");
        Matcher token = TOKEN.matcher(first);
        assertTrue(token.find(), first);
        String fence = "l:" + token.group(1);
        String second = send(1, "POST", "/v1/locks/l", "{\"owner\":\"next\",\"ttl\":\"1h\",\"wait\":\"60s\"}");
        assertTrue(second.startsWith("201"), second);
        String late = send(0, "PUT", "/v1/kv/guarded/a", "1", "Parley-Fence", fence);
        assertTrue(late.startsWith("409") && late.contains("\"urn:parley:problem:fenced\""), late);
        String unfenced = send(0, "PUT", "/v1/kv/guarded/a", "1");
        assertTrue(unfenced.startsWith("428"), unfenced);
    }

    private void withoutAQuorum() {
        ParleyProcess.await("no quorum", () -> send(0, "GET", "/readyz", "").startsWith("503"));
        String ready = send(0, "GET", "/readyz", "");
        assertTrue(ready.contains("\"ready\":false") && ready.contains("\"missing\":[\""), ready);
        assertTrue(send(0, "GET", "/livez", "").startsWith("200"));
        assertTrue(send(0, "GET", "/readyz?consistency=stale", "").startsWith("200"));
        assertTrue(send(0, "GET", "/v1/locks/l?consistency=stale", "").startsWith("200"));
        assertTrue(send(0, "PUT", "/v1/groups/g/members/m", "").startsWith("201"));
        assertTrue(send(0, "GET", "/v1/groups/g", "").contains("\"m\""));
        String refused = send(0, "PUT", "/v1/kv/meanwhile?timeout=1s", "x");
        assertTrue(refused.startsWith("503") || refused.startsWith("504"), refused);
    }
}
