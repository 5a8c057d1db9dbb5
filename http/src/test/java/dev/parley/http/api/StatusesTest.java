package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which status wins, the shape of every problem, and what the server library refuses by itself. */
class StatusesTest {
    private static final int MIB = 1 << 20;

    private static TestServer server;
    private long revision;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        server.put("/v1/kv/here", "x");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void before() {
        revision = server.revision();
    }

    @AfterEach
    void nothingThatIsRefusedChangesAnything() {
        assertEquals(revision, server.revision());
        assertEquals(0, server.http().faults());
    }

    private static void assertProblem(int status, String type, HttpReply reply) {
        assertEquals(status, reply.status(), reply::toString);
        assertEquals("application/problem+json", reply.header("Content-Type").orElseThrow());
        assertEquals(type, reply.problem());
        assertEquals("n1", reply.header("Parley-Node").orElseThrow());
        assertEquals("n1", reply.json().get("node").asText());
        assertEquals(
                reply.header("Parley-Request-Id").orElseThrow(),
                reply.json().get("request_id").asText());
        assertEquals(status, reply.json().get("status").asInt());
        assertFalse(reply.json().get("title").asText().isEmpty());
        assertFalse(reply.json().get("detail").asText().isEmpty());
        assertFalse(reply.body().contains("org.eclipse") || reply.body().contains("java."), reply::toString);
    }

    // -- precedence -----------------------------------------------------------------------------------------------

    @Test
    void whatIsMalformedWinsOverEverything() {
        byte[] large = new byte[2 * MIB];
        assertProblem(400, "malformed-key", server.send("PATCH", "/v1/kv/%ff", ""));
        assertProblem(400, "malformed-key", server.send("PUT", "/v1/kv/%ff", large));
        assertProblem(400, "unknown-parameter", server.send("PUT", "/v1/kv/a?x=1", large));
        assertProblem(400, "malformed-header", server.send("PUT", "/v1/kv/a", large, "If-Match: 5"));
        assertProblem(400, "malformed-header", server.put("/v1/kv/here", "x", "If-None-Match: *", "Parley-Fence: x"));
        assertProblem(400, "unknown-parameter", server.post("/v1/txn?x=1", "{}", "Content-Type: text/plain"));
        assertProblem(400, "unknown-parameter", server.get("/v1/kv/missing?x=1"));
        assertProblem(400, "malformed-parameter", server.put("/v1/kv/here?lease=", "x", "If-None-Match: *"));
    }

    @Test
    void aWrongRouteOrMethodWinsOverTheBody() {
        byte[] large = new byte[2 * MIB];
        assertProblem(404, "no-such-route", server.send("PUT", "/v1/nothing", large));
        assertProblem(405, "method-not-allowed", server.send("PATCH", "/v1/kv/a", large));
        assertProblem(405, "method-not-allowed", server.send("PUT", "/v1/txn", large, "Content-Type: text/plain"));
    }

    @Test
    void theBodyWinsOverTheState() {
        byte[] large = new byte[2 * MIB];
        assertProblem(413, "body-too-large", server.send("PUT", "/v1/kv/here", large, "If-None-Match: *"));
        assertProblem(413, "body-too-large", server.send("PUT", "/v1/kv/here?lease=999", large));
        assertProblem(415, "unsupported-type", server.post("/v1/leases", "{\"ttl\":\"1m\"}", "Content-Type: text/x"));
    }

    @Test
    void aFenceWinsOverALeaseAndALeaseOverAPrecondition() {
        assertProblem(409, "fenced", server.put("/v1/kv/here", "x", "Parley-Fence: a:1", "If-None-Match: *"));
        assertProblem(409, "lease-not-found", server.put("/v1/kv/here?lease=999", "x", "If-None-Match: *"));
        assertProblem(412, "precondition-failed", server.put("/v1/kv/none", "x", "If-Match: *"));
        assertProblem(412, "precondition-failed", server.get("/v1/kv/none", "If-Match: *"));
    }

