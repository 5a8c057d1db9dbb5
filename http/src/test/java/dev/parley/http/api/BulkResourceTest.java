package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BulkResourceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<JsonNode> load(String lines, String... headers) {
        HttpReply reply = server.post("/v1/bulk", lines, headers);
        assertEquals(200, reply.status(), reply::toString);
        assertEquals("application/x-ndjson", reply.header("Content-Type").orElseThrow());
        return nodes(reply.body());
    }

    private static List<JsonNode> nodes(String body) {
        return body.lines().map(BulkResourceTest::node).toList();
    }

    private static JsonNode node(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static void assertTotals(JsonNode last, int lines, int applied, int refused) {
        assertEquals(lines, last.get("lines").asInt(), last::toString);
        assertEquals(applied, last.get("applied").asInt(), last::toString);
        assertEquals(refused, last.get("refused").asInt(), last::toString);
        assertEquals(0, last.get("unknown").asInt(), last::toString);
    }

    @Test
    void everyLineIsAnsweredInOrderWithItsOwnRevision() {
        long before = server.revision();
        List<JsonNode> answers = load("""
                {"put":{"key":"bulk/a","value":"1"}}
                {"put":{"key":"bulk/b","value_base64":"AP8=","content_type":"text/plain"}}
                {"delete":{"key":"bulk/a"}}
                """);
        assertEquals(4, answers.size(), answers::toString);
        for (int i = 0; i < 3; i++) {
            assertEquals(i + 1, answers.get(i).get("line").asInt());
            assertEquals(before + i + 1, answers.get(i).get("revision").asLong());
        }
        assertTotals(answers.get(3), 3, 3, 0);
        assertEquals(404, server.get("/v1/kv/bulk/a").status());
        HttpReply stored = server.get("/v1/kv/bulk/b");
        assertEquals("text/plain", stored.header("Content-Type").orElseThrow());
        assertEquals(2, stored.bytes().length);
    }

    @Test
    void aMalformedLineIsRefusedAndTheRestGoesOn() {
        List<JsonNode> answers = load("""
                {"put":{"key":"rest/a","value":"1"}}
                {"put":{"key":"rest/b","valu":"1"}}
                nonsense

                {"put":{"key":"","value":"1"}}
                {"put":{"key":"rest/c","value":"\\ud800"}}
                {"put":{"key":"rest/d","value":"1"},"put":{"key":"rest/e","value":"1"}}
                {"delete":{"key":"rest/never","prefix":"x"}}
                {"put":{"key":"rest/f","value":"1","lease":"999"}}
                {"put":{"key":"rest/g","value":"1"}}""");
        assertEquals(11, answers.size(), answers::toString);
        assertTrue(answers.get(0).has("revision"));
        assertEquals(
                "urn:parley:problem:unknown-field",
                answers.get(1).at("/problem/type").asText());
        assertEquals("/put/valu", answers.get(1).at("/problem/field").asText());
        assertEquals(
                "urn:parley:problem:malformed-json",
                answers.get(2).at("/problem/type").asText());
        assertEquals(
                "urn:parley:problem:malformed-json",
                answers.get(3).at("/problem/type").asText());
        assertEquals(
                "urn:parley:problem:malformed-key",
                answers.get(4).at("/problem/type").asText());
        assertEquals("/put/value", answers.get(5).at("/problem/field").asText());
        assertEquals(
                "urn:parley:problem:malformed-json",
                answers.get(6).at("/problem/type").asText());
        assertEquals("/delete/prefix", answers.get(7).at("/problem/field").asText());
        assertEquals(
                "urn:parley:problem:lease-not-found",
                answers.get(8).at("/problem/type").asText());
        assertEquals(409, answers.get(8).at("/problem/status").asInt());
        assertEquals("not-applied", answers.get(8).at("/problem/outcome").asText());
        assertTrue(answers.get(9).has("revision"));
        assertTotals(answers.get(10), 10, 2, 8);
    }

    @Test
    void anOverlongLineIsRefusedAndTheNextOneTaken() {
        String overlong = "x".repeat(JsonObject.BODY_BYTES_MAX + 10);
        List<JsonNode> answers = load(overlong + "\n{\"put\":{\"key\":\"after-long\",\"value\":\"1\"}}\n");
        assertEquals(413, answers.get(0).at("/problem/status").asInt());
        assertTrue(answers.get(1).has("revision"));
        assertTotals(answers.get(2), 2, 1, 1);
    }

    @Test
    void aLineThatComesWhileOthersAreAnsweredIsAnsweredAtOnce() throws IOException {
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write("POST /v1/bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            chunk(socket, "{\"put\":{\"key\":\"live/1\",\"value\":\"1\"}}\n");
            StringBuilder seen = new StringBuilder();
            readUntil(socket, seen, "{\"line\":1,");
            chunk(socket, "{\"put\":{\"key\":\"live/2\",\"value\":\"1\"}}\n");
            readUntil(socket, seen, "{\"line\":2,");
            socket.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            readUntil(socket, seen, "\"applied\":2");
        }
    }

    private static void chunk(Socket socket, String text) throws IOException {
        byte[] chunk =
                (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(StandardCharsets.US_ASCII);
        socket.getOutputStream().write(chunk);
        socket.getOutputStream().flush();
    }

    private static void readUntil(Socket socket, StringBuilder seen, String wanted) throws IOException {
        while (seen.indexOf(wanted) < 0) {
            int unit = socket.getInputStream().read();
            assertTrue(unit >= 0, () -> "closed after " + seen);
            seen.append((char) unit);
        }
    }

    @Test
    void aClientThatReadsNothingBeforeItHasSentEverythingIsServed() {
        int lines = 200_000;
        String body = IntStream.range(0, lines)
                .mapToObj(i -> "{\"put\":{\"key\":\"many/" + i % 1_000 + "\",\"value\":\"v\"}}")
                .collect(Collectors.joining("\n"));
        List<JsonNode> answers = load(body);
        assertTotals(answers.getLast(), lines, lines, 0);
        assertEquals(lines + 1, answers.size());
        assertEquals(lines, answers.get(lines - 1).get("line").asInt());
    }

    @Test
    void theSameLoadAgainUnderItsIdempotencyKeyIsDoneOnce() {
        String lines =
                "{\"put\":{\"key\":\"once/a\",\"value\":\"1\"}}\n{\"put\":{\"key\":\"once/b\",\"value\":\"1\"}}\n";
        List<JsonNode> first = load(lines, "Idempotency-Key: bulk-1");
        long revision = server.revision();
        assertEquals(first, load(lines, "Idempotency-Key: bulk-1"));
        assertEquals(revision, server.revision());
    }

    @Test
    void whatWasExportedCanBeLoaded() {
        load(
                "{\"put\":{\"key\":\"out/a\",\"value\":\"ä\\n\\\"\"}}\n{\"put\":{\"key\":\"out/b\",\"value_base64\":\"/w==\"}}\n");
        HttpReply export = server.get("/v1/export?prefix=out/");
        assertEquals(200, export.status());
        assertEquals("application/x-ndjson", export.header("Content-Type").orElseThrow());
        assertEquals(2, export.body().lines().count());
        server.delete("/v1/kv?prefix=out/");
        assertTotals(load(export.body()).getLast(), 2, 2, 0);
        assertEquals(export.body(), server.get("/v1/export?prefix=out/").body());
    }
}
