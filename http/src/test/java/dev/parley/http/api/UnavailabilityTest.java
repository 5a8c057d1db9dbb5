package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnavailabilityTest {
    @Test
    void withoutTheLogWritesAndReadsAreRefusedAndStaleReadsGoOn() {
        try (TestServer server = TestServer.start()) {
            server.put("/v1/kv/before", "x");
            server.node().disconnect();
            server.node().awaitNotReady(Duration.ofSeconds(10));
            HttpReply ready = server.get("/readyz");
            assertEquals(503, ready.status());
            assertFalse(ready.json().get("ready").asBoolean());
            assertEquals("store", ready.json().at("/missing/0").asText());
            HttpReply write = server.put("/v1/kv/during?timeout=200ms", "x");
            assertEquals(503, write.status(), write::toString);
            assertEquals("not-applied", write.json().get("outcome").asText());
            assertTrue(write.header("Retry-After").isPresent());
            HttpReply read = server.get("/v1/kv/before?timeout=200ms");
            assertEquals(503, read.status());
            assertFalse(read.json().has("outcome"));
            HttpReply stale = server.get("/v1/kv/before?consistency=stale");
            assertEquals(200, stale.status());
            assertEquals("stale", stale.header("Parley-Consistency").orElseThrow());
            assertEquals(200, server.get("/readyz?consistency=stale").status());
            assertEquals(200, server.get("/livez").status());
            assertEquals(503, server.post("/v1/bulk", "").status());
            // what is malformed is so without a quorum too
            assertEquals(400, server.put("/v1/kv/%00", "x").status());
            assertEquals(405, server.send("PATCH", "/v1/kv/x", "").status());
            assertEquals(413, server.put("/v1/kv/x", "x".repeat(1_000_001)).status());
            server.node().reconnect();
            server.node().awaitReady(Duration.ofSeconds(10));
            assertEquals(404, server.get("/v1/kv/during").status());
        }
    }
}
