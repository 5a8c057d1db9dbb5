package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactResourceTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
        for (int i = 1; i <= 6; i++) {
            server.put("/v1/kv/k" + i % 2, "v" + i);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpReply compact(long revision) {
        return server.post("/v1/compact", "{\"revision\":" + revision + "}");
    }

    private void assertGone(HttpReply reply, long compacted, String field) {
        assertEquals(410, reply.status(), reply::toString);
        assertEquals("urn:parley:problem:compacted", reply.json().get("type").asText());
        assertEquals(compacted, reply.json().get("compacted_revision").asLong());
        assertEquals(field, reply.json().get("field").asText());
    }

    @Test
    void aCompactionAnswersWhereTheHistoryBeginsAndMakesNoRevision() {
        HttpReply reply = compact(4);
        assertEquals(200, reply.status(), reply::toString);
        assertEquals(4, reply.json().get("compacted_revision").asLong());
        assertEquals(6, reply.revision());
    }

    @Test
    void aLowerRevisionThanBeforeChangesNothing() {
        compact(4);
        HttpReply reply = compact(2);
        assertEquals(200, reply.status());
        assertEquals(4, reply.json().get("compacted_revision").asLong());
    }

    @Test
    void aRevisionThatDoesNotExistYetIsRefused() {
        HttpReply reply = compact(7);
        assertEquals(400, reply.status(), reply::toString);
        assertEquals(
                "urn:parley:problem:revision-above-newest",
                reply.json().get("type").asText());
        assertEquals("/revision", reply.json().get("field").asText());
        assertEquals("not-applied", reply.json().get("outcome").asText());
        assertEquals(200, server.get("/v1/kv/k1?revision=1").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"revision\":-1}",
                "{\"revision\":\"3\"}",
                "{\"revision\":1.5}",
                "{\"revision\":9007199254740993}",
                "{\"revision\":3,\"age\":\"1h\"}"
            })
    void aMalformedBodyIsRefused(String body) {
        assertEquals(400, server.post("/v1/compact", body).status());
        assertEquals(200, server.get("/v1/kv/k1?revision=1").status());
    }

    @Test
    void onlyPostCompacts() {
        assertEquals(405, server.get("/v1/compact").status());
        assertEquals(
                400, server.post("/v1/compact?revision=3", "{\"revision\":3}").status());
    }

    @Test
    void belowItReadsAreGoneAndFromItOnTheyAreNot() {
        compact(4);
        for (String target : List.of("/v1/kv/k1", "/v1/kv", "/v1/export", "/v1/kv?count_only=true&prefix=k")) {
            String revision = (target.contains("?") ? "&" : "?") + "revision=";
            assertGone(server.get(target + revision + 3), 4, "revision");
            assertGone(server.get(target + revision + "3&consistency=stale"), 4, "revision");
            assertEquals(200, server.get(target + revision + 4).status(), target);
        }
        assertEquals("v3", server.get("/v1/kv/k1?revision=4").body());
        assertEquals("v5", server.get("/v1/kv/k1").body());
    }

    @Test
    void thePagesOfAListWhoseSnapshotIsGoneEnd() {
        String next = server.get("/v1/kv?limit=1").json().get("next").asText();
        server.put("/v1/kv/k0", "later");
        compact(7);
        assertGone(server.get("/v1/kv?limit=1&after=" + next), 7, "revision");
    }

    @Test
    void theHistoryOfAKeyBeginsAtTheCompactionRevision() {
        compact(4);
        HttpReply history = server.get("/v1/history/k1");
        assertEquals(1, history.json().get("items").size(), history::toString);
        assertEquals(5, history.json().at("/items/0/revision").asLong());
        assertGone(server.get("/v1/history/k1?before=3"), 4, "before");
    }

    @Test
    void aWatchFromBelowIsGoneAndFromTheCompactionRevisionItIsNot() {
        compact(4);
        assertGone(server.get("/v1/watch?prefix=k&from=3", "Accept: application/json"), 4, "from");
        assertGone(server.get("/v1/watch?prefix=k&from=3"), 4, "from");
        HttpReply poll = server.get("/v1/watch?prefix=k&from=4&prev=true", "Accept: application/json");
        assertEquals(200, poll.status());
        assertEquals(4, poll.json().get("revision").asLong());
        assertTrue(poll.json().at("/events/0/prev").isMissingNode(), poll::toString);
    }

    @Test
    void theSameIdempotencyKeyGetsTheSameAnswer() {
        String key = "Idempotency-Key: once";
        server.post("/v1/compact", "{\"revision\":3}", key);
        compact(5);
        HttpReply again = server.post("/v1/compact", "{\"revision\":3}", key);
        assertEquals(3, again.json().get("compacted_revision").asLong());
        assertEquals("true", again.header("Idempotent-Replay").orElse(""));
    }
}
