package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is refused before a link is opened; links themselves: PeerLinksTest. */
class LinkResourceTest {
    private static final String SECRET = "Parley-Cluster-Secret: the-secret";
    private static final String[] HANDSHAKE = {
        SECRET,
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    };
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String handshake(String target, String... headers) {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    @Test
    void aHandshakeWithTheSecretOpensALink() {
        HttpReply reply = server.raw(handshake("/internal/v1/link?lane=control", HANDSHAKE));
        assertEquals(101, reply.status(), reply::toString);
        assertEquals("n1", reply.header("Parley-Node").orElseThrow());
        assertEquals(
                "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                reply.header("Sec-WebSocket-Accept").orElseThrow());
    }

    @Test
    void withoutTheSecretThereIsNone() {
        String[] noSecret = java.util.Arrays.copyOfRange(HANDSHAKE, 1, HANDSHAKE.length);
        HttpReply reply = server.raw(handshake("/internal/v1/link?lane=control", noSecret));
        assertEquals(403, reply.status());
        assertEquals("wrong-secret", reply.problem());
    }

    @Test
    void whatIsNoHandshakeIsAMalformedRequest() {
        assertEquals(400, server.get("/internal/v1/link?lane=data", SECRET).status());
        assertEquals(
                "Upgrade",
                server.get("/internal/v1/link?lane=data", SECRET)
                        .json()
                        .get("field")
                        .asText());
        assertEquals(
                "lane",
                server.raw(handshake("/internal/v1/link?lane=fast", HANDSHAKE))
                        .json()
                        .get("field")
                        .asText());
        assertEquals(400, server.raw(handshake("/internal/v1/link", HANDSHAKE)).status());
        HttpReply posted = server.post("/internal/v1/link?lane=data", "", SECRET);
        assertEquals(405, posted.status(), posted::toString);
        HttpReply half = server.raw(
                handshake("/internal/v1/link?lane=data", SECRET, "Upgrade: websocket", "Connection: Upgrade"));
        assertEquals("Sec-WebSocket-Version", half.json().get("field").asText());
        HttpReply keyless = server.raw(handshake(
                "/internal/v1/link?lane=data",
                SECRET,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13"));
        assertEquals("Sec-WebSocket-Key", keyless.json().get("field").asText());
        assertTrue(keyless.header("Content-Type").orElseThrow().startsWith("application/problem+json"));
        assertEquals(0, server.http().faults());
    }

    @Test
    void aPageOfThisNodeUnderAnAddressMayAndUnderAForeignNameMayNot() {
        for (String host : new String[] {"localhost", "localhost:7070", "127.0.0.1:7070", "[::1]:7070"}) {
            String request = handshake("/internal/v1/link?lane=control", HANDSHAKE)
                    .replace("Host: localhost", "Host: " + host + "\r\nOrigin: http://" + host);
            assertEquals(101, server.raw(request).status(), host);
        }
        for (String host : new String[] {"rebound.example:7070", "localhost.example", "127.0.0.1.example"}) {
            String request = handshake("/internal/v1/link?lane=control", HANDSHAKE)
                    .replace("Host: localhost", "Host: " + host + "\r\nOrigin: http://" + host);
            assertEquals(403, server.raw(request).status(), host);
        }
    }

    @Test
    void aPageOfAnotherOriginOpensNoWebSocket() {
        String[] headers = java.util.Arrays.copyOf(HANDSHAKE, HANDSHAKE.length + 1);
        headers[HANDSHAKE.length] = "Origin: http://elsewhere.example";
        HttpReply reply = server.raw(handshake("/internal/v1/link?lane=control", headers));
        assertEquals(403, reply.status());
        assertEquals("origin-not-allowed", reply.problem());
    }
}
