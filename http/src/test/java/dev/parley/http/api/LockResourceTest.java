package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockResourceTest {
    private static TestServer server;
    private static ExecutorService clients;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        clients = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterAll
    static void stop() {
        clients.shutdownNow();
        server.close();
    }

    private static String lease() {
        return server.post("/v1/leases", "{\"ttl\":\"1h\"}").json().get("id").textValue();
    }

    private static String ask(String owner, String lease, String more) {
        return "{\"owner\":\"" + owner + "\",\"lease\":\"" + lease + "\"" + more + "}";
    }

    private static HttpReply acquire(String lock, String owner, String lease, String more) {
        return server.post("/v1/locks/" + lock, ask(owner, lease, more));
    }

    private static CompletableFuture<HttpReply> acquireLater(String lock, String owner, String lease, String more) {
        return CompletableFuture.supplyAsync(() -> acquire(lock, owner, lease, more), clients);
    }

    private static long token(HttpReply granted) {
        assertEquals(201, granted.status(), granted::toString);
        return granted.json().get("token").asLong();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited for too long");
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static void awaitWaiting(String path, int count) {
        await(() -> server.get(path).json().get("waiting").size() == count);
    }

    private static HttpReply release(String lock, long token) {
        return server.delete("/v1/locks/" + lock + "/holders/" + token);
    }

    private static void assertProblem(int status, String name, HttpReply reply) {
        assertEquals(status, reply.status(), reply::toString);
        assertEquals(name, reply.problem(), reply::toString);
        assertEquals("not-applied", reply.json().get("outcome").asText());
        assertTrue(reply.revision() > 0);
    }

    @Test
    void aLockIsGrantedShownAskedForAgainAndReleased() {
        String lease = lease();
        HttpReply granted = acquire("plain", "me", lease, "");
        long token = token(granted);
        assertEquals(token, granted.revision());
        assertEquals(
                "/v1/locks/plain/holders/" + token, granted.header("Location").orElseThrow());
        assertEquals(
                "{\"name\":\"plain\",\"owner\":\"me\",\"token\":" + token + ",\"lease\":\"" + lease
                        + "\",\"mode\":\"exclusive\"}",
                granted.body());
        HttpReply again = acquire("plain", "me", lease, "");
        assertEquals(200, again.status());
        assertEquals(token, again.json().get("token").asLong());
        JsonNode shown = server.get("/v1/locks/plain").json();
        assertEquals("me", shown.at("/holders/0/owner").asText());
        assertEquals(token, shown.at("/holders/0/token").asLong());
        assertEquals(0, shown.get("waiting").size());
        HttpReply released = release("plain", token);
        assertEquals(204, released.status());
        assertTrue(released.revision() > token);
        assertProblem(409, "not-holder", release("plain", token));
        assertEquals(
                "{\"name\":\"plain\",\"holders\":[],\"waiting\":[]}",
                server.get("/v1/locks/plain").body());
        assertNotEquals(token, token(acquire("plain", "me", lease, "")));
    }

    @Test
    @DisplayName("E10: without a wait a held lock is a conflict that says who holds it and who waits")
    void withoutAWaitAHeldLockIsAConflict() {
        long token = token(acquire("try", "a", lease(), ""));
        HttpReply refused = acquire("try", "b", lease(), "");
        assertProblem(409, "lock-held", refused);
        assertEquals("a", refused.json().at("/holders/0/owner").asText());
        assertEquals(token, refused.json().at("/holders/0/token").asLong());
        assertEquals(0, refused.json().get("waiting").size());
    }

    @Test
    @DisplayName("E10: a wait that runs out is a conflict and leaves nobody in the queue")
    void aWaitThatRunsOutLeavesNobodyInTheQueue() {
        long token = token(acquire("runs-out", "a", lease(), ""));
        String lease = lease();
        assertProblem(409, "lock-held", acquire("runs-out", "b", lease, ",\"wait\":\"50ms\""));
        assertEquals(0, server.get("/v1/locks/runs-out").json().get("waiting").size());
        assertEquals(204, release("runs-out", token).status());
        assertEquals(0, server.get("/v1/locks/runs-out").json().get("holders").size());
    }

    @Test
    @DisplayName("E7, E8: those who wait get it one after the other, in the order in which they asked")
    void thoseWhoWaitGetItInTheOrderInWhichTheyAsked() {
        long token = token(acquire("fair", "first", lease(), ""));
        List<CompletableFuture<HttpReply>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(acquireLater("fair", "o" + i, lease(), ",\"wait\":\"1m\""));
            awaitWaiting("/v1/locks/fair", i + 1);
        }
        long former = token;
        for (int i = 0; i < 5; i++) {
            assertFalse(waiting.get(i).isDone());
            assertEquals(204, release("fair", former).status());
            HttpReply granted = waiting.get(i).join();
            assertEquals("o" + i, granted.json().get("owner").asText());
            assertTrue(token(granted) > former, "tokens grow");
            former = token(granted);
        }
    }

    @Test
    @DisplayName("E10: a client that hangs up while it waits leaves the queue")
    void aClientThatHangsUpLeavesTheQueue() throws IOException {
        long token = token(acquire("hang-up", "a", lease(), ""));
        String body = ask("b", lease(), ",\"wait\":\"5m\"");
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write(("POST /v1/locks/hang-up HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            awaitWaiting("/v1/locks/hang-up", 1);
        }
        awaitWaiting("/v1/locks/hang-up", 0);
        assertEquals(204, release("hang-up", token).status());
        assertEquals(0, server.get("/v1/locks/hang-up").json().get("holders").size());
    }

    @Test
    void aClientThatSendsItsNextRequestWhileItWaitsIsStillThere() throws IOException {
        long token = token(acquire("pipelined", "a", lease(), ""));
        String body = ask("b", lease(), ",\"wait\":\"1m\"");
        String next = "GET /v1/locks/pipelined HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write(("POST /v1/locks/pipelined HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body + next)
                            .getBytes(StandardCharsets.US_ASCII));
            awaitWaiting("/v1/locks/pipelined", 1);
            LockSupport.parkNanos(1_200_000_000L); // longer than it takes to notice that a client hung up
            awaitWaiting("/v1/locks/pipelined", 1);
            assertEquals(204, release("pipelined", token).status());
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answers.contains("HTTP/1.1 201"), answers);
            assertTrue(answers.contains("HTTP/1.1 200"), answers);
            assertTrue(answers.contains("\"holders\":[{\"owner\":\"b\""), answers);
        }
    }

    @Test
    @DisplayName("E9: when its lease ends a lock goes to the next, and the former token is refused")
    void whenItsLeaseEndsALockGoesToTheNext() {
        String lease = lease();
        long old = token(acquire("lease-ends", "a", lease, ""));
        CompletableFuture<HttpReply> next = acquireLater("lease-ends", "b", lease(), ",\"wait\":\"1m\"");
        awaitWaiting("/v1/locks/lease-ends", 1);
        assertEquals(
                201,
                server.put("/v1/kv/lease-ends", "1", "Parley-Fence: lease-ends:" + old)
                        .status());
        assertEquals(204, server.delete("/v1/leases/" + lease).status());
        long token = token(next.join());
        assertProblem(409, "fenced", server.put("/v1/kv/lease-ends", "2", "Parley-Fence: lease-ends:" + old));
        assertEquals(
                200,
                server.put("/v1/kv/lease-ends", "3", "Parley-Fence: lock/lease-ends:" + token)
                        .status());
        assertProblem(409, "not-holder", release("lease-ends", old));
    }

    @Test
    void aRequestWhoseLeaseEndsWhileItWaitsIsRefused() {
        token(acquire("lease-gone", "a", lease(), ""));
        String lease = lease();
        CompletableFuture<HttpReply> waiting = acquireLater("lease-gone", "b", lease, ",\"wait\":\"1m\"");
        awaitWaiting("/v1/locks/lease-gone", 1);
        server.delete("/v1/leases/" + lease);
        assertProblem(409, "lease-not-found", waiting.join());
        assertEquals(0, server.get("/v1/locks/lease-gone").json().get("waiting").size());
    }

    @Test
    void aTtlMakesALeaseForTheLockThatEndsWithIt() {
        HttpReply granted = server.post("/v1/locks/own", "{\"owner\":\"a\",\"ttl\":\"30s\"}");
        long token = token(granted);
        String lease = granted.json().get("lease").textValue();
        assertEquals(200, server.post("/v1/leases/" + lease + ":keepalive", "").status());
        assertEquals(204, release("own", token).status());
        assertProblem(404, "no-such-lease", server.post("/v1/leases/" + lease + ":keepalive", ""));
    }

    @Test
    @DisplayName("E9: a lock whose lease nobody keeps alive is free again after its ttl, not before")
    void aLockWhoseLeaseNobodyKeepsAliveIsFreeAgain() {
        server.node().replica().campaign(true);
        await(() -> server.node().replica().status().leader());
        long granted = System.nanoTime();
        token(server.post("/v1/locks/expires", "{\"owner\":\"a\",\"ttl\":\"1s\"}"));
        HttpReply next = acquire("expires", "b", lease(), ",\"wait\":\"1m\"");
        token(next);
        assertTrue(System.nanoTime() - granted >= 1_000_000_000L);
    }

    @Test
    void aLeaseMadeForALockLivesAsLongAsTheRequestWaits() {
        server.node().replica().campaign(true);
        await(() -> server.node().replica().status().leader());
        long token = token(acquire("outlives", "a", lease(), ""));
        CompletableFuture<HttpReply> waiting = CompletableFuture.supplyAsync(
                () -> server.post("/v1/locks/outlives", "{\"owner\":\"b\",\"ttl\":\"1s\",\"wait\":\"1m\"}"), clients);
        awaitWaiting("/v1/locks/outlives", 1);
        LockSupport.parkNanos(2_500_000_000L); // longer than the ttl
        assertFalse(waiting.isDone());
        release("outlives", token);
        long granted = System.nanoTime();
        String lease = waiting.join().json().get("lease").textValue();
        await(() -> server.get("/v1/leases/" + lease).status() == 404);
        assertTrue(System.nanoTime() - granted >= 900_000_000L, "the whole ttl begins with the grant");
    }

    @Test
    @DisplayName("E12: many share a lock, one who wants it alone waits for all, and who comes later waits behind")
    void manyShareALock() {
        long one = token(acquire("rw", "r1", lease(), ",\"mode\":\"shared\""));
        long two = token(acquire("rw", "r2", lease(), ",\"mode\":\"shared\""));
        CompletableFuture<HttpReply> writer = acquireLater("rw", "w", lease(), ",\"wait\":\"1m\"");
        awaitWaiting("/v1/locks/rw", 1);
        CompletableFuture<HttpReply> reader = acquireLater("rw", "r3", lease(), ",\"mode\":\"shared\",\"wait\":\"1m\"");
        awaitWaiting("/v1/locks/rw", 2);
        assertEquals(
                "shared",
                server.get("/v1/locks/rw").json().at("/waiting/1/mode").asText());
        release("rw", one);
        assertFalse(writer.isDone());
        release("rw", two);
        long alone = token(writer.join());
        assertEquals("exclusive", writer.join().json().get("mode").asText());
        assertFalse(reader.isDone());
        release("rw", alone);
        assertEquals("shared", reader.join().json().get("mode").asText());
    }

    @Test
    @DisplayName("E12: a semaphore gives as many permits as its limit")
    void aSemaphoreGivesAsManyPermitsAsItsLimit() {
        HttpReply two = server.post("/v1/semaphores/pool", ask("a", lease(), ",\"permits\":2,\"limit\":3"));
        assertEquals(2, two.json().get("permits").asInt());
        assertEquals(3, two.json().get("limit").asInt());
        token(server.post("/v1/semaphores/pool", ask("b", lease(), ",\"limit\":3")));
        assertProblem(409, "lock-held", server.post("/v1/semaphores/pool", ask("c", lease(), ",\"limit\":3")));
        assertProblem(409, "name-taken", server.post("/v1/semaphores/pool", ask("c", lease(), ",\"limit\":4")));
        long token = token(two);
        assertEquals(
                201,
                server.put("/v1/kv/pool", "x", "Parley-Fence: semaphore/pool:" + token)
                        .status());
        assertProblem(409, "fenced", server.put("/v1/kv/pool", "x", "Parley-Fence: lock/pool:" + token));
        assertEquals(204, server.delete("/v1/semaphores/pool/holders/" + token).status());
        assertEquals(1, server.get("/v1/semaphores/pool").json().get("holders").size());
    }

    @Test
    void theSameRequestUnderItsIdempotencyKeyGetsTheSameGrant() {
        String body = "{\"owner\":\"a\",\"ttl\":\"1h\"}";
        long token = token(server.post("/v1/locks/once", body, "Idempotency-Key: lock-once"));
        HttpReply again = server.post("/v1/locks/once", body, "Idempotency-Key: lock-once");
        assertEquals(token, token(again));
        assertEquals("true", again.header("Idempotent-Replay").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"owner\":\"a\"}",
                "{\"lease\":\"1\"}",
                "{\"owner\":\"\",\"ttl\":\"30s\"}",
                "{\"owner\":\"a\",\"ttl\":\"30\"}",
                "{\"owner\":\"a\",\"ttl\":\"10ms\"}",
                "{\"owner\":\"a\",\"ttl\":\"30s\",\"lease\":\"1\"}",
                "{\"owner\":\"a\",\"ttl\":\"30s\",\"wait\":\"6m\"}",
                "{\"owner\":\"a\",\"ttl\":\"30s\",\"mode\":\"both\"}",
                "{\"owner\":\"a\",\"ttl\":\"30s\",\"permits\":1}",
                "{\"owner\":\"a\",\"ttl\":\"30s\",\"wiat\":\"1s\"}",
                "[]"
            })
    void aMalformedRequestIsRefused(String body) {
        HttpReply reply = server.post("/v1/locks/malformed", body);
        assertEquals(400, reply.status(), reply::toString);
        assertEquals("not-applied", reply.json().get("outcome").asText());
    }

    @Test
    void whatIsNoNameNoLeaseAndNoTokenIsRefused() {
        String body = "{\"owner\":\"a\",\"ttl\":\"30s\"}";
        assertEquals("malformed-path", server.post("/v1/locks/-a", body).problem());
        assertEquals("malformed-path", server.get("/v1/locks/a%2Fb").problem());
        assertEquals(404, server.get("/v1/locks/a/b").status());
        assertEquals(405, server.put("/v1/locks/a", body).status());
        assertProblem(409, "lease-not-found", acquire("none", "a", "999999", ""));
        assertProblem(409, "lease-not-found", acquire("none", "a", "unheard-of", ""));
        assertProblem(409, "not-holder", server.delete("/v1/locks/none/holders/x"));
        assertProblem(409, "not-holder", release("none", 1));
        for (String limit : List.of(",\"permits\":2,\"limit\":1", ",\"limit\":0", "", ",\"limit\":1001")) {
            assertEquals(
                    400, server.post("/v1/semaphores/s", ask("a", "1", limit)).status());
        }
    }
}
