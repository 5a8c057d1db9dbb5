package dev.parley.http.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** J1, J2, J4 to J7 over a WebSocket. */
class WatchSocketTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private TestServer server;
    private HttpClient http;

    @BeforeEach
    void start() {
        server = TestServer.start();
        http = HttpClient.newHttpClient();
    }

    /** Only for tests of the heartbeat: whoever does not answer within two of them is cut, on a busy machine too. */
    private void restartWithAShortHeartbeat() {
        server.close();
        server = TestServer.start(RequestLimits.AGREED, SILENCE);
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    /** Takes what comes; bookmarks apart. */
    private final class Client implements WebSocket.Listener, AutoCloseable {
        private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        private final BlockingQueue<JsonNode> bookmarks = new LinkedBlockingQueue<>();
        private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
        private final StringBuilder begun = new StringBuilder();
        private final WebSocket socket;

        Client() {
            socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/v1/watch/ws"), this)
                    .join();
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            begun.append(part);
            if (last) {
                try {
                    JsonNode message = JSON.readTree(begun.toString());
                    (message.has("bookmark") ? bookmarks : messages).add(message);
                } catch (IOException malformed) {
                    throw new AssertionError(begun.toString(), malformed);
                }
                begun.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.add(code);
            return null;
        }

        Client send(String message) {
            socket.sendText(message, true).join();
            return this;
        }

        JsonNode next() {
            return taken(messages);
        }

        private static <T> T taken(BlockingQueue<T> queue) {
            try {
                T next = queue.poll(30, TimeUnit.SECONDS);
                if (next == null) {
                    throw new AssertionError("nothing came");
                }
                return next;
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        @Override
        public void close() {
            socket.abort();
        }
    }

    private static String create(String rest) {
        return "{\"create\":{" + rest + "}}";
    }

    private long watches() {
        return server.get("/v1/watches").json().get("count").asLong();
    }

    @Test
    void aWatchIsCreatedAndSeesWhatChangesFromThenOn() {
        server.put("/v1/kv/a/0", "before");
        try (Client client = new Client()) {
            JsonNode created =
                    client.send(create("\"id\":\"w\",\"prefix\":\"a/\"")).next();
            assertEquals(
                    JSON.createObjectNode().put("id", "w").put("created", true).put("revision", 1), created);
            server.put("/v1/kv/b", "not watched");
            server.put("/v1/kv/a/1", "x");
            server.delete("/v1/kv/a/1");
            JsonNode put = client.next();
            assertEquals("w", put.get("id").asText());
            assertEquals(3, put.get("revision").asLong());
            assertEquals("put", put.at("/events/0/type").asText());
            assertEquals("x", put.at("/events/0/value").asText());
            JsonNode delete = client.next();
            assertEquals(4, delete.get("revision").asLong());
            assertEquals("delete", delete.at("/events/0/type").asText());
            JsonNode listed = server.get("/v1/watches").json().at("/items/0");
            assertEquals("websocket", listed.get("kind").asText());
            assertEquals("a/", listed.at("/range/prefix").asText());
        }
    }

    @Test
    void aLedgerIsWatchedFromAnEntryOnBesideKeys() {
        ledger("a");
        ledger("b");
        try (Client client = new Client()) {
            JsonNode created = client.send(create("\"id\":1,\"ledger\":\"orders\",\"key\":\"a\",\"from\":1"))
                    .next();
            assertEquals(
                    JSON.createObjectNode()
                            .put("id", 1)
                            .put("created", true)
                            .put("revision", 0)
                            .put("sequence", 0),
                    created);
            JsonNode first = client.next();
            assertEquals(1, first.get("revision").asLong());
            assertEquals("append", first.at("/events/0/type").asText());
            assertEquals(1, first.at("/events/0/sequence").asLong());
            client.send(create("\"id\":2,\"key\":\"k\"")).next();
            ledger("b");
            ledger("a");
            JsonNode second = client.next();
            assertEquals(4, second.at("/events/0/sequence").asLong());
            assertEquals(1, second.get("id").asLong());
            server.put("/v1/kv/k", "x");
            assertEquals(2, client.next().get("id").asLong());
            JsonNode listed = server.get("/v1/watches").json().at("/items/0");
            assertEquals("orders", listed.at("/range/ledger").asText());
        }
    }

    private void ledger(String key) {
        HttpReply reply = server.post("/v1/ledgers/orders/entries", "{\"key\":\"" + key + "\",\"value\":\"\"}");
        assertEquals(201, reply.status(), reply::toString);
    }

    @Test
    void watchesOfOneConnectionAreToldApartByTheirIds() {
        try (Client client = new Client()) {
            client.send(create("\"id\":1,\"key\":\"a\"")).next();
            client.send(create("\"id\":\"1\",\"key\":\"b\",\"keys_only\":true")).next();
            server.put("/v1/kv/a", "x");
            JsonNode first = client.next();
            assertTrue(first.get("id").isNumber(), first::toString);
            assertEquals("a", first.at("/events/0/key").asText());
            server.put("/v1/kv/b", "x");
            JsonNode second = client.next();
            assertTrue(second.get("id").isTextual(), second::toString);
            assertFalse(second.at("/events/0").has("value"));
            assertEquals(2, watches());
        }
    }

    @Test
    void aWatchFromARevisionBringsTheBacklogWithoutGapOrDuplicate() {
        for (int i = 1; i <= 50; i++) {
            server.put("/v1/kv/k", "v" + i);
        }
        try (Client client = new Client()) {
            JsonNode created = client.send(create("\"id\":1,\"key\":\"k\",\"from\":11,\"prev\":true"))
                    .next();
            assertEquals(10, created.get("revision").asLong());
            for (int i = 51; i <= 60; i++) {
                server.put("/v1/kv/k", "v" + i);
            }
            for (int i = 11; i <= 60; i++) {
                JsonNode event = client.next();
                assertEquals(i, event.get("revision").asLong());
                assertEquals("v" + (i - 1), event.at("/events/0/prev/value").asText());
            }
        }
    }

    @Test
    void aCancelledWatchSaysSoAndNothingAfter() {
        try (Client client = new Client()) {
            client.send(create("\"id\":1,\"key\":\"k\"")).next();
            client.send(create("\"id\":2,\"key\":\"k\"")).next();
            JsonNode cancelled = client.send("{\"cancel\":{\"id\":1}}").next();
            assertEquals(JSON.createObjectNode().put("id", 1).put("cancelled", true), cancelled);
            server.put("/v1/kv/k", "x");
            assertEquals(2, client.next().get("id").asLong());
            assertEquals(1, watches());
            client.send(create("\"id\":1,\"key\":\"k\""));
            assertEquals(1, client.next().get("id").asLong());
        }
    }

    @Test
    void belowTheCompactionRevisionAWatchIsCancelledAndTheConnectionGoesOn() {
        server.put("/v1/kv/k", "1");
        server.put("/v1/kv/k", "2");
        server.post("/v1/compact", "{\"revision\":2}");
        try (Client client = new Client()) {
            JsonNode refused =
                    client.send(create("\"id\":1,\"key\":\"k\",\"from\":1")).next();
            assertTrue(refused.get("cancelled").asBoolean());
            assertEquals(410, refused.at("/problem/status").asInt());
            assertEquals(2, refused.at("/problem/compacted_revision").asLong());
            assertEquals("/create/from", refused.at("/problem/field").asText());
            client.send(create("\"id\":1,\"key\":\"k\",\"from\":2")).next();
            assertEquals(2, client.next().get("revision").asLong());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "[]",
                "{}",
                "{\"create\":{}}",
                "{\"create\":{\"id\":1}}",
                "{\"create\":{\"id\":1,\"key\":\"a\",\"prefix\":\"a\"}}",
                "{\"create\":{\"id\":1.5,\"key\":\"a\"}}",
                "{\"create\":{\"id\":\"\",\"key\":\"a\"}}",
                "{\"create\":{\"id\":1,\"key\":\"a\",\"from\":-1}}",
                "{\"create\":{\"id\":1,\"key\":\"a\",\"nonsense\":1}}",
                "{\"create\":{\"id\":1,\"key\":\"a\",\"filter\":\"all\"}}",
                "{\"cancel\":{\"id\":9}}",
                "{\"create\":{\"id\":1,\"key\":\"a\"},\"cancel\":{\"id\":1}}"
            })
    void whatIsMalformedIsAnsweredAndTheConnectionGoesOn(String message) {
        try (Client client = new Client()) {
            JsonNode refused = client.send(message).next();
            assertTrue(refused.get("cancelled").asBoolean(), refused::toString);
            assertEquals(400, refused.at("/problem/status").asInt(), refused::toString);
            assertTrue(client.send(create("\"id\":2,\"key\":\"k\"")).next().has("created"));
        }
    }

    @Test
    void anIdInUseIsRefusedAndItsWatchGoesOn() {
        try (Client client = new Client()) {
            client.send(create("\"id\":1,\"key\":\"k\"")).next();
            assertEquals(
                    400,
                    client.send(create("\"id\":1,\"key\":\"other\""))
                            .next()
                            .at("/problem/status")
                            .asInt());
            server.put("/v1/kv/k", "x");
            assertEquals("k", client.next().at("/events/0/key").asText());
        }
    }

    @Test
    void bookmarksComeInSilenceAndSayHowFarEverythingWasSent() {
        restartWithAShortHeartbeat();
        try (Client client = new Client()) {
            client.send(create("\"id\":1,\"key\":\"k\"")).next();
            server.put("/v1/kv/other", "x");
            await().until(() -> Client.taken(client.bookmarks).get("revision").asLong() == 1);
            assertEquals(0, client.messages.size());
        }
    }

    @Test
    void aLargeRevisionIsOneMessage() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            lines.append("{\"put\":{\"key\":\"large/")
                    .append(i)
                    .append("\",\"value\":\"")
                    .append("é".repeat(400))
                    .append("\"}}\n");
        }
        server.post("/v1/bulk", lines.toString());
        try (Client client = new Client()) {
            client.send(create("\"id\":1,\"prefix\":\"large/\",\"prev\":true")).next();
            server.delete("/v1/kv?prefix=large/");
            JsonNode message = client.next();
            assertEquals(3_000, message.get("events").size());
            Set<String> values = new HashSet<>();
            message.get("events")
                    .forEach(event -> values.add(event.at("/prev/value").asText()));
            assertEquals(Set.of("é".repeat(400)), values);
        }
    }

    /** Often, because what a watch says as it ends and the close are sent at once: neither may cut the other off. */
    @RepeatedTest(20)
    void aStoppingNodeClosesWith1001() {
        try (Client client = new Client()) {
            client.send(create("\"id\":1,\"key\":\"k\"")).next();
            server.http().close();
            assertEquals(1001, Client.taken(client.closed));
        }
    }

    @Test
    void whatAClientHeldIsFreeAsSoonAsItHangsUp() {
        try (Client client = new Client()) {
            for (int i = 0; i < 20; i++) {
                client.send(create("\"id\":" + i + ",\"key\":\"k" + i + "\"")).next();
            }
            assertEquals(20, watches());
        }
        await().until(() -> watches() == 0);
    }

    private static final String HANDSHAKE = "GET /v1/watch/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

    /** Its connection stands, but nobody is there: what is sent to it is taken and never answered. */
    @Test
    void aClientThatAnswersNoPingIsCutAfterTwoHeartbeats() throws IOException {
        restartWithAShortHeartbeat();
        try (Socket silent = server.connect()) {
            silent.getOutputStream().write((HANDSHAKE + "\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] message = create("\"id\":1,\"key\":\"k\"").getBytes(StandardCharsets.US_ASCII);
            silent.getOutputStream().write(new byte[] {(byte) 0x81, (byte) (0x80 | message.length), 0, 0, 0, 0});
            silent.getOutputStream().write(message);
            await().until(() -> watches() == 1);
            await().atMost(SILENCE.multipliedBy(30)).until(() -> watches() == 0);
        }
    }

    /** A client of the same library that answers pings lives on. */
    @Test
    void aClientThatAnswersPingsIsNotCut() {
        restartWithAShortHeartbeat();
        try (Client client = new Client()) {
            client.send(create("\"id\":1,\"key\":\"k\"")).next();
            for (int i = 0; i < 3; i++) {
                Client.taken(client.bookmarks);
            }
            assertEquals(1, watches());
            assertTrue(client.closed.isEmpty());
        }
    }

    @Test
    void aStreamWhoseClientHungUpIsFreeAfterTwoHeartbeatsAtMost() {
        restartWithAShortHeartbeat();
        try (SseClient client = SseClient.open(server, "/v1/watch?key=k")) {
            client.next();
            assertEquals(1, watches());
        }
        await().atMost(SILENCE.multipliedBy(30)).until(() -> watches() == 0);
    }

    @Test
    void aForeignOriginAndWhatIsNoHandshakeAreRefused() {
        assertEquals(
                403,
                server.raw(HANDSHAKE + "Origin: http://elsewhere.example\r\n\r\n")
                        .status());
        assertEquals(400, server.get("/v1/watch/ws").status());
        assertEquals(405, server.post("/v1/watch/ws", "").status());
    }
}
