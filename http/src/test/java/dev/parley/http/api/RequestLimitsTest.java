package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(new RequestLimits(10, 100, 2, 1_000));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void assertProblem(HttpReply reply, int status, String name, String field) {
        assertEquals(status, reply.status(), reply::toString);
        assertEquals("urn:parley:problem:" + name, reply.json().get("type").asText());
        assertEquals("not-applied", reply.json().get("outcome").asText());
        if (!field.isEmpty()) {
            assertEquals(field, reply.json().get("field").asText());
        }
    }

    private static String put(String key, String value) {
        return "{\"put\":{\"key\":\"" + key + "\",\"value\":\"" + value + "\"}}";
    }

    @Test
    void aKeyMayBeAsLongAsConfiguredAndNoLonger() {
        assertEquals(201, server.put("/v1/kv/0123456789", "v").status());
        assertProblem(server.put("/v1/kv/0123456789a", "v"), 400, "malformed-key", "");
        assertEquals(404, server.get("/v1/kv/0123456789a").status());
        assertEquals(204, server.delete("/v1/kv/0123456789a").status());
    }

    @Test
    void aValueMayBeAsLargeAsConfiguredAndNoLarger() {
        assertEquals(201, server.put("/v1/kv/v", "x".repeat(100)).status());
        assertProblem(server.put("/v1/kv/v", "x".repeat(101)), 413, "body-too-large", "");
        assertProblem(server.put("/v1/kv/v", "x".repeat(5_000)), 413, "body-too-large", "");
        assertEquals(100, server.get("/v1/kv/v").body().length());
    }

    @Test
    void aTransactionMayHaveAsManyOperationsAsConfiguredEachWithinItsLimits() {
        String two = put("a", "1") + "," + put("b", "1");
        assertEquals(200, server.post("/v1/txn", "{\"success\":[" + two + "]}").status());
        assertProblem(
                server.post("/v1/txn", "{\"failure\":[" + two + "," + put("c", "1") + "]}"),
                400,
                "malformed-field",
                "/failure");
        assertProblem(
                server.post("/v1/txn", "{\"success\":[" + put("a", "1") + "," + put("0123456789a", "1") + "]}"),
                400,
                "malformed-key",
                "/success/1/put/key");
        assertProblem(
                server.post("/v1/txn", "{\"success\":[" + put("a", "x".repeat(101)) + "]}"),
                413,
                "body-too-large",
                "/success/0/put/value");
    }

    @Test
    void aBodyMayBeAsLargeAsConfigured() {
        String padding = " ".repeat(1_000);
        assertProblem(server.post("/v1/txn", "{}" + padding), 413, "body-too-large", "");
    }

    @Test
    void theLinesOfABulkLoadAreHeldAgainstTheLimitsOneByOne() {
        HttpReply reply = server.post(
                "/v1/bulk",
                put("bulk", "1") + "\n" + put("0123456789a", "1") + "\n" + put("b", "x".repeat(101)) + "\n"
                        + put("c", "x".repeat(2_000)) + "\n" + put("bulk2", "1") + "\n");
        String[] lines = reply.body().split("\n");
        assertEquals("{\"lines\":5,\"applied\":2,\"refused\":3,\"unknown\":0}", lines[5]);
        assertEquals(200, server.get("/v1/kv/bulk2").status());
    }

    @Test
    void noLimitCanBeHigherThanWhatIsAgreed() {
        assertThrows(IllegalArgumentException.class, () -> new RequestLimits(1_025, 100, 2, 1_000));
        assertThrows(IllegalArgumentException.class, () -> new RequestLimits(10, 1_000_001, 2, 1_000));
        assertThrows(IllegalArgumentException.class, () -> new RequestLimits(10, 100, 129, 1_000));
        assertThrows(IllegalArgumentException.class, () -> new RequestLimits(10, 100, 0, 1_000));
        assertThrows(IllegalArgumentException.class, () -> new RequestLimits(10, 100, 2, (8 << 20) + 1));
    }
}
