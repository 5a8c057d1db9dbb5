package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Throws nonsense at a listening server: random methods, paths, headers, encodings and bodies, and good requests with
 * damaged bytes. Whatever comes, there is no fault, no HTML and no hang, and what was refused changed nothing.
 */
class FuzzTest {
    private static final int REQUESTS = 1_500;

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "");

    private static final List<String> PATHS = List.of(
            "/v1/kv/",
            "/v1/kv",
            "/v1/txn",
            "/v1/bulk",
            "/v1/export",
            "/v1/leases",
            "/v1/leases/",
            "/v1/leases/1:keepalive",
            "/v1/members",
            "/v1/members/",
            "/v1/status",
            "/livez",
            "/readyz",
            "/",
            "*",
            "",
            "//",
            "/v1/watch",
            "http://x/v1/kv/a",
            "/v1/kv/../../..");

    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "/",
            "//",
            "..",
            ".",
            "%2F",
            "%00",
            "%zz",
            "%",
            "%ff",
            "%C3%A4",
            "ä",
            "\u0000",
            " ",
            "+",
            ";",
            ":",
            "#",
            "?",
            "&",
            "=",
            "\"",
            "\\",
            "~",
            "\t",
            "\r",
            "<",
            "{",
            "%25",
            "%2e%2e",
            "\uFFFD",
            "key",
            "0",
            "-1",
            "99999999999999999999");

    private static final List<String> PARAMETERS = List.of(
            "prefix",
            "start",
            "end",
            "limit",
            "after",
            "reverse",
            "keys_only",
            "count_only",
            "base64",
            "consistency",
            "min_revision",
            "revision",
            "timeout",
            "lease",
            "ttl",
            "all",
            "prefxi",
            "");

    /** No lease is short: its end would make a revision that no request made. */
    private static final List<String> VALUES = List.of(
            "",
            "a",
            "0",
            "1",
            "5",
            "1000",
            "1001",
            "-1",
            "true",
            "false",
            "stale",
            "linearizable",
            "10ms",
            "45m",
            "1h",
            "%zz",
            "%00",
            "+",
            "x".repeat(1100),
            "9007199254740991",
            "9007199254740993",
            "99999999999999999999999",
            "AQAAAAAAAAAB",
            "\u00ff");

    private static final List<String> HEADERS = List.of(
            "If-Match",
            "If-None-Match",
            "Prefer",
            "Parley-Fence",
            "Parley-Author",
            "Parley-Request-Id",
            "Idempotency-Key",
            "Content-Type",
            "Accept",
            "Accept-Encoding",
            "Range",
            "Origin",
            "traceparent",
            "Expect",
            "Connection",
            "Upgrade",
            "Sec-WebSocket-Version",
            "Transfer-Encoding",
            "Content-Length",
            "Content-Encoding",
            "Host",
            "Cookie",
            "Authorization",
            "TE",
            "Trailer",
            "X-Forwarded-For",
            "Access-Control-Request-Method");

    private static final List<String> HEADER_VALUES = List.of(
            "",
            "*",
            "\"1\"",
            "W/\"1\"",
            "\"1\", \"2\"",
            "\"",
            "1",
            "a:1",
            "lock/a:1",
            ":",
            "wait=0",
            "wait=1",
            "wait=x",
            "application/json",
            "text/html; q=\u00e4",
            "100-continue",
            "close",
            "keep-alive",
            "websocket",
            "chunked",
            "gzip, chunked",
            "0",
            "5",
            "-5",
            "bytes=0-1",
            "\u0001",
            "x".repeat(300),
            "$Version=1; a=\"",
            "\u00ff\u00fe",
            "null",
            "http://evil");

    private static final List<String> BODIES = List.of(
            "",
            "x",
            "{}",
            "[]",
            "null",
            "{\"ttl\":\"24h\"}",
            "{\"ttl\":30}",
            "{\"success\":[{\"put\":{\"key\":\"f\",\"value\":\"v\"}}]}",
            "{\"compare\":[{\"key\":\"f\",\"target\":\"version\",\"op\":\"=\",\"version\":0}]}",
            "{\"success\":[{\"get\":{}}]}",
            "{\"put\":{\"key\":\"f\",\"value\":\"v\"}}\n",
            "{\"delete\":{\"key\":\"f\"}}\n{",
            "{\"a\":\"\\ud800\"}",
            "\u0000\u0001",
            "{\"success\":[{\"put\":{\"key\":\"f\",\"value_base64\":\"!\"}}]}",
            "[[[[[[[[[[",
            "{\"ttl\":1e400}",
            "{\"success\":[{\"range\":{\"limit\":1e3}}]}",
            "\u00ef\u00bb\u00bf{}");

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        server.put("/v1/kv/a", "x");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nothingAClientSendsIsAFault(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < REQUESTS; i++) {
            byte[] request = random.nextInt(3) == 0 ? damaged(random) : generated(random);
            long before = server.revision();
            byte[] answer = server.rawUntilClosed(request);
            check("seed " + seed + ", request " + i + ": " + shown(request), answer, before);
        }
        assertEquals(0, server.http().faults());
        assertEquals(201, server.put("/v1/kv/still-serving-" + seed, "x").status());
    }

    private static void check(String what, byte[] answer, long before) {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        assertFalse(text.toLowerCase(Locale.ROOT).contains("<html"), () -> what + "\n" + text);
        assertFalse(text.contains("org.eclipse.jetty") || text.contains("\tat "), () -> what + "\n" + text);
        if (answer.length == 0) {
            return; // a request that never became whole, or a client that said so
        }
        assertTrue(text.startsWith("HTTP/1.1 "), () -> what + "\n" + text);
        HttpReply reply;
        try {
            reply = HttpReply.read(new ByteArrayInputStream(answer), true);
        } catch (IOException malformed) {
            throw new AssertionError(what + "\n" + text, malformed);
        }
        assertTrue(reply.status() != 500, () -> what + "\n" + text);
        if (reply.status() >= 400) {
            assertEquals(
                    "application/problem+json", reply.header("Content-Type").orElse("none"), () -> what + "\n" + text);
            if (!text.substring(10).contains("HTTP/1.1 ")) { // or damaged bytes were several requests
                assertEquals(before, server.revision(), () -> what + "\n" + text);
            }
        }
    }

    private static byte[] generated(SplittableRandom random) {
        StringBuilder request =
                new StringBuilder(pick(random, METHODS)).append(' ').append(pick(random, PATHS));
        for (int i = random.nextInt(4); i > 0; i--) {
            request.append(pick(random, PIECES));
        }
        char separator = '?';
        for (int i = random.nextInt(4); i > 0; i--) {
            request.append(separator).append(pick(random, PARAMETERS));
            if (random.nextInt(5) > 0) {
                request.append('=').append(pick(random, VALUES));
            }
            separator = '&';
        }
        request.append(random.nextInt(20) == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n")
                .append("Host: x\r\n");
        for (int i = random.nextInt(4); i > 0; i--) {
            request.append(pick(random, HEADERS))
                    .append(": ")
                    .append(pick(random, HEADER_VALUES))
                    .append("\r\n");
        }
        byte[] body = pick(random, BODIES).getBytes(StandardCharsets.ISO_8859_1);
        int announced = random.nextInt(10) == 0 ? random.nextInt(2 * body.length + 1) : body.length;
        request.append("Content-Length: ").append(announced).append("\r\n\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(request.toString()
                .getBytes(random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    /** A good request with a few bytes flipped, dropped, doubled or cut off. */
    private static byte[] damaged(SplittableRandom random) {
        String body = pick(random, BODIES);
        byte[] bytes = (pick(
                                random,
                                List.of(
                                        "PUT /v1/kv/f?ttl=24h",
                                        "POST /v1/txn",
                                        "POST /v1/leases",
                                        "POST /v1/bulk",
                                        "DELETE /v1/kv?prefix=f",
                                        "GET /v1/kv?limit=5"))
                        + " HTTP/1.1\r\nHost: x\r\nIf-Match: \"1\"\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            bytes = switch (random.nextInt(4)) {
                case 0 -> {
                    bytes[at] ^= (byte) (1 << random.nextInt(8));
                    yield bytes;
                }
                case 1 -> joined(bytes, at, at + 1);
                case 2 -> joined(bytes, at, at);
                default -> java.util.Arrays.copyOf(bytes, Math.max(1, at));
            };
        }
        return bytes;
    }

    /** The bytes up to {@code end}, and again from {@code start}: drops when start is behind, doubles otherwise. */
    private static byte[] joined(byte[] bytes, int end, int start) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, end);
        out.write(bytes, start, bytes.length - start);
        if (start == end) {
            out.write(bytes, end, bytes.length - end);
        }
        return out.size() == 0 ? bytes : out.toByteArray();
    }

    private static <T> T pick(SplittableRandom random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static String shown(byte[] request) {
        String text = new String(request, StandardCharsets.ISO_8859_1);
        return text.length() > 1_500 ? text.substring(0, 1_500) + "…" : text;
    }
}
