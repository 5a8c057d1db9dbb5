package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Submission;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigResourceTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Registers a member that never votes. */
    private void silentMember(String node) {
        server.node()
                .replica()
                .submit(
                        Submission.of(new Command.RegisterMember(node, UUID.randomUUID(), "http://127.0.0.1:1", 1)),
                        Duration.ofSeconds(5));
    }

    private static void assertProblem(int status, String name, HttpReply reply) {
        assertEquals(status, reply.status(), reply::toString);
        assertEquals(name, reply.problem(), reply::toString);
        assertTrue(reply.revision() >= 0);
        if (reply.json().has("outcome")) {
            assertEquals("not-applied", reply.json().get("outcome").asText());
        }
    }

    private long put(String path, String json) {
        HttpReply reply = server.put("/v1/config/" + path, json);
        assertTrue(reply.status() == 201 || reply.status() == 200, reply::toString);
        return reply.revision();
    }

    @Test
    @DisplayName("F1, F6, F8: a value is agreed on, answered with its votes, and read back as it was sent")
    void aValueIsAgreedOnAndReadBack() {
        HttpReply stored = server.put("/v1/config/db/host", "\"db.example\"", "Parley-Author: me");
        assertEquals(201, stored.status(), stored::toString);
        JsonNode body = stored.json();
        assertEquals("db/host", body.get("path").asText());
        assertEquals("db.example", body.get("value").asText());
        assertEquals(stored.revision(), body.get("revision").asLong());
        assertEquals("\"" + stored.revision() + "\"", stored.header("ETag").orElseThrow());
        assertEquals("/v1/config/db/host", stored.header("Location").orElseThrow());
        assertEquals("ack", body.at("/votes/n1/vote").asText());
        assertEquals(0, body.at("/applied/n1/after_ms").asInt(-1));
        HttpReply read = server.get("/v1/config/db/host");
        assertEquals(200, read.status());
        assertEquals("\"db.example\"", read.body());
        assertEquals("application/json", read.header("Content-Type").orElseThrow());
        assertEquals("1", read.header("Parley-Version").orElseThrow());
        assertEquals(200, server.put("/v1/config/db/host", "{\"a\": 1.50}").status());
        assertEquals("{\"a\": 1.50}", server.get("/v1/config/db/host").body());
        JsonNode proposal = server.get(
                        "/v1/config-proposals/" + body.get("proposal").asText())
                .json();
        assertEquals("committed", proposal.get("state").asText());
        assertEquals(stored.revision(), proposal.get("revision").asLong());
        assertEquals("me", proposal.get("author").asText());
        assertEquals("[\"n1\"]", proposal.get("voters").toString());
    }

    @Test
    void anEntryIsDeletedByAgreement() {
        put("a", "1");
        HttpReply deleted = server.delete("/v1/config/a");
        assertEquals(204, deleted.status());
        assertEquals("1", deleted.header("Parley-Deleted").orElseThrow());
        assertProblem(404, "no-such-path", server.get("/v1/config/a"));
        assertEquals("0", server.delete("/v1/config/a").header("Parley-Deleted").orElseThrow());
        assertProblem(412, "precondition-failed", server.delete("/v1/config/a", "If-Match: *"));
    }

    @Test
    void preconditionsAreThoseOfKeys() {
        long revision = put("a", "1");
        assertEquals(
                304,
                server.get("/v1/config/a", "If-None-Match: \"" + revision + "\"")
                        .status());
        HttpReply failed = server.put("/v1/config/a", "2", "If-Match: \"9999\"");
        assertProblem(412, "precondition-failed", failed);
        assertEquals(revision, failed.json().get("revision").asLong());
        assertEquals("If-Match", failed.json().get("field").asText());
        assertProblem(412, "precondition-failed", server.put("/v1/config/a", "2", "If-None-Match: *"));
        assertEquals(
                200,
                server.put("/v1/config/a", "2", "If-Match: \"" + revision + "\"")
                        .status());
        assertProblem(409, "fenced", server.put("/v1/config/a", "3", "Parley-Fence: l:1", "If-Match: \"1\""));
    }

    @Test
    @DisplayName("F4, F5: without enough votes in time nothing is changed, for good, and the answer says so")
    void withoutEnoughVotesInTimeNothingIsChanged() {
        put("a", "1");
        silentMember("n2");
        HttpReply refused = server.put("/v1/config/a?timeout=200ms", "2");
        assertProblem(503, "too-few-votes", refused);
        assertTrue(refused.header("Retry-After").isPresent());
        assertEquals("ack", refused.json().at("/votes/n1/vote").asText());
        String proposal = refused.json().get("proposal").asText();
        assertEquals(
                "aborted",
                server.get("/v1/config-proposals/" + proposal)
                        .json()
                        .get("state")
                        .asText());
        assertEquals("1", server.get("/v1/config/a").body());
        assertEquals(200, server.put("/v1/config/a?quorum=1", "3").status());
        assertProblem(422, "quorum-too-large", server.put("/v1/config/a?quorum=3", "3"));
        assertProblem(503, "too-few-votes", server.put("/v1/config/a?quorum=all&timeout=100ms", "4"));
        assertProblem(503, "too-few-votes", server.delete("/v1/config/a?timeout=100ms"));
    }

    @Test
    void whoHasItNotIsNamedWhenItWasAskedFor() {
        silentMember("n2");
        HttpReply reply = server.put("/v1/config/a?quorum=1&applied=all&timeout=300ms", "1");
        assertEquals(202, reply.status(), reply::toString);
        assertEquals("[\"n2\"]", reply.json().get("pending").toString());
        assertEquals("1", server.get("/v1/config/a").body());
    }

    @Test
    @DisplayName("F12: the same request again under its Idempotency-Key is answered, not done again")
    void theSameRequestAgainIsAnsweredNotDoneAgain() {
        HttpReply first = server.put("/v1/config/a", "1", "Idempotency-Key: k");
        put("a", "2");
        HttpReply again = server.put("/v1/config/a", "1", "Idempotency-Key: k");
        assertEquals(201, again.status(), again::toString);
        assertEquals(first.revision(), again.json().get("revision").asLong());
        assertEquals("true", again.header("Idempotent-Replay").orElseThrow());
        assertEquals("2", server.get("/v1/config/a").body());
        assertProblem(422, "idempotency-key-reused", server.put("/v1/config/a", "3", "Idempotency-Key: k"));
    }

    @Test
    void anEntryCannotBeBelowAnother() {
        put("a/b", "1");
        HttpReply below = server.put("/v1/config/a/b/c", "1");
        assertProblem(409, "path-conflict", below);
        assertEquals("a/b", below.json().get("path").asText());
        assertProblem(409, "path-conflict", server.put("/v1/config/a", "1"));
    }

    @Test
    @DisplayName("F13: a value that a schema forbids is refused before anybody is asked, with every reason")
    void aValueThatASchemaForbidsIsRefused() {
        String schema =
                "{\"type\":\"object\",\"required\":[\"host\"],\"properties\":{\"port\":{\"type\":\"integer\"}}}";
        assertEquals(201, server.put("/v1/config-schemas/db/", schema).status());
        assertEquals(schema, server.get("/v1/config-schemas/db/").body());
        long before = server.revision();
        HttpReply refused = server.put("/v1/config/db/main", "{\"port\":\"x\"}");
        assertProblem(422, "rejected", refused);
        assertEquals(2, refused.json().get("errors").size(), refused::toString);
        assertEquals("db/main", refused.json().at("/errors/0/field").asText());
        assertEquals(before, server.revision());
        assertEquals(
                201,
                server.put("/v1/config/db/main", "{\"host\":\"h\",\"port\":1}").status());
        assertEquals(201, server.put("/v1/config/other", "1").status());
        assertEquals(204, server.delete("/v1/config-schemas/db/").status());
        assertProblem(404, "no-such-schema", server.get("/v1/config-schemas/db/"));
        assertProblem(404, "no-such-schema", server.delete("/v1/config-schemas/db/"));
        assertEquals(200, server.put("/v1/config/db/main", "7").status());
    }

    @Test
    void aSchemaThatValuesViolateIsRefusedUnlessItIsForced() {
        put("n/a", "1");
        put("n/b", "\"text\"");
        HttpReply refused = server.put("/v1/config-schemas/n/", "{\"type\":\"integer\"}");
        assertProblem(409, "schema-violated", refused);
        assertEquals("[\"n/b\"]", refused.json().get("paths").toString());
        assertEquals(
                201,
                server.put("/v1/config-schemas/n/?force=true", "{\"type\":\"integer\"}")
                        .status());
        assertProblem(422, "rejected", server.put("/v1/config/n/b", "\"other\""));
        assertProblem(422, "rejected", server.put("/v1/config-schemas/m", "{\"type\":\"nonsense\"}"));
        assertProblem(422, "rejected", server.put("/v1/config-schemas/m", "{\"$ref\":\"http://127.0.0.1:1/schema\"}"));
    }

    @Test
    @DisplayName("F10: a release is all or nothing, in one revision and one event")
    void aReleaseIsAllOrNothing() {
        put("old", "1");
        HttpReply released = server.post(
                "/v1/config-releases",
                "{\"changes\":[{\"path\":\"x\",\"value\":{\"a\":1.10}},{\"path\":\"y\",\"value\":null},{\"path\":\"old\",\"delete\":true}],\"comment\":\"why\"}");
        assertEquals(200, released.status(), released::toString);
        assertEquals("[\"x\",\"y\",\"old\"]", released.json().get("paths").toString());
        long revision = released.json().get("revision").asLong();
        assertEquals("{\"x\":{\"a\":1.10},\"y\":null}", server.get("/v1/config").body());
        JsonNode history = server.get("/v1/config-history?prefix=").json();
        assertEquals(4, history.get("items").size());
        assertEquals(revision, history.at("/items/2/revision").asLong());
        assertEquals("why", history.at("/items/0/comment").asText());
        assertProblem(
                409,
                "path-conflict",
                server.post(
                        "/v1/config-releases",
                        "{\"changes\":[{\"path\":\"z\",\"value\":1},{\"path\":\"x/below\",\"value\":1}]}"));
        assertProblem(404, "no-such-path", server.get("/v1/config/z"));
        for (String bad : new String[] {
            "{}",
            "{\"changes\":[]}",
            "{\"changes\":[{\"path\":\"a\"}]}",
            "{\"changes\":[{\"path\":\"a\",\"value\":1,\"delete\":true}]}",
            "{\"changes\":[{\"path\":\"a\",\"value\":1},{\"path\":\"a\",\"value\":2}]}",
            "{\"changes\":[{\"path\":\"a\",\"vaule\":1}]}"
        }) {
            assertEquals(400, server.post("/v1/config-releases", bad).status(), bad);
        }
    }

    @Test
    void aRollbackIsAnAgreementToo() {
        put("r/a", "1");
        long then = put("r/b", "1");
        put("r/a", "2");
        server.delete("/v1/config/r/b");
        put("r/c", "3");
        put("else", "1");
        HttpReply back = server.post("/v1/config-rollbacks", "{\"prefix\":\"r/\",\"revision\":" + then + "}");
        assertEquals(200, back.status(), back::toString);
        assertEquals("{\"r/a\":1,\"r/b\":1}", server.get("/v1/config?prefix=r/").body());
        assertEquals("1", server.get("/v1/config/else").body());
        HttpReply again = server.post("/v1/config-rollbacks", "{\"path\":\"r/a\",\"revision\":" + then + "}");
        assertEquals(200, again.status());
        assertEquals(
                400,
                server.post("/v1/config-rollbacks", "{\"path\":\"r/a\",\"revision\":99999}")
                        .status());
        assertEquals(
                400, server.post("/v1/config-rollbacks", "{\"revision\":1}").status());
    }

    @Test
    void theConfigurationIsReadInTheFormThatSuits() throws IOException {
        put("app/name", "\"it's\"");
        put("app/db/port", "5432");
        put("app/db/hosts", "[\"a\", \"b\"]");
        assertEquals(
                "{\"app\":{\"db\":{\"hosts\":[\"a\", \"b\"],\"port\":5432},\"name\":\"it's\"}}",
                server.get("/v1/config?as=tree").body());
        HttpReply yaml = server.get("/v1/config?prefix=app/&as=yaml");
        assertEquals("application/yaml", yaml.header("Content-Type").orElseThrow());
        JsonNode read = new com.fasterxml.jackson.dataformat.yaml.YAMLMapper().readTree(yaml.body());
        assertEquals(server.get("/v1/config?as=tree").json(), read);
        Properties properties = new Properties();
        properties.load(new StringReader(server.get("/v1/config?as=properties").body()));
        assertEquals("it's", properties.getProperty("app.name"));
        assertEquals("[\"a\",\"b\"]", properties.getProperty("app.db.hosts"));
        String env = server.get("/v1/config?as=env").body();
        assertTrue(env.contains("APP_DB_PORT='5432'\n"), env);
        assertTrue(env.contains("APP_NAME='it'\\''s'\n"), env);
        assertEquals(400, server.get("/v1/config?as=xml").status());
    }

    @Test
    void theDifferenceOfTwoRevisionsIsShown() {
        long first = put("a", "1");
        put("b", "1");
        put("a", "2");
        server.delete("/v1/config/b");
        long last = put("c", "3");
        assertEquals(
                "[{\"path\":\"a\",\"type\":\"changed\",\"from\":1,\"to\":2},{\"path\":\"c\",\"type\":\"added\",\"to\":3}]",
                server.get("/v1/config-diff?from=" + first + "&to=" + last)
                        .json()
                        .get("changes")
                        .toString());
        assertEquals(400, server.get("/v1/config-diff?from=1&to=99999").status());
        assertEquals(400, server.get("/v1/config-diff").status());
    }

    @Test
    @DisplayName("F15: a watcher sees each change with its revision, the value and the one before")
    void aWatcherSeesEachChange() {
        long first = put("w/a", "1");
        try (SseClient watcher =
                SseClient.open(server, "/v1/config-watch?prefix=w/&prev", "Last-Event-ID: " + (first - 1))) {
            assertEquals("bookmark", watcher.next().name());
            SseClient.Message message = watcher.next();
            assertEquals(first, message.revision());
            assertEquals(1, message.data().at("/events/0/value").asInt());
            assertEquals("w/a", message.data().at("/events/0/path").asText());
            server.put("/v1/kv/w/a", "a key is no entry");
            put("elsewhere", "1");
            put("w/a", "{\"deep\":true}");
            SseClient.Message next = watcher.next();
            assertTrue(next.data().at("/events/0/value/deep").asBoolean());
            assertEquals(1, next.data().at("/events/0/prev/value").asInt());
            server.delete("/v1/config/w/a");
            assertEquals("delete", watcher.next().data().at("/events/0/type").asText());
        }
        HttpReply poll = server.get("/v1/config-watch?path=w/a&from=" + first + "&wait=1s", "Accept: application/json");
        assertEquals(first, poll.json().get("revision").asLong());
        assertEquals(400, server.get("/v1/config-watch").status());
        assertEquals(400, server.get("/v1/config-watch?key=a").status());
    }

    @Test
    void aLongPollAnswersAtTheFirstChange() {
        long revision = put("p", "1");
        CompletableFuture<HttpReply> poll = CompletableFuture.supplyAsync(
                () -> server.get("/v1/config/p", "If-None-Match: \"" + revision + "\"", "Prefer: wait=30"));
        put("p", "2");
        assertEquals("2", poll.join().body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "nonsense", "1 2", "{\"a\":1,\"a\":2}"})
    void whatIsNoJsonIsRefused(String body) {
        assertEquals(400, server.put("/v1/config/bad", body).status());
    }

    @Test
    void aMalformedRequestIsRefused() {
        assertEquals(400, server.put("/v1/config/a?quorum=most", "1").status());
        assertEquals(400, server.put("/v1/config/a?quorum=0", "1").status());
        assertEquals(400, server.put("/v1/config/a?applied=some", "1").status());
        assertEquals(400, server.put("/v1/config/a?aplied=all", "1").status());
        assertEquals(400, server.put("/v1/config/", "1").status());
        assertEquals(
                415, server.put("/v1/config/a", "1", "Content-Type: text/plain").status());
        assertEquals(405, server.post("/v1/config/a", "1").status());
        assertProblem(404, "no-such-proposal", server.get("/v1/config-proposals/99"));
        assertFalse(server.get("/v1/config?prefix=").json().has("a"));
    }
}
