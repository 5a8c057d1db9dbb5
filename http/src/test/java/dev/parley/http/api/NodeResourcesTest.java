package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NodeResourcesTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void register(String node) {
        Replica.Result result = server.node()
                .replica()
                .submit(
                        Submission.of(new Command.RegisterMember(node, new UUID(1, 2), "http://10.0.0.7:7070", 1)),
                        Duration.ofSeconds(5));
        assertTrue(result instanceof Replica.Result.Decided, result::toString);
    }

    @Test
    void theStatusIsComplete() {
        HttpReply reply = server.get("/v1/status");
        assertEquals(200, reply.status());
        JsonNode status = reply.json();
        assertEquals("n1", status.get("node").asText());
        assertEquals("test", status.get("cluster").asText());
        assertEquals("1.2.3", status.get("version").asText());
        assertTrue(status.get("role").asText().matches("leader|follower"));
        assertTrue(status.get("applied_index").asLong() > 0);
        assertTrue(status.has("revision"));
        assertEquals("connected", status.at("/zookeeper/state").asText());
        assertEquals("embedded", status.at("/zookeeper/mode").asText());
        assertEquals(42, status.get("uptime_seconds").asLong());
        assertTrue(status.get("trim_held_by").isArray());
    }

    @Test
    void theNodeLivesAndIsReady() {
        assertEquals(200, server.get("/livez").status());
        HttpReply ready = server.get("/readyz");
        assertEquals(200, ready.status());
        assertTrue(ready.json().get("ready").asBoolean());
        assertEquals(0, ready.json().get("missing").size());
        assertEquals(200, server.get("/readyz?consistency=stale").status());
        assertEquals(400, server.get("/readyz?consistensy=stale").status());
    }

    @Test
    void membersAreShownAndRemovedUnlessTheyAreAlive() {
        register("m7");
        Awaitility.await()
                .untilAsserted(() ->
                        assertTrue(server.get("/v1/members?all=true").body().contains("\"n1\"")));
        server.alive.add("n1");
        server.alive.add("m7");
        JsonNode member = server.get("/v1/members/m7").json();
        assertEquals("m7", member.get("id").asText());
        assertEquals("http://10.0.0.7:7070", member.get("url").asText());
        assertEquals("joining", member.get("state").asText());
        JsonNode all = server.get("/v1/members").json();
        assertTrue(all.get("members").size() >= 2, all::toString);
        assertTrue(all.has("revision"));
        HttpReply alive = server.delete("/v1/members/m7");
        assertEquals(409, alive.status());
        assertEquals("member-alive", alive.problem());
        server.alive.remove("m7");
        assertEquals(404, server.get("/v1/members/m7").status());
        assertTrue(server.get("/v1/members?all=true").body().contains("\"state\":\"away\""));
        assertEquals(204, server.delete("/v1/members/m7").status());
        HttpReply gone = server.delete("/v1/members/m7");
        assertEquals(404, gone.status());
        assertEquals("no-such-member", gone.problem());
        assertEquals(404, server.get("/v1/members/m7").status());
        assertEquals(400, server.delete("/v1/members/-m7").status());
    }

    @Test
    void thePagesOfMembersMayReadAndWriteAndOthersMayNot() {
        register("m8");
        HttpReply member = server.put("/v1/kv/cors", "x", "Origin: http://10.0.0.7:7070");
        assertEquals(
                "http://10.0.0.7:7070",
                member.header("Access-Control-Allow-Origin").orElseThrow());
        HttpReply foreign = server.put("/v1/kv/cors", "x", "Origin: http://evil.example");
        assertEquals(403, foreign.status());
        assertEquals("not-applied", foreign.json().get("outcome").asText());
        HttpReply read = server.get("/v1/kv/cors", "Origin: http://evil.example");
        assertEquals(200, read.status());
        assertTrue(read.header("Access-Control-Allow-Origin").isEmpty());
        HttpReply preflight = server.send(
                "OPTIONS",
                "/v1/kv/cors",
                "",
                "Origin: http://10.0.0.7:7070",
                "Access-Control-Request-Method: PUT",
                "Access-Control-Request-Headers: if-match");
        assertEquals(204, preflight.status());
        assertTrue(
                preflight.header("Access-Control-Allow-Methods").orElseThrow().contains("PUT"));
        assertEquals(
                "if-match", preflight.header("Access-Control-Allow-Headers").orElseThrow());
    }

    @Test
    void anOriginThatTheConfigurationListsIsAllowed() {
        try (TestServer listed = TestServer.start(java.util.List.of("https://ui.example"))) {
            HttpReply reply = listed.put("/v1/kv/cors", "x", "Origin: https://ui.example");
            assertEquals(201, reply.status());
            assertEquals(
                    "https://ui.example",
                    reply.header("Access-Control-Allow-Origin").orElseThrow());
            assertEquals(
                    403,
                    listed.put("/v1/kv/cors", "x", "Origin: https://ui.example.evil")
                            .status());
        }
    }
}
