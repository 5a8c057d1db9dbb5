package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes that agree on their configuration. */
@Tag("processes")
final class ConfigProcessTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final int port = ParleyProcess.freePorts(3);
    private final HttpClient http = HttpClient.newHttpClient();

    private record Reply(int status, JsonNode json) {}

    private Reply send(String method, int node, String path, String body) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + (port + node) + path))
                            .timeout(Duration.ofSeconds(30))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Reply(
                    answer.statusCode(), answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body()));
        } catch (IOException gone) {
            return new Reply(0, JSON.nullNode());
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private ParleyProcess cluster() {
        var cluster = ParleyProcess.start(directory, "cluster", "--nodes", "3", "--port", Integer.toString(port));
        cluster.awaitLine(line -> line.equals("ready"));
        ParleyProcess.await(
                "three members",
                () -> send("GET", 0, "/v1/members", "").json().at("/members").size() == 3);
        return cluster;
    }

    private static List<ProcessHandle> handles(ParleyProcess cluster) {
        return cluster.children().flatMap(Optional::stream).toList();
    }

    @Test
    @DisplayName(
            "F3, F5, F7, F9, F11: members vote, all have what was applied, a minority changes nothing, a restart loses nothing")
    void membersVoteAndAMinorityChangesNothing() {
        int inDoubt = 101;
        try (var cluster = cluster()) {
            Reply all = send("PUT", 0, "/v1/config/a?quorum=all&applied=all&timeout=20s", "1");
            assertEquals(201, all.status(), all::toString);
            for (String node : List.of("n1", "n2", "n3")) {
                assertEquals("ack", all.json().at("/votes/" + node + "/vote").asText(), all::toString);
                assertTrue(all.json().at("/applied/" + node).has("after_ms"), all::toString);
            }
            for (int round = 0; round < 50; round++) {
                Reply put = send("PUT", round % 3, "/v1/config/a?applied=all&timeout=20s", Integer.toString(round));
                assertEquals(200, put.status(), put::toString);
                for (int node = 0; node < 3; node++) {
                    assertEquals(
                            round,
                            send("GET", node, "/v1/config/a?consistency=stale", "")
                                    .json()
                                    .asInt(),
                            "what every member acknowledged is what a stale read there returns");
                }
            }
            talkAboutItOnTheCommandLine();
            List<ProcessHandle> nodes = handles(cluster);
            nodes.get(2).destroyForcibly();
            nodes.get(2).onExit().join();
            Reply two = send("PUT", 0, "/v1/config/a?timeout=20s", "100");
            assertEquals(200, two.status(), two::toString);
            Reply pending = send("PUT", 0, "/v1/config/a?applied=all&timeout=2s", "101");
            assertEquals(202, pending.status(), pending::toString);
            assertEquals("[\"n3\"]", pending.json().get("pending").toString());
            Reply refused = send("PUT", 0, "/v1/config/a?quorum=all&timeout=1s", "102");
            assertEquals(503, refused.status(), refused::toString);
            assertEquals("not-applied", refused.json().get("outcome").asText());
            nodes.get(1).destroyForcibly();
            nodes.get(1).onExit().join();
            int status = send("PUT", 0, "/v1/config/a?timeout=2s", "103").status();
            assertTrue(status == 503 || status == 504, "a minority was answered " + status);
            assertEquals(
                    101,
                    send("GET", 0, "/v1/config/a?consistency=stale", "").json().asInt());
            inDoubt = status == 504 ? 103 : 101;
            nodes.getFirst().destroyForcibly();
            cluster.awaitExit(Duration.ofSeconds(15));
        }
        try (var cluster = cluster()) {
            assertTrue(cluster.isAlive());
            int value = send("GET", 0, "/v1/config/a", "").json().asInt();
            assertTrue(value == 101 || value == inDoubt, "what was not agreed on is nowhere, but found " + value);
            for (int node = 1; node < 3; node++) {
                assertEquals(value, send("GET", node, "/v1/config/a", "").json().asInt());
            }
            assertEquals(
                    200,
                    send("PUT", 1, "/v1/config/a?quorum=all&timeout=20s", "104").status());
        }
    }

    private void talkAboutItOnTheCommandLine() {
        long revision = Long.parseLong(cli("set", "cli/a", "{\"x\":1}", "--applied", "all", "--author", "me"));
        assertEquals("{\"x\":1}", cli("get", "cli/a"));
        String next = cli("set", "cli/a", "2", "--if-revision", Long.toString(revision));
        assertEquals("CLI_A='2'", cli("get", "cli/", "--as", "env"));
        assertTrue(cli("history", "cli/").contains("cli/a = {\"x\":1}  by me"));
        assertEquals(
                "{\"path\":\"cli/a\",\"type\":\"changed\",\"from\":{\"x\":1},\"to\":2}",
                cli("diff", Long.toString(revision), next, "--prefix", "cli/"));
        assertTrue(Long.parseLong(cli("rollback", "cli/", Long.toString(revision))) > revision);
        String watched = cli("watch", "cli/", "--from", Long.toString(revision), "--count", "3");
        assertEquals(3, watched.lines().count(), watched);
        assertEquals("{\"x\":1}", cli("get", "cli/a", "--stale"));
        cli("ack", "web-1", "cli/", next);
        cli("ack", "web-2", "cli/", next, "--rejected", "no such host");
        assertTrue(cli("acks", "cli/").contains("web-2  cli/*  " + next + "  rejected: no such host  "));
        assertEquals(1, cli("acks", "--client", "web-1").lines().count());
    }

    private String cli(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        var terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]),
                new ByteArrayOutputStream(),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Map.of("PARLEY_ENDPOINT", "http://127.0.0.1:" + port));
        List<String> line = new ArrayList<>(List.of("config"));
        line.addAll(List.of(arguments));
        assertEquals(ExitCode.OK, new CommandTree(terminal).run(line.toArray(String[]::new)), err::toString);
        return out.toString().strip();
    }
}
