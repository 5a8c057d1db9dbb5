package dev.parley.http.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChatSocketTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
        HTTP.close();
    }

    /** A client of one room. */
    private static final class Client implements WebSocket.Listener, AutoCloseable {
        final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        final StringBuilder text = new StringBuilder();
        final WebSocket socket;

        Client(TestServer of, String room, String query) {
            socket = HTTP.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + of.port() + "/v1/chat/rooms/" + room + "/ws" + query), this)
                    .join();
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    frames.add(JSON.readTree(text.toString()));
                } catch (JsonProcessingException malformed) {
                    throw new IllegalStateException(malformed);
                }
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
            closed.complete(status);
            return null;
        }

        void send(String frame) {
            socket.sendText(frame, true).join();
        }

        /** The next frame of this type; others are passed over. */
        JsonNode next(String type) throws InterruptedException {
            while (true) {
                JsonNode frame = frames.poll(10, TimeUnit.SECONDS);
                assertTrue(frame != null, "no " + type);
                if (frame.get("type").asText().equals(type)) {
                    return frame;
                }
            }
        }

        int closeCode() {
            return closed.orTimeout(20, TimeUnit.SECONDS).join();
        }

        @Override
        public void close() {
            socket.abort();
        }
    }

    private static Client client(String room, String query) {
        return new Client(server, room, query);
    }

    @Test
    @DisplayName("L1, L2, L3, L6: first the history, then what others say; the sender gets an acknowledgement instead")
    void historyFirstThenWhatOthersSay() throws InterruptedException {
        server.post("/v1/chat/rooms/a/messages", "{\"user\":\"zoe\",\"text\":\"earlier\"}");
        try (Client ann = client("a", "?user=ann");
                Client bob = client("a", "")) {
            assertEquals("earlier", ann.next("history").at("/messages/0/text").asText());
            bob.next("history");
            ann.send("{\"type\":\"message\",\"text\":\"hi\",\"client_id\":\"c1\"}");
            JsonNode ack = ann.next("ack");
            assertEquals("c1", ack.get("client_id").asText());
            assertEquals(ack.get("stamp").asText() + "-n1", ack.get("id").asText());
            JsonNode heard = bob.next("message");
            assertEquals("ann", heard.get("user").asText());
            assertEquals("hi", heard.get("text").asText());
            assertEquals(ack.get("id"), heard.get("id"));
            bob.send("plain text is a message, too");
            bob.next("ack");
            JsonNode plain = ann.next("message");
            assertEquals("Guest", plain.get("user").asText());
            assertEquals("plain text is a message, too", plain.get("text").asText());
            assertTrue(ann.frames.stream()
                    .noneMatch(frame -> frame.path("text").asText().equals("hi")));
        }
    }

    @Test
    @DisplayName("L7: the history is the last 50; from a position on it is what was missed")
    void theHistoryIsTheLastFiftyOrWhatWasMissed() throws InterruptedException {
        for (int i = 0; i < 60; i++) {
            server.post("/v1/chat/rooms/b/messages", "{\"text\":\"" + i + "\"}");
        }
        String position;
        try (Client client = client("b", "")) {
            JsonNode history = client.next("history");
            assertEquals(50, history.get("messages").size());
            assertEquals("10", history.at("/messages/0/text").asText());
            position = history.get("position").asText();
        }
        server.post("/v1/chat/rooms/b/messages", "{\"text\":\"missed\"}");
        try (Client client = client("b", "?after=" + position)) {
            JsonNode history = client.next("history");
            assertEquals(1, history.get("messages").size());
            assertEquals("missed", history.at("/messages/0/text").asText());
        }
    }

    @Test
    @DisplayName("L14, M17: who comes and goes is seen to, and is present exactly as long")
    void whoComesAndGoesIsSeen() throws InterruptedException {
        try (Client ann = client("c", "?user=ann")) {
            ann.next("history");
            Client bob = client("c", "?user=bob");
            bob.next("history");
            JsonNode joined = ann.next("presence");
            while (!joined.path("joined").asText().equals("bob")) {
                joined = ann.next("presence");
            }
            assertEquals(
                    2,
                    server.get("/v1/chat/rooms/c/presence").json().get("users").size());
            assertTrue(server.get("/v1/groups/chat_clients").body().contains("\"member\":\"bob\""));
            bob.close();
            assertEquals("bob", ann.next("presence").get("left").asText());
            await().until(() ->
                    server.get("/v1/chat/rooms/c/presence").json().get("users").size() == 1);
        }
    }

    @Test
    void whatIsNoMessageIsAnErrorAndTheConnectionGoesOn() throws InterruptedException {
        try (Client client = client("d", "")) {
            client.next("history");
            for (String frame : List.of(
                    "{\"type\":\"massage\"}",
                    "{\"type\":\"message\"}",
                    "{\"type\":\"message\",\"text\":\"x\",\"txt\":\"\"}",
                    "{\"type\":\"message\",\"text\":\"  \"}",
                    "{\"type\":\"message\",\"text\":\"" + "x".repeat(8_193) + "\"}")) {
                client.send(frame);
                assertEquals(400, client.next("error").at("/problem/status").asInt(), frame);
            }
            client.send("{\"no\":\"type\"}");
            client.next("ack");
            client.send("{ broken");
            client.next("ack");
        }
        assertEquals(0, server.http().faults());
    }

    @Test
    @DisplayName("L17: who sends too fast or too much is let go with the code that says so")
    void whoSendsTooFastOrTooMuchIsLetGo() {
        try (Client fast = client("e", "")) {
            for (int i = 0; i < 200 && !fast.socket.isOutputClosed(); i++) {
                try {
                    fast.send("x");
                } catch (java.util.concurrent.CompletionException closed) {
                    break;
                }
            }
            assertEquals(4029, fast.closeCode());
        }
        try (Client large = client("e", "")) {
            large.socket.sendText("x".repeat(20_000), true);
            assertEquals(1009, large.closeCode());
        }
        try (Client binary = client("e", "")) {
            binary.socket.sendBinary(java.nio.ByteBuffer.wrap(new byte[3]), true);
            assertEquals(1008, binary.closeCode());
        }
    }

    @Test
    @DisplayName("M3: when the node stops its clients are told")
    void whenTheNodeStopsItsClientsAreTold() throws InterruptedException {
        TestServer stopping = TestServer.start();
        try (Client client = new Client(stopping, "f", "")) {
            client.next("history");
            stopping.close();
            assertEquals(1001, client.closeCode());
        }
    }

    @Test
    void aRateAllowsABurstAndThenSoManyASecond() {
        RateLimit rate = new RateLimit(10, 3);
        assertTrue(rate.admits(0) && rate.admits(0) && rate.admits(0));
        assertFalse(rate.admits(0));
        assertFalse(rate.admits(50_000_000));
        assertTrue(rate.admits(110_000_000));
        assertTrue(rate.admits(60_000_000_000L) && rate.admits(60_000_000_000L) && rate.admits(60_000_000_000L));
        assertFalse(rate.admits(60_000_000_000L));
    }
}
