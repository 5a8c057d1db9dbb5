package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessResourceTest {
    @TempDir
    static Path output;

    private static ProcessNode node;
    private static TestServer server;

    @BeforeAll
    static void start() {
        node = new ProcessNode(output);
        node.run();
        server = node.server();
    }

    @AfterAll
    static void stop() {
        node.close();
        assertEquals(Set.of(), node.halts);
    }

    private static String heartbeat(String name, String more) {
        return "{\"name\":\"" + name + "\",\"kind\":\"heartbeat\",\"arguments\":{\"key\":\"beats/" + name
                + "\",\"interval_ms\":20}" + more + "}";
    }

    private static String specification(String name, String more) {
        return heartbeat(name, more).replace("\"name\":\"" + name + "\",", "");
    }

    private static HttpReply singleton(String name, String more) {
        return server.post("/v1/singletons?timeout=30s", heartbeat(name, more));
    }

    private static JsonNode await(String name, String state) {
        ProcessNode.await(() -> server.get("/v1/processes/" + name)
                .json()
                .path("state")
                .asText()
                .equals(state));
        return server.get("/v1/processes/" + name).json();
    }

    private static void assertProblem(int status, String name, HttpReply reply) {
        assertEquals(status, reply.status(), reply::toString);
        assertEquals("urn:parley:problem:" + name, reply.json().path("type").asText());
    }

    private static List<String> faults(HttpReply reply) {
        assertProblem(422, "specification-faulty", reply);
        assertEquals("not-applied", reply.json().path("outcome").asText());
        List<String> fields = new ArrayList<>();
        reply.json().path("errors").forEach(error -> {
            assertFalse(error.path("rule").asText().isEmpty());
            fields.add(error.path("field").asText());
        });
        return fields;
    }

    @Test
    @DisplayName("C1: a singleton is claimed, started and then shown as running, with its owner and token")
    void aSingletonIsStartedAndAnsweredWithItsOwner() {
        HttpReply reply = singleton("one", "");
        assertEquals(201, reply.status(), reply::toString);
        assertEquals("/v1/singletons/one", reply.header("Location").orElseThrow());
        JsonNode json = reply.json();
        assertEquals("running", json.get("state").asText());
        assertEquals("n1", json.get("node").asText());
        assertTrue(json.get("token").asLong() > 0);
        assertEquals(1, json.at("/specification/redundancy").asInt());
        assertEquals(
                "\"" + json.get("revision").asLong() + "\"",
                reply.header("ETag").orElseThrow());

        HttpReply again = singleton("one", "");
        assertEquals(200, again.status(), again::toString);
        assertEquals(json.get("token"), again.json().get("token"));
        assertEquals(json.get("token"), server.get("/v1/singletons/one").json().get("token"));
        ProcessNode.await(() -> server.get("/v1/kv/beats/one").status() == 200);
        assertEquals(json.get("token"), server.get("/v1/kv/beats/one").json().get("token"));
    }

    @Test
    @DisplayName("C2: of many who start the same name one is told that it did, all get the same instance")
    void oneOfManyRegistersAndAllGetTheSameInstance() throws Exception {
        int callers = 100;
        List<Callable<HttpReply>> calls = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            calls.add(() -> singleton("many", ""));
        }
        int created = 0;
        Set<Long> tokens = new HashSet<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<HttpReply> call : clients.invokeAll(calls)) {
                HttpReply reply = call.get();
                assertTrue(reply.status() == 201 || reply.status() == 200, reply::toString);
                created += reply.status() == 201 ? 1 : 0;
                tokens.add(reply.json().get("token").asLong());
            }
        }
        assertEquals(1, created);
        assertEquals(1, tokens.size());
    }

    @Test
    void anotherSpecificationUnderThatNameIsRefusedAndTheOrderOfArgumentsIsNone() {
        server.put("/v1/processes/taken", specification("taken", ""));
        String turned = "{\"arguments\":{\"interval_ms\":20,\"key\":\"beats/taken\"},\"kind\":\"heartbeat\"}";
        assertEquals(200, server.put("/v1/processes/taken", turned).status());
        assertProblem(
                409,
                "name-taken",
                server.put("/v1/processes/taken", specification("taken", ",\"restart\":\"temporary\"")));
        assertProblem(409, "name-taken", singleton("taken", ",\"tags\":[\"a\"]"));
    }

    @Test
    @DisplayName("C10: every fault of a specification is named at once, before anything is agreed")
    void everyFaultIsNamedAtOnce() {
        HttpReply reply = server.post(
                "/v1/singletons",
                "{\"name\":\"-\",\"kind\":\"nothing\",\"arguments\":[],\"restart\":\"maybe\",\"redundancy\":2,"
                        + "\"restart_intensity\":{\"restarts\":-1,\"within\":\"10\"},\"placement\":\"random\","
                        + "\"start_timeout\":5,\"stop_timeout\":\"2h\",\"tags\":[\" \"],\"metadata\":{\"a\":1},"
                        + "\"hand_over\":\"yes\"}");
        assertEquals(
                List.of(
                        "/name",
                        "/arguments",
                        "/kind",
                        "/restart",
                        "/restart_intensity/restarts",
                        "/restart_intensity/within",
                        "/redundancy",
                        "/placement",
                        "/hand_over",
                        "/start_timeout",
                        "/stop_timeout",
                        "/tags",
                        "/metadata/a"),
                faults(reply));
        assertEquals(List.of("/name", "/kind"), faults(server.post("/v1/singletons", "{}")));
        assertEquals(List.of("/arguments/key"), faults(server.put("/v1/processes/faulty", "{\"kind\":\"heartbeat\"}")));
        assertEquals(404, server.get("/v1/processes/faulty").status());
    }

    @Test
    void whatIsMalformedIsRefusedBefore() {
        assertProblem(400, "unknown-field", server.put("/v1/processes/m", specification("m", ",\"knid\":1")));
        assertProblem(400, "unknown-field", server.put("/v1/processes/m", specification("m", ",\"name\":\"m\"")));
        assertProblem(
                400,
                "unknown-field",
                server.put("/v1/processes/m", specification("m", ",\"placement\":{\"label\":[]}")));
        assertProblem(400, "malformed-json", server.post("/v1/singletons", "{"));
        assertProblem(400, "malformed-field", singleton("m", ",\"wait_for\":\"ever\""));
        assertProblem(400, "malformed-path", server.get("/v1/processes/-m"));
        assertProblem(400, "unknown-parameter", server.get("/v1/processes?tags=a"));
        assertProblem(400, "malformed-parameter", server.get("/v1/processes?state=dead"));
        assertProblem(405, "method-not-allowed", server.put("/v1/singletons", "{}"));
        assertProblem(404, "no-such-process", server.get("/v1/singletons/nobody"));
        assertProblem(404, "no-such-process", server.delete("/v1/processes/nobody"));
        assertProblem(404, "no-such-process", server.post("/v1/processes/nobody:stop", ""));
        assertProblem(404, "no-such-process", server.get("/v1/processes/nobody/logs"));
    }

    @Test
    void whoDoesNotWaitIsToldThatItIsUnderWay() {
        assertEquals(202, singleton("later", ",\"wait_for\":\"none\"").status());
        assertEquals(
                201, singleton("registered", ",\"wait_for\":\"registered\"").status());
        // Nobody has this label, so it stays pending.
        HttpReply pending = server.post(
                "/v1/singletons?timeout=50ms", heartbeat("nowhere", ",\"placement\":{\"labels\":[\"gpu=yes\"]}"));
        assertEquals(202, pending.status(), pending::toString);
        assertEquals("pending", pending.json().get("state").asText());
        assertTrue(pending.json().get("node").isNull());
        HttpReply fit = singleton("fit", ",\"placement\":{\"strategy\":\"consistent-hash\",\"labels\":[\"disk=ssd\"]}");
        assertEquals(201, fit.status(), fit::toString);
    }

    @Test
    void aStoppedProcessRunsAgainWithANewTokenAndTheStateItHandedOver() {
        long token =
                singleton("again", ",\"hand_over\":true").json().get("token").asLong();
        ProcessNode.await(
                () -> server.get("/v1/kv/beats/again").json().path("count").asLong() > 2);
        assertEquals(202, server.post("/v1/processes/again:stop", "").status());
        JsonNode stopped = await("again", "stopped");
        assertTrue(stopped.get("node").isNull());
        long count = server.get("/v1/kv/beats/again").json().get("count").asLong();
        assertEquals(200, singleton("again", ",\"hand_over\":true").status());
        assertEquals(202, server.post("/v1/processes/again:restart", "").status());
        JsonNode running = await("again", "running");
        assertNotEquals(token, running.get("token").asLong());
        ProcessNode.await(
                () -> server.get("/v1/kv/beats/again").json().get("token").asLong()
                        == running.get("token").asLong());
        assertTrue(server.get("/v1/kv/beats/again").json().get("count").asLong() > count);
    }

    @Test
    void aDeletedProcessIsGoneAndItsNameFree() {
        singleton("gone", "");
        HttpReply deleted = server.delete("/v1/processes/gone");
        assertEquals(204, deleted.status(), deleted::toString);
        assertEquals(404, server.get("/v1/processes/gone").status());
        assertEquals(201, singleton("gone", ",\"tags\":[\"new\"]").status());
    }

    @Test
    @DisplayName("C24: what crashes too often has failed, is not started again, and its last words can be read")
    void whatCrashesTooOftenHasFailed() {
        HttpReply reply = server.post(
                "/v1/singletons?timeout=30s",
                "{\"name\":\"crash\",\"kind\":\"crashing\",\"wait_for\":\"none\",\"restart_intensity\":{\"restarts\":0,\"within\":\"1m\"}}");
        assertEquals(202, reply.status(), reply::toString);
        JsonNode failed = await("crash", "failed");
        assertTrue(failed.get("last_failure").asText().contains("crashed on purpose"), failed::toString);
        try (SseClient logs = SseClient.open(server, "/v1/processes/crash/logs")) {
            String line = logs.next().data().path("text").asText();
            while (!line.contains("about to crash")) { // what is said about it stands between
                line = logs.next().data().path("text").asText();
            }
        }
    }

    @Test
    void aMoveNeedsAnotherNode() {
        singleton("stuck", "");
        assertProblem(409, "process-immovable", server.post("/v1/processes/stuck:migrate", ""));
        assertProblem(409, "process-immovable", server.post("/v1/processes/stuck:migrate", "{\"node\":\"n9\"}"));
        assertProblem(400, "malformed-field", server.post("/v1/processes/stuck:migrate", "{\"node\":\"\"}"));
        assertProblem(400, "unknown-field", server.post("/v1/processes/stuck:stop", "{\"node\":\"n1\"}"));
    }

    @Test
    void processesAreFoundByTagNodeAndState() {
        for (String name : List.of("list-a", "list-b", "list-c")) {
            singleton(name, ",\"tags\":[\"listed\",\"" + name + "\"]");
        }
        server.post("/v1/processes/list-c:stop", "");
        await("list-c", "stopped");

        assertEquals(List.of("list-a", "list-b", "list-c"), names("?tag=listed"));
        assertEquals(List.of("list-b"), names("?tag=list-b"));
        assertEquals(List.of("list-a", "list-b"), names("?tag=listed&state=running"));
        assertEquals(List.of("list-a", "list-b"), names("?tag=listed&node=n1"));
        assertEquals(List.of(), names("?tag=listed&node=n2"));
        JsonNode page = server.get("/v1/processes?tag=listed&limit=2").json();
        assertTrue(page.get("more").asBoolean());
        assertEquals(
                List.of("list-c"), names("?tag=listed&after=" + page.get("next").asText()));
    }

    private static List<String> names(String query) {
        List<String> names = new ArrayList<>();
        server.get("/v1/processes" + query)
                .json()
                .path("items")
                .forEach(item -> names.add(item.get("name").asText()));
        return names;
    }

    private static List<Integer> statuses(HttpReply reply) {
        assertEquals(200, reply.status(), reply::toString);
        List<Integer> statuses = new ArrayList<>();
        reply.json()
                .path("results")
                .forEach(result -> statuses.add(result.get("status").asInt()));
        return statuses;
    }

    private static HttpReply batch(String onFailure, String... items) {
        return server.post(
                "/v1/processes:batch",
                "{\"items\":[" + String.join(",", items) + "],\"on_failure\":\"" + onFailure + "\"}");
    }

    @Test
    void aBatchGoesOnAfterARefusalOrTakesEverythingBack() {
        String faulty = "{\"name\":\"b-x\",\"kind\":\"nothing\"}";
        assertEquals(
                List.of(201, 422, 201),
                statuses(batch("continue", heartbeat("b-1", ""), faulty, heartbeat("b-2", ""))));
        assertEquals(List.of(409, 422), statuses(batch("rollback", heartbeat("b-3", ""), faulty)));
        assertEquals(404, server.get("/v1/processes/b-3").status());
        HttpReply taken = batch(
                "rollback", heartbeat("b-4", ""), heartbeat("b-1", ",\"tags\":[\"other\"]"), heartbeat("b-2", ""));
        assertEquals(List.of(409, 409, 409), statuses(taken));
        assertEquals(
                "urn:parley:problem:name-taken",
                taken.json().at("/results/1/problem/type").asText());
        assertEquals(404, server.get("/v1/processes/b-4").status());
        assertEquals(200, server.get("/v1/processes/b-2").status());
        assertEquals(List.of(200, 201), statuses(batch("rollback", heartbeat("b-1", ""), heartbeat("b-5", ""))));
        assertProblem(400, "malformed-field", batch("never", heartbeat("b-6", "")));
        assertProblem(400, "malformed-field", server.post("/v1/processes:batch", "{}"));
    }

    @Test
    void anIdempotencyKeyGetsTheFirstAnswerAgain() {
        String key = "Idempotency-Key: p-1";
        assertEquals(
                201, server.post("/v1/singletons", heartbeat("idem", ""), key).status());
        HttpReply replay = server.post("/v1/singletons", heartbeat("idem", ""), key);
        assertEquals(201, replay.status());
        assertEquals("true", replay.header("Idempotent-Replay").orElseThrow());
        assertProblem(
                422,
                "idempotency-key-reused",
                server.post("/v1/singletons", heartbeat("idem", ",\"tags\":[\"a\"]"), key));
    }
}
