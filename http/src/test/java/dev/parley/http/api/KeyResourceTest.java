package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KeyResourceTest {
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
    void aNewKeyIsCreatedAndAnOldOneReplaced() {
        HttpReply first = server.put("/v1/kv/new", "hello");
        assertEquals(201, first.status(), first::toString);
        assertEquals("/v1/kv/new", first.header("Location").orElseThrow());
        assertEquals("new", first.json().get("key").asText());
        assertEquals(1, first.json().get("version").asLong());
        assertTrue(first.json().get("created").asBoolean());
        long revision = first.json().get("revision").asLong();
        assertEquals(revision, first.revision());
        assertEquals("\"" + revision + "\"", first.header("ETag").orElseThrow());
        HttpReply second = server.put("/v1/kv/new", "again");
        assertEquals(200, second.status());
        assertEquals(2, second.json().get("version").asLong());
        assertEquals(revision + 1, second.revision());
    }

    @Test
    void aValueComesBackAsItWasSent() {
        server.put("/v1/kv/value", "hello", "Content-Type: text/plain; charset=UTF-8");
        HttpReply reply = server.get("/v1/kv/value");
        assertEquals(200, reply.status());
        assertEquals("hello", reply.body());
        assertEquals("text/plain; charset=UTF-8", reply.header("Content-Type").orElseThrow());
        assertEquals("nosniff", reply.header("X-Content-Type-Options").orElseThrow());
        assertEquals("sandbox", reply.header("Content-Security-Policy").orElseThrow());
        assertEquals("linearizable", reply.header("Parley-Consistency").orElseThrow());
        assertEquals("1", reply.header("Parley-Version").orElseThrow());
        assertEquals("n1", reply.header("Parley-Node").orElseThrow());
        assertTrue(reply.header("Parley-Request-Id").isPresent());
    }
}
