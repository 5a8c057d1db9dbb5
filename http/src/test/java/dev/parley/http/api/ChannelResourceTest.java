package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ChannelResourceTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String publish(String topic, String data) {
        HttpReply reply = server.post("/v1/channels/" + topic + "/messages", "{\"data\":" + data + "}");
        assertEquals(202, reply.status(), reply::toString);
        assertFalse(reply.header("Parley-Revision").isPresent());
        return reply.json().get("id").asText();
    }

    private static List<String> data(HttpReply reply) {
        List<String> data = new ArrayList<>();
        reply.json()
                .get("messages")
                .forEach(message -> data.add(message.get("data").toString()));
        return data;
    }

    @Test
    void messagesAreReadInOrderAndFromAnyOfThemOn() {
        List<String> ids = List.of(publish("t", "1"), publish("t", "{ \"a\": [ 2 ] }"), publish("t", "1e400"));
        HttpReply all = server.get("/v1/channels/t/messages");
        assertEquals(
                List.of("1", "{\"a\":[2]}", "1E+400"),
                List.of(
                        all.json().at("/messages/0/data").toString(),
                        all.json().at("/messages/1/data").toString(),
                        all.body().replaceAll("(?s).*\"data\":(1E\\+400).*", "$1")));
        assertEquals(ids.get(0), all.json().at("/messages/0/id").asText());
        assertEquals("n1", all.json().at("/messages/0/node").asText());
        assertEquals(
                2,
                data(server.get("/v1/channels/t/messages?after=" + ids.get(0))).size());
        HttpReply page = server.get("/v1/channels/t/messages?limit=2");
        assertEquals(2, data(page).size());
        String next = page.json().get("next").asText();
        assertEquals(
                1, data(server.get("/v1/channels/t/messages?after=" + next)).size());
        assertEquals(
                "{\"messages\":[],\"next\":\"\"}",
                server.get("/v1/channels/empty/messages").body());
    }

    @Test
    void aStreamBeginsNowAndResumesBehindTheLastOne() {
        publish("live", "0");
        String last;
        try (SseClient events = SseClient.open(server, "/v1/channels/live/messages", "Accept: text/event-stream")) {
            publish("live", "1");
            SseClient.Message message = events.next();
            assertEquals(1, message.data().get("data").asInt());
            last = message.id();
        }
        publish("live", "2");
        publish("live", "3");
        try (SseClient events = SseClient.open(
                server, "/v1/channels/live/messages", "Accept: text/event-stream", "Last-Event-ID: " + last)) {
            assertEquals(2, events.next().data().get("data").asInt());
            assertEquals(3, events.next().data().get("data").asInt());
        }
        JsonNode all = server.get("/v1/channels/live/messages", "Accept: application/json")
                .json();
        assertEquals(4, all.get("messages").size());
    }

    @Test
    void whatIsMalformedIsRefusedByName() {
        assertEquals(
                "after",
                server.get("/v1/channels/t/messages?after=zzz")
                        .json()
                        .get("field")
                        .asText());
        assertEquals(
                "limit",
                server.get("/v1/channels/t/messages?limit=0")
                        .json()
                        .get("field")
                        .asText());
        assertEquals(
                "Last-Event-ID",
                server.get("/v1/channels/t/messages", "Last-Event-ID: ?")
                        .json()
                        .get("field")
                        .asText());
        assertEquals(
                400,
                server.post("/v1/channels/t/messages", "{\"data\":1,\"data\":2}")
                        .status());
        assertEquals(
                "/data",
                server.post("/v1/channels/t/messages", "{}").json().get("field").asText());
        assertEquals(
                400, server.post("/v1/channels/t%2Fx/messages", "{\"data\":1}").status());
        assertEquals(
                413,
                server.post("/v1/channels/t/messages", "{\"data\":\"" + "x".repeat(70_000) + "\"}")
                        .status());
        assertEquals(405, server.delete("/v1/channels/t/messages").status());
        assertEquals(0, server.http().faults());
    }
}
