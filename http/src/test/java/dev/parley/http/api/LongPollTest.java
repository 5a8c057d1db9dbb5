package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongPollTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static CompletableFuture<HttpReply> poll(String key, String tag, int seconds) {
        return CompletableFuture.supplyAsync(
                () -> server.get("/v1/kv/" + key, "If-None-Match: " + tag, "Prefer: wait=" + seconds));
    }

    private static HttpReply soon(CompletableFuture<HttpReply> reply)
            throws ExecutionException, InterruptedException, TimeoutException {
        return reply.get(10, TimeUnit.SECONDS);
    }

    private static String tag(HttpReply reply) {
        return reply.header("ETag").orElseThrow();
    }

    @Test
    void anotherStateIsAnsweredAtOnce() throws Exception {
        String first = tag(server.put("/v1/kv/poll/differs", "one"));
        server.put("/v1/kv/poll/differs", "two");
        HttpReply reply = soon(poll("poll/differs", first, 300));
        assertEquals(200, reply.status());
        assertEquals("two", reply.body());
        assertEquals("wait=300", reply.header("Preference-Applied").orElseThrow());
    }

    @Test
    void theFirstChangeEndsTheWaitAndOtherKeysDoNot() throws Exception {
        String first = tag(server.put("/v1/kv/poll/changes", "one"));
        CompletableFuture<HttpReply> waiting = poll("poll/changes", first, 300);
        server.put("/v1/kv/poll/changes/other", "x");
        server.put("/v1/kv/poll/change", "x");
        assertFalse(waiting.isDone());
        server.put("/v1/kv/poll/changes", "two");
        HttpReply reply = soon(waiting);
        assertEquals(200, reply.status());
        assertEquals("two", reply.body());
    }

    @Test
    void theCreationOfAMissingKeyEndsTheWait() throws Exception {
        CompletableFuture<HttpReply> waiting = poll("poll/created", "\"0\"", 300);
        server.put("/v1/kv/poll/other", "x");
        server.put("/v1/kv/poll/created", "one");
        HttpReply reply = soon(waiting);
        assertEquals(200, reply.status());
        assertEquals("one", reply.body());
    }

    @Test
    void aDeleteEndsTheWaitWithNotFound() throws Exception {
        String first = tag(server.put("/v1/kv/poll/deleted", "one"));
        CompletableFuture<HttpReply> waiting = poll("poll/deleted", first, 300);
        server.delete("/v1/kv/poll/deleted");
        HttpReply reply = soon(waiting);
        assertEquals(404, reply.status());
        assertEquals("wait=300", reply.header("Preference-Applied").orElseThrow());
    }

    @Test
    void anUnchangedKeyIsNotModifiedAtTheEnd() throws Exception {
        String first = tag(server.put("/v1/kv/poll/same", "one"));
        HttpReply reply = soon(poll("poll/same", first, 1));
        assertEquals(304, reply.status());
        assertEquals("wait=1", reply.header("Preference-Applied").orElseThrow());
        assertEquals(first, reply.header("ETag").orElseThrow());
        HttpReply missing = soon(poll("poll/never", "\"0\"", 1));
        assertEquals(404, missing.status());
        assertEquals("wait=1", missing.header("Preference-Applied").orElseThrow());
    }

    @Test
    void withoutATagThereIsNothingToWaitFor() throws Exception {
        server.put("/v1/kv/poll/untagged", "one");
        HttpReply reply =
                soon(CompletableFuture.supplyAsync(() -> server.get("/v1/kv/poll/untagged", "Prefer: wait=300")));
        assertEquals(200, reply.status());
        assertTrue(reply.header("Preference-Applied").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=301", "wait=-1", "wait=soon", "wait=", "wait=30s", "respond-async, wait=1.5"})
    void aMalformedWaitIsRefused(String preference) {
        HttpReply reply = server.get("/v1/kv/poll/x", "If-None-Match: \"0\"", "Prefer: " + preference);
        assertEquals(400, reply.status(), reply::toString);
        assertEquals("Prefer", reply.json().get("field").asText());
    }

    @Test
    void otherPreferencesAreIgnored() throws Exception {
        HttpReply reply = soon(CompletableFuture.supplyAsync(() -> server.get(
                "/v1/kv/poll/none", "If-None-Match: \"0\"", "Prefer: respond-async, wait=0; x=y, handling=lenient")));
        assertEquals(404, reply.status());
        assertEquals("wait=0", reply.header("Preference-Applied").orElseThrow());
    }

    @Test
    void aStopEndsTheWait() throws Exception {
        try (TestServer stopping = TestServer.start()) {
            CompletableFuture<HttpReply> waiting = CompletableFuture.supplyAsync(
                    () -> stopping.get("/v1/kv/x", "If-None-Match: \"0\"", "Prefer: wait=300"));
            stopping.http().stopServing();
            assertEquals(404, soon(waiting).status());
            HttpReply ready = stopping.get("/readyz");
            assertEquals(503, ready.status());
            assertEquals("gateway", ready.json().at("/missing/0").asText());
        }
    }

    @Test
    void aRequestThatRunsIsAnsweredBeforeThePortCloses() throws Exception {
        try (TestServer closing = TestServer.start()) {
            CompletableFuture<HttpReply> waiting = CompletableFuture.supplyAsync(
                    () -> closing.get("/v1/kv/x", "If-None-Match: \"0\"", "Prefer: wait=300"));
            // answered on the same server after the first one began
            closing.get("/v1/kv/x", "If-None-Match: \"0\"", "Prefer: wait=1");
            closing.http().close();
            assertEquals(404, soon(waiting).status());
        }
    }
}
