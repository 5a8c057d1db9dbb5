package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GroupResourceTest {
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
    void aMemberJoinsIsKeptAliveShownAndLeaves() {
        HttpReply joined = server.put("/v1/groups/g/members/ann?ttl=30s", "{ \"age\": 7 }");
        assertEquals(201, joined.status(), joined::toString);
        assertEquals("/v1/groups/g/members/ann", joined.header("Location").orElseThrow());
        assertFalse(joined.header("Parley-Revision").isPresent(), "groups are not of the agreed plane");
        assertEquals(200, server.put("/v1/groups/g/members/ann", "{\"age\":8}").status());
        server.put("/v1/groups/g/members/bob", "");
        JsonNode shown = server.get("/v1/groups/g?scope=local").json();
        assertEquals("g", shown.get("group").asText());
        assertEquals(2, shown.get("members").size());
        JsonNode ann = shown.at("/members/0");
        assertEquals("ann", ann.get("member").asText());
        assertEquals("n1", ann.get("node").asText());
        assertEquals(8, ann.at("/data/age").asInt());
        assertTrue(ann.get("joined_at").asText().matches("\\d{4}-.*T.*Z"));
        assertTrue(shown.at("/members/1/data").isNull());
        assertEquals(204, server.delete("/v1/groups/g/members/ann").status());
        assertEquals(204, server.delete("/v1/groups/g/members/ann").status());
        assertEquals(1, server.get("/v1/groups/g").json().get("members").size());
    }

    @Test
    void anUnknownGroupIsEmpty() {
        HttpReply reply = server.get("/v1/groups/nobody");
        assertEquals(200, reply.status());
        assertEquals("{\"group\":\"nobody\",\"members\":[]}", reply.body());
    }

    /** B7: nobody has to sweep. */
    @Test
    void aMemberThatIsNotKeptAliveLeavesByItself() {
        server.put("/v1/groups/brief/members/ann?ttl=1s", "");
        Awaitility.await()
                .until(() ->
                        server.get("/v1/groups/brief").json().get("members").isEmpty());
    }

    @Test
    void whatHappensInAGroupIsAStream() {
        try (SseClient events = SseClient.open(server, "/v1/groups/stream/events")) {
            server.put("/v1/groups/stream/members/ann", "");
            HttpReply sent = server.post("/v1/groups/stream:broadcast", "{\"data\":{\"text\":\"hi\\nyou\"}}");
            assertEquals(202, sent.status());
            assertEquals("{\"recipients\":1}", sent.body());
            server.delete("/v1/groups/stream/members/ann");
            SseClient.Message joined = events.next();
            assertEquals("joined", joined.name());
            assertEquals("ann", joined.data().get("member").asText());
            SseClient.Message message = events.next();
            assertEquals("message", message.name());
            assertEquals("hi\nyou", message.data().at("/data/text").asText());
            assertEquals("left", events.next().name());
        }
    }

    @Test
    void whatIsMalformedIsRefusedByName() {
        assertEquals("ttl", field(server.put("/v1/groups/g/members/x?ttl=30", "")));
        assertEquals("ttl", field(server.put("/v1/groups/g/members/x?ttl=500ms", "")));
        assertEquals("scope", field(server.get("/v1/groups/g?scope=some")));
        assertEquals("scop", field(server.get("/v1/groups/g?scop=all")));
        assertEquals(400, server.put("/v1/groups/g/members/-x", "").status());
        assertEquals(400, server.get("/v1/groups/%20").status());
        assertEquals(400, server.put("/v1/groups/g/members/x", "{").status());
        assertEquals(
                413,
                server.put("/v1/groups/g/members/x", "\"" + "x".repeat(4_096) + "\"")
                        .status());
        assertEquals(
                415,
                server.put("/v1/groups/g/members/x", "{}", "Content-Type: text/plain")
                        .status());
        assertEquals("/data", field(server.post("/v1/groups/g:broadcast", "{}")));
        assertEquals("/dta", field(server.post("/v1/groups/g:broadcast", "{\"dta\":1}")));
        HttpReply method = server.post("/v1/groups/g/members/x", "");
        assertEquals(405, method.status());
        assertEquals("DELETE, PUT, OPTIONS", method.header("Allow").orElseThrow());
        assertEquals(404, server.get("/v1/groups/g/x/y").status());
        assertEquals(0, server.http().faults());
    }

    private static String field(HttpReply reply) {
        assertEquals(400, reply.status(), reply::toString);
        return reply.json().get("field").asText();
    }
}
