package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers that travel with a request. */
class CompanionsTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aRequestIdOfTheClientIsSentBackAndABadOneReplaced() {
        assertEquals(
                "mine-1",
                server.get("/v1/kv/x", "Parley-Request-Id: mine-1")
                        .header("Parley-Request-Id")
                        .orElseThrow());
        String longest = "i".repeat(128);
        assertEquals(
                longest,
                server.get("/v1/kv/x", "Parley-Request-Id: " + longest)
                        .header("Parley-Request-Id")
                        .orElseThrow());
        assertEquals(
                longest,
                server.get("/v1/kv/missing", "Parley-Request-Id: " + longest)
                        .json()
                        .get("request_id")
                        .asText());
        String tooLong = longest + "i";
        String given = server.get("/v1/kv/x", "Parley-Request-Id: " + tooLong)
                .header("Parley-Request-Id")
                .orElseThrow();
        assertTrue(given.startsWith("r"), given);
    }

    @Test
    void aTraceIsContinuedAndAMalformedOneDropped() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assertEquals(
                trace,
                server.get("/v1/kv/x", "traceparent: " + trace)
                        .header("traceparent")
                        .orElseThrow());
        assertFalse(server.get("/v1/kv/x", "traceparent: nonsense")
                .header("traceparent")
                .isPresent());
    }

    @Test
    void theSameIdempotencyKeyWritesOnceAndAnotherRequestUnderItIsRefused() {
        HttpReply first = server.put("/v1/kv/idem", "one", "Idempotency-Key: k1");
        assertEquals(201, first.status());
        assertFalse(first.header("Idempotent-Replay").isPresent());
        server.put("/v1/kv/idem", "two");
        long revision = server.revision();
        HttpReply again = server.put("/v1/kv/idem", "one", "Idempotency-Key: k1");
        assertEquals(201, again.status());
        assertEquals("true", again.header("Idempotent-Replay").orElseThrow());
        assertEquals(first.body(), again.body());
        assertEquals(first.header("ETag"), again.header("ETag"));
        assertEquals(first.revision(), again.revision());
        for (HttpReply other : List.of(
                server.put("/v1/kv/idem", "other", "Idempotency-Key: k1"),
                server.put("/v1/kv/idem2", "one", "Idempotency-Key: k1"),
                server.put("/v1/kv/idem?ttl=30s", "one", "Idempotency-Key: k1"),
                server.put("/v1/kv/idem", "one", "Idempotency-Key: k1", "If-Match: *"),
                server.put("/v1/kv/idem", "one", "Idempotency-Key: k1", "Content-Type: text/plain"),
                server.delete("/v1/kv/idem", "Idempotency-Key: k1"))) {
            assertEquals(422, other.status(), other::toString);
            assertEquals("idempotency-key-reused", other.problem());
            assertEquals("Idempotency-Key", other.json().at("/errors/0/field").asText());
        }
        assertEquals(revision, server.revision());
        assertEquals(
                201, server.put("/v1/kv/idem/K1", "one", "Idempotency-Key: K1").status());
    }

    @Test
    void aRefusalIsRememberedUnderItsIdempotencyKeyToo() {
        server.put("/v1/kv/idem-refused", "x");
        HttpReply first = server.put("/v1/kv/idem-refused", "y", "If-None-Match: *", "Idempotency-Key: k-refused");
        assertEquals(412, first.status());
        server.delete("/v1/kv/idem-refused");
        HttpReply again = server.put("/v1/kv/idem-refused", "y", "If-None-Match: *", "Idempotency-Key: k-refused");
        assertEquals(412, again.status());
        assertEquals("true", again.header("Idempotent-Replay").orElseThrow());
        assertEquals(404, server.get("/v1/kv/idem-refused").status());
    }

    @Test
    void anAuthorOfAHundredAndTwentyEightCharactersIsTaken() {
        assertEquals(
                201,
                server.put("/v1/kv/author", "x", "Parley-Author: " + "a".repeat(128))
                        .status());
        HttpReply longer = server.put("/v1/kv/author", "x", "Parley-Author: " + "a".repeat(129));
        assertEquals(400, longer.status());
        assertEquals("Parley-Author", longer.json().get("field").asText());
    }

    @Test
    void aFenceThatIsNotHeldRefusesTheWrite() {
        for (String fence : List.of("lock-a:5", "lock/lock-a:5", "semaphore/s:1", "election/e:1", "process/p.1:9")) {
            HttpReply reply = server.put("/v1/kv/fenced", "x", "Parley-Fence: " + fence);
            assertEquals(409, reply.status(), reply::toString);
            assertEquals("fenced", reply.problem());
        }
        assertEquals(404, server.get("/v1/kv/fenced").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                ":5",
                "a:",
                "a:b",
                "a:-1",
                "a:0",
                "door/a:5",
                "lock/:5",
                "-a:5",
                "a b:5",
                "a/b/c:5",
                "a:5,"
            })
    void aMalformedFenceIsRefused(String fence) {
        HttpReply reply = server.put("/v1/kv/fenced", "x", "Parley-Fence: " + fence);
        assertEquals(400, reply.status(), reply::toString);
        assertEquals("Parley-Fence", reply.json().get("field").asText());
    }
}
