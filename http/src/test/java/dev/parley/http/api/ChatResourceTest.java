package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ChatResourceTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode post(String room, String text) {
        HttpReply reply =
                server.post("/v1/chat/rooms/" + room + "/messages", "{\"user\":\"ann\",\"text\":\"" + text + "\"}");
        assertEquals(201, reply.status(), reply::toString);
        assertFalse(reply.header("Parley-Revision").isPresent());
        return reply.json();
    }

    private static List<String> texts(HttpReply reply) {
        assertEquals(200, reply.status(), reply::toString);
        List<String> texts = new ArrayList<>();
        reply.json()
                .get("messages")
                .forEach(message -> texts.add(message.get("text").asText()));
        return texts;
    }

    /** L9: a message says who, what and when. */
    @Test
    void aMessageIsPostedAndRead() {
        JsonNode first = post("talk", "hello");
        assertEquals(first.get("stamp").asText() + "-n1", first.get("id").asText());
        assertEquals("talk", first.get("room").asText());
        assertEquals("ann", first.get("user").asText());
        assertEquals(1, first.get("sequence").asInt());
        assertEquals(1, first.get("durable_on").asInt());
        assertTrue(first.get("at").asText().endsWith("Z"));
        JsonNode second = post("talk", "again");
        post("talk", "and again");
        String base = "/v1/chat/rooms/talk/messages";
        assertEquals(List.of("hello", "again", "and again"), texts(server.get(base)));
        assertEquals(List.of("again", "and again"), texts(server.get(base + "?limit=2")));
        assertTrue(server.get(base + "?limit=2").json().get("more").asBoolean());
        assertEquals(
                List.of("hello"),
                texts(server.get(base + "?before=" + second.get("id").asText())));
        assertEquals(
                List.of("and again"),
                texts(server.get(base + "?after=" + second.get("id").asText())));
        String position = server.get(base).json().get("position").asText();
        assertEquals(List.of(), texts(server.get(base + "?after=" + position)));
        post("talk", "later");
        assertEquals(List.of("later"), texts(server.get(base + "?after=" + position)));
        JsonNode room = server.get("/v1/chat/rooms").json().get("rooms").findParent("room");
        assertEquals(
                true, server.get("/v1/chat/rooms").body().contains("\"room\":\"talk\",\"messages\":4"), room::toString);
    }

    @Test
    void anUnknownRoomIsEmptyAndNotListed() {
        assertEquals(List.of(), texts(server.get("/v1/chat/rooms/nowhere/messages")));
        assertEquals(
                "{\"room\":\"nowhere\",\"users\":[]}",
                server.get("/v1/chat/rooms/nowhere/presence").body());
        assertFalse(server.get("/v1/chat/rooms").body().contains("nowhere"));
    }

    @Test
    void aStreamBeginsNowAndResumesBehindAPosition() {
        post("stream", "before");
        String last;
        try (SseClient events = SseClient.open(server, "/v1/chat/rooms/stream/events")) {
            post("stream", "one");
            SseClient.Message message = events.next();
            assertEquals("message", message.name());
            assertEquals("one", message.data().get("text").asText());
            last = message.id();
        }
        post("stream", "two");
        try (SseClient events = SseClient.open(server, "/v1/chat/rooms/stream/events", "Last-Event-ID: " + last)) {
            assertEquals("two", events.next().data().get("text").asText());
            post("stream", "three");
            assertEquals("three", events.next().data().get("text").asText());
        }
    }

    @Test
    void whatIsMalformedIsRefusedByName() {
        String base = "/v1/chat/rooms/bad/messages";
        assertEquals("/text", field(server.post(base, "{\"user\":\"ann\"}")));
        assertEquals("/text", field(server.post(base, "{\"text\":\" \"}")));
        assertEquals("/user", field(server.post(base, "{\"text\":\"x\",\"user\":\"\"}")));
        assertEquals("/user", field(server.post(base, "{\"text\":\"x\",\"user\":\"" + "u".repeat(65) + "\"}")));
        assertEquals("/usr", field(server.post(base, "{\"text\":\"x\",\"usr\":\"ann\"}")));
        assertEquals("acks", field(server.post(base + "?acks=some", "{\"text\":\"x\"}")));
        assertEquals("before", field(server.get(base + "?before=x")));
        assertEquals("before", field(server.get(base + "?before=1-n1&after=1-n1")));
        assertEquals("after", field(server.get(base + "?after=x")));
        assertEquals("limit", field(server.get(base + "?limit=1001")));
        assertEquals("Upgrade", field(server.get("/v1/chat/rooms/bad/ws")));
        assertEquals("user", field(server.get("/v1/chat/rooms/bad/ws?user=%0A")));
        assertEquals(
                413,
                server.post(base, "{\"text\":\"" + "x".repeat(8_193) + "\"}").status());
        assertEquals(400, server.get("/v1/chat/rooms/a%2Fb/messages").status());
        assertEquals(405, server.delete(base).status());
        assertEquals(0, server.http().faults());
    }

    private static String field(HttpReply reply) {
        assertEquals(400, reply.status(), reply::toString);
        return reply.json().get("field").asText();
    }

    @Test
    void thePageIsServedAndLetsNothingElseIn() {
        HttpReply page = server.get("/chat");
        assertEquals(200, page.status());
        assertEquals("text/html; charset=utf-8", page.header("Content-Type").orElseThrow());
        assertTrue(page.header("Content-Security-Policy").orElseThrow().startsWith("default-src 'none'"));
        assertTrue(page.body().contains("role=\"log\""));
        assertFalse(page.body().contains("innerHTML"), "what others write is never taken for markup");
    }
}
