package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ElectionResourceTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpReply stand(String election, String candidate, String more) {
        return server.post(
                "/v1/elections/" + election, "{\"candidate\":\"" + candidate + "\",\"ttl\":\"1h\"" + more + "}");
    }

    @Test
    void oneLeadsSaysSomethingOfItselfChangesItAndResigns() {
        HttpReply elected = stand("e", "a", ",\"value\":\"http://a\"");
        assertEquals(201, elected.status(), elected::toString);
        long token = elected.json().get("token").asLong();
        assertEquals("http://a", elected.json().get("value").asText());
        assertEquals("a", elected.json().get("candidate").asText());
        HttpReply other = stand("e", "b", "");
        assertEquals("lock-held", other.problem());
        assertEquals("a", other.json().at("/holders/0/candidate").asText());
        assertEquals(
                "http://a",
                server.get("/v1/elections/e").json().at("/leader/value").asText());
        String path = "/v1/elections/e/holders/" + token;
        HttpReply changed = server.put(path + "/value", "{\"value\":\"http://a2\"}");
        assertEquals(200, changed.status(), changed::toString);
        assertEquals(token, changed.json().get("token").asLong());
        assertEquals(
                "http://a2",
                server.get("/v1/elections/e").json().at("/leader/value").asText());
        assertEquals(
                200,
                server.put(path + "/value", "plain", "Content-Type: text/plain").status());
        assertEquals(
                "plain",
                server.get("/v1/elections/e").json().at("/leader/value").asText());
        assertEquals(413, server.put(path + "/value", "x".repeat(5_000)).status());
        assertEquals(
                201,
                server.put("/v1/kv/e", "x", "Parley-Fence: election/e:" + token).status());
        assertEquals(204, server.delete(path).status());
        assertTrue(server.get("/v1/elections/e").json().get("leader").isNull());
        assertEquals("not-holder", server.put(path + "/value", "x").problem());
        assertEquals("not-holder", server.delete(path).problem());
        assertEquals(
                "fenced",
                server.put("/v1/kv/e", "x", "Parley-Fence: election/e:" + token).problem());
    }

    @Test
    void whoeverWaitsLeadsNextWithTheValueItStoodWith() {
        long token = stand("next", "a", "").json().get("token").asLong();
        CompletableFuture<HttpReply> next =
                CompletableFuture.supplyAsync(() -> stand("next", "b", ",\"value\":\"I am b\",\"wait\":\"1m\""));
        while (server.get("/v1/elections/next").json().get("waiting").size() == 0) {
            LockSupport.parkNanos(2_000_000);
        }
        assertEquals(
                "b",
                server.get("/v1/elections/next")
                        .json()
                        .at("/waiting/0/candidate")
                        .asText());
        assertEquals(204, server.delete("/v1/elections/next/holders/" + token).status());
        assertEquals("I am b", next.join().json().get("value").asText());
    }

    @Test
    void aWatcherSeesEachLeaderAndEachValue() {
        try (SseClient watcher = SseClient.open(server, "/v1/elections/watched/watch")) {
            SseClient.Message none = watcher.next();
            assertTrue(none.data().get("leader").isNull());
            HttpReply elected = stand("watched", "a", ",\"value\":\"1\"");
            long token = elected.json().get("token").asLong();
            SseClient.Message leader = watcher.next();
            assertEquals("a", leader.data().at("/leader/candidate").asText());
            assertEquals(token, leader.data().at("/leader/token").asLong());
            assertEquals(Long.toString(leader.revision()), leader.id());
            server.put("/v1/elections/watched/holders/" + token + "/value", "2");
            assertEquals("2", watcher.next().data().at("/leader/value").asText());
            server.delete("/v1/elections/watched/holders/" + token);
            assertTrue(watcher.next().data().get("leader").isNull());
        }
    }
}