    // -- routes ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/",
                "/v1/kvs",
                "/v1/kvx",
                "/v1/KV/a",
                "//v1/kv/a",
                "/v1//kv/a",
                "/v1/./kv/a",
                "/v1/../v1/kv/a",
                "/v1/status/",
                "/v1/txn/",
                "/v1/watch/ws/x",
                "/v1/lock/a",
                "/v1/configs/a",
                "/v1/leases/",
                "/v1/leases/a/b",
                "/v1/members/",
                "/v2/kv/a",
                "/livez/x",
                "/favicon.ico",
                "/%76%31/kv/a"
            })
    void thereIsNothingUnderOtherPaths(String path) {
        assertProblem(404, "no-such-route", server.get(path));
        HttpReply post = server.post(path, "x");
        assertProblem(404, "no-such-route", post);
        assertEquals("not-applied", post.json().get("outcome").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/kv/a,POST PATCH TRACE BREW",
        "/v1/kv,PUT POST PATCH",
        "/v1/txn,GET HEAD PUT DELETE",
        "/v1/bulk,GET PUT DELETE",
        "/v1/export,POST PUT DELETE",
        "/v1/leases,PUT DELETE PATCH",
        "/v1/leases/5,POST PUT",
        "/v1/leases/5:keepalive,GET PUT DELETE",
        "/v1/members,POST PUT DELETE",
        "/v1/members/n9,POST PUT",
        "/v1/status,POST DELETE",
        "/livez,POST",
        "/readyz,PUT",
    })
    void aWrongMethodIsToldTheRightOnes(String path, String methods) {
        for (String method : methods.split(" ")) {
            HttpReply reply = server.send(method, path, "");
            assertEquals(405, reply.status(), method + " " + reply);
            String allow = reply.header("Allow").orElseThrow();
            assertFalse(List.of(allow.split(", ")).contains(method), allow);
            if (!method.equals("HEAD")) {
                assertProblem(405, "method-not-allowed", reply);
            }
            HttpReply options = server.send("OPTIONS", path, "");
            assertEquals(204, options.status());
            assertEquals(allow, options.header("Allow").orElseThrow());
        }
    }

    @Test
    void anyMethodTokenIsAnswered() {
        for (String method : List.of("BREW", "get", "Put", "FOO-BAR", "M-SEARCH", "X1", "PROPFIND")) {
            assertEquals(405, server.send(method, "/v1/kv/a", "").status(), method);
        }
    }

    // -- bodies ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1_000_001, 2 * MIB, 8 * MIB, 16 * MIB})
    void aBodyThatIsTooLargeIsReadSoThatTheAnswerCanBe(int size) throws IOException {
        try (Socket socket = server.connect()) {
            String head = "PUT /v1/kv/large HTTP/1.1\r\nHost: x\r\nContent-Length: " + size + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            // every byte is sent before the first one is read, as simple clients do
            for (int sent = 0; sent < size; sent += MIB) {
                socket.getOutputStream().write(new byte[Math.min(MIB, size - sent)]);
            }
            assertProblem(413, "body-too-large", HttpReply.read(socket.getInputStream(), false));
            socket.getOutputStream()
                    .write("GET /v1/kv/here HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals(200, HttpReply.read(socket.getInputStream(), false).status());
        }
    }

    @Test
    void aChunkedBodyThatIsTooLargeIsReadToo() {
        StringBuilder request =
                new StringBuilder("PUT /v1/kv/large HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 3; i++) {
            request.append("100000\r\n").append("x".repeat(MIB)).append("\r\n");
        }
        assertProblem(
                413, "body-too-large", server.raw(request.append("0\r\n\r\n").toString()));
    }

    @Test
    void aBodyBeyondWhatIsReadEndsTheConnection() throws IOException {
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write("PUT /v1/kv/large HTTP/1.1\r\nHost: x\r\nContent-Length: 99000000000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            HttpReply reply = HttpReply.read(socket.getInputStream(), false);
            assertProblem(413, "body-too-large", reply);
            assertEquals("close", reply.header("Connection").orElseThrow());
        }
    }

    @Test
    void aClientThatAsksBeforeItSendsIsRefusedWithoutTheBody() throws IOException {
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write(
                            "PUT /v1/kv/large HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertEquals(413, HttpReply.read(socket.getInputStream(), false).status());
        }
        assertEquals(
                417,
                server.raw("PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 1\r\n\r\nx")
                        .status());
    }

    @Test
    void aConnectionSurvivesEveryRefusalOfABody() throws IOException {
        try (Socket socket = server.connect()) {
            for (String target : List.of("/v1/nothing", "/v1/kv/%ff", "/v1/kv/a?x", "/v1/status", "/v1/txn")) {
                String body = "x".repeat(300_000);
                socket.getOutputStream()
                        .write(("POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length()
                                        + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
                assertTrue(HttpReply.read(socket.getInputStream(), false).status() >= 400);
            }
        }
    }

    // -- what the server library refuses --------------------------------------------------------------------------

    static List<String> malformed() {
        List<String> requests = new ArrayList<>(List.of(
                "GET /v1/kv/%00 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/kv/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/kv?prefix=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/kv/a b HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET v1/kv/a HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/kv/a HTTP/1.1\r\n\r\n",
                "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /v1/kv/a HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
                "GET /v1/kv/a HTTP/1.1\r\nHost: x\r\nBad Name: x\r\n\r\n",
                "GET /v1/kv/a HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n",
                "GET /v1/kv/a HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n",
                "GET /v1/kv/a HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET /v1/kv/a FTP/1.1\r\nHost: x\r\n\r\n",
                "GET\r\n\r\n",
                "\u0001\u0002\u0003\r\n\r\n",
                "PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
                "PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                "PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                "PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: magic\r\n\r\n",
                "PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n",
                "PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n"));
        requests.add("GET /v1/kv/" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        requests.add("GET /v1/kv/a HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(100_000) + "\r\n\r\n");
        requests.add("GET /v1/kv/a HTTP/1.1\r\nHost: x\r\n" + "X: a\r\n".repeat(20_000) + "\r\n");
        return requests;
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("malformed")
    void whatIsNoHttpIsAProblemAndNeverHtml(String request) {
        HttpReply reply = server.raw(request);
        assertTrue(reply.status() >= 400 && reply.status() != 500, reply::toString);
        assertProblem(reply.status(), reply.problem(), reply);
        if (!request.startsWith("GET ")) {
            assertEquals("not-applied", reply.json().get("outcome").asText());
        }
    }

    @Test
    void aLongLineIsTooLongAndLongHeadersAreTooLarge() {
        List<String> requests = malformed();
        assertEquals(
                "request-line-too-long",
                server.raw(requests.get(requests.size() - 3)).problem());
        assertEquals(
                "headers-too-large",
                server.raw(requests.get(requests.size() - 2)).problem());
    }

    @Test
    void aPrefaceOfHttp2IsNoFault() {
        byte[] answer = server.rawUntilClosed("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertFalse(new String(answer, StandardCharsets.ISO_8859_1).contains("<html"));
    }

    @Test
    void aTruncatedRequestLeavesTheStateAlone() {
        server.rawUntilClosed("PUT /v1/kv/cut HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"
                .getBytes(StandardCharsets.US_ASCII));
        server.rawUntilClosed("PUT /v1/kv/cut HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
                .getBytes(StandardCharsets.US_ASCII));
        server.rawUntilClosed("PUT /v1/kv/cut HTTP/1.1\r\nHost".getBytes(StandardCharsets.US_ASCII));
        assertEquals(404, server.get("/v1/kv/cut").status());
    }

    @Test
    void anOlderHttpIsSpokenToo() {
        HttpReply reply = server.raw("GET /v1/kv/here HTTP/1.0\r\n\r\n");
        assertEquals(200, reply.status());
        assertEquals("x", reply.body());
    }

    @Test
    void anAbsoluteTargetIsTaken() {
        assertEquals(
                "x",
                server.raw("GET http://x/v1/kv/here HTTP/1.1\r\nHost: x\r\n\r\n")
                        .body());
    }

    @Test
    void aRequestForAWebSocketIsARequestLikeAnyOther() {
        HttpReply reply = server.get(
                "/v1/kv/here",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        assertEquals(200, reply.status());
        assertEquals(404, server.get("/v1/nothing", "Sec-WebSocket-Version: 13").status());
    }

    @Test
    void whatAClientAcceptsNeverMatters() {
        assertEquals(200, server.get("/v1/kv/here", "Accept: image/png").status());
        assertProblem(404, "no-such-key", server.get("/v1/kv/none", "Accept: text/html"));
        assertProblem(400, "malformed-request", server.get("/v1/kv/%zz", "Accept: text/html"));
        assertTrue(server.get("/v1/kv/here", "Accept-Encoding: gzip")
                .header("Content-Encoding")
                .isEmpty());
    }
}
