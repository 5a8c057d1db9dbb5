package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseResourceTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String grant(String ttl) {
        HttpReply reply = server.post("/v1/leases", "{\"ttl\":\"" + ttl + "\"}");
        assertEquals(201, reply.status(), reply::toString);
        String id = reply.json().get("id").textValue();
        assertEquals("/v1/leases/" + id, reply.header("Location").orElseThrow());
        return id;
    }

    @Test
    void aLeaseIsGrantedKeptAliveShownAndEndedWithItsKeys() {
        String id = grant("60s");
        assertEquals(201, server.put("/v1/kv/leased/a?lease=" + id, "x").status());
        server.post(
                "/v1/txn", "{\"success\":[{\"put\":{\"key\":\"leased/b\",\"value\":\"\",\"lease\":\"" + id + "\"}}]}");
        assertEquals(id, server.get("/v1/kv/leased/b").header("Parley-Lease").orElseThrow());
        assertEquals(
                id,
                server.get("/v1/kv?prefix=leased/").json().at("/items/0/lease").textValue());
        HttpReply kept = server.post("/v1/leases/" + id + ":keepalive", "");
        assertEquals(200, kept.status());
        assertEquals(id, kept.json().get("id").textValue());
        assertEquals("1m", kept.json().get("ttl").textValue());
        JsonNode lease = server.get("/v1/leases/" + id).json();
        assertEquals("1m", lease.get("ttl").textValue());
        assertEquals("[\"leased/a\",\"leased/b\"]", lease.get("keys").toString());
        assertTrue(Durations.parse(lease.get("remaining").textValue()).isPresent());
        long before = server.revision();
        HttpReply ended = server.delete("/v1/leases/" + id);
        assertEquals(204, ended.status());
        assertEquals(before + 1, ended.revision());
        assertEquals(404, server.get("/v1/kv/leased/a").status());
        assertEquals(404, server.get("/v1/leases/" + id).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999", "unheard-of", "1%202", "0", "-1"})
    void aLeaseThatIsNotIsNotFound(String id) {
        for (HttpReply reply : new HttpReply[] {
            server.get("/v1/leases/" + id),
            server.delete("/v1/leases/" + id),
            server.post("/v1/leases/" + id + ":keepalive", "")
        }) {
            assertEquals(404, reply.status(), reply::toString);
            assertEquals("no-such-lease", reply.problem());
            assertEquals(server.revision(), reply.revision());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"ttl\":30}",
                "{\"ttl\":\"30\"}",
                "{\"ttl\":\"999ms\"}",
                "{\"ttl\":\"25h\"}",
                "{\"tttl\":\"30s\"}",
                "",
                "[]"
            })
    void aMalformedGrantIsRefused(String body) {
        long before = server.revision();
        HttpReply reply = server.post("/v1/leases", body);
        assertEquals(400, reply.status(), reply::toString);
        assertEquals(before, server.revision());
    }

    @Test
    void leasesAreListedInPages() {
        try (TestServer other = TestServer.start()) {
            for (int i = 0; i < 3; i++) {
                other.post("/v1/leases", "{\"ttl\":\"1h\"}");
            }
            JsonNode page = other.get("/v1/leases?limit=2").json();
            assertEquals(2, page.get("items").size());
            assertTrue(page.get("more").asBoolean());
            JsonNode rest = other.get(
                            "/v1/leases?limit=2&after=" + page.get("next").textValue())
                    .json();
            assertEquals(1, rest.get("items").size());
            assertTrue(rest.get("next").isNull());
        }
    }
}
