package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreResourceTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpReply restore(String prefix, long revision, String... headers) {
        return server.post("/v1/restore", "{\"prefix\":\"" + prefix + "\",\"revision\":" + revision + "}", headers);
    }

    @Test
    void aPrefixIsBroughtBackInOneRevision() {
        server.put("/v1/kv/p/a", "old");
        long then = server.put("/v1/kv/p/b", "old").revision();
        server.put("/v1/kv/p/a", "new");
        server.delete("/v1/kv/p/b");
        long last = server.put("/v1/kv/p/c", "new").revision();

        HttpReply reply = restore("p/", then, "Parley-Author: ann");
        assertEquals(200, reply.status(), reply::toString);
        assertEquals(2, reply.json().get("restored").asLong());
        assertEquals(1, reply.json().get("deleted").asLong());
        assertEquals(last + 1, reply.json().get("first_revision").asLong());
        assertEquals(last + 1, reply.json().get("last_revision").asLong());
        assertEquals(last + 1, reply.revision());
        assertFalse(reply.json().has("split"));
        assertEquals("old", server.get("/v1/kv/p/a").body());
        assertEquals("old", server.get("/v1/kv/p/b").body());
        assertEquals(404, server.get("/v1/kv/p/c").status());
        assertEquals(
                "ann",
                server.get("/v1/history/p/a").json().at("/items/0/author").asText());
    }

    @Test
    void whatIsAsItWasMakesNoRevision() {
        long then = server.put("/v1/kv/p/a", "old").revision();
        long last = server.put("/v1/kv/q", "x").revision();
        HttpReply reply = restore("p/", then);
        assertEquals(200, reply.status());
        assertEquals(0, reply.json().get("restored").asLong());
        assertEquals(last, reply.json().get("first_revision").asLong());
        assertEquals(last, reply.json().get("last_revision").asLong());
        assertEquals(last, server.revision());
    }

    @Test
    void moreThanTenThousandKeysTakeSeveralRevisionsAndTheAnswerSaysSo() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 10_500; i++) {
            lines.append("{\"put\":{\"key\":\"m/").append(i).append("\",\"value\":\"v\"}}\n");
        }
        assertEquals(200, server.post("/v1/bulk", lines.toString()).status());
        long then = server.revision();
        server.delete("/v1/kv?prefix=m/");
        long before = server.revision();

        HttpReply reply = restore("m/", then, "Idempotency-Key: once");
        assertEquals(200, reply.status(), reply::toString);
        assertEquals(10_500, reply.json().get("restored").asLong());
        assertEquals(2, reply.json().get("split").asLong());
        assertEquals(before + 1, reply.json().get("first_revision").asLong());
        assertEquals(before + 2, reply.json().get("last_revision").asLong());
        assertEquals(
                10_500,
                server.get("/v1/kv?prefix=m/&count_only").json().get("count").asLong());
        HttpReply again = restore("m/", then, "Idempotency-Key: once");
        assertEquals(reply.json(), again.json());
        assertEquals("true", again.header("Idempotent-Replay").orElse(""));
        assertEquals(before + 2, server.revision());
    }

    @Test
    void aRevisionThatIsGoneIs410AndOneToComeIs400() {
        server.put("/v1/kv/p/a", "1");
        server.put("/v1/kv/p/a", "2");
        assertEquals(400, restore("p/", 3).status());
        assertEquals("/revision", restore("p/", 3).json().get("field").asText());
        server.post("/v1/compact", "{\"revision\":2}");
        HttpReply gone = restore("p/", 1, "Idempotency-Key: gone");
        assertEquals(410, gone.status());
        assertEquals(2, gone.json().get("compacted_revision").asLong());
        assertEquals("not-applied", gone.json().get("outcome").asText());
        HttpReply again = restore("p/", 1, "Idempotency-Key: gone");
        assertEquals(410, again.status());
        assertEquals("true", again.header("Idempotent-Replay").orElse(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"prefix\":\"p\"}",
                "{\"revision\":1}",
                "{\"prefix\":1,\"revision\":1}",
                "{\"prefix\":\"p\",\"revision\":-1}",
                "{\"prefix\":\"p\",\"revision\":1,\"all\":true}"
            })
    void aMalformedBodyIsRefused(String body) {
        server.put("/v1/kv/p", "1");
        assertEquals(400, server.post("/v1/restore", body).status());
    }
}
