package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.replica.StateStore.Room;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiskFullTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
        server.put("/v1/kv/a", "1");
        server.put("/v1/kv/b", "1");
        server.post("/v1/leases", "{\"ttl\":\"60s\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void assertFull(HttpReply reply) {
        assertEquals(507, reply.status(), reply::toString);
        assertEquals("urn:parley:problem:disk-full", reply.json().get("type").asText());
        assertEquals("not-applied", reply.json().get("outcome").asText());
    }

    private static final String PUT = "{\"put\":{\"key\":\"a\",\"value\":\"2\"}}";

    @Test
    void whatTakesRoomIsRefusedAndTakenAgainWhenThereIsRoom() {
        server.node().room(Room.SHORT);
        assertFull(server.put("/v1/kv/a", "2"));
        assertFull(server.post("/v1/txn", "{\"success\":[" + PUT + "]}"));
        assertFull(server.post("/v1/leases", "{\"ttl\":\"60s\"}"));
        assertFull(server.post("/v1/restore", "{\"prefix\":\"\",\"revision\":1}"));
        HttpReply bulk = server.post("/v1/bulk", PUT);
        assertTrue(bulk.body().contains("disk-full"), bulk::toString);
        assertEquals(3, server.revision());

        server.node().room(Room.ENOUGH);
        assertEquals(200, server.put("/v1/kv/a", "2").status());
    }

    @Test
    void readsDeletesCompactionsAndKeepalivesGoOn() {
        server.node().room(Room.SHORT);
        assertEquals("1", server.get("/v1/kv/a").body());
        assertEquals(204, server.delete("/v1/kv/a").status());
        assertEquals(200, server.delete("/v1/kv?prefix=b").status());
        assertEquals(200, server.post("/v1/compact", "{\"revision\":4}").status());
        assertEquals(200, server.post("/v1/leases/3:keepalive", "").status());
        assertEquals(
                200,
                server.post("/v1/txn", "{\"success\":[{\"delete\":{\"key\":\"x\"}},{\"get\":{\"key\":\"a\"}}]}")
                        .status());
        assertEquals(204, server.delete("/v1/leases/3").status());
    }

    @Test
    void belowHalfOfTheReserveDeletesWaitTooAndLeasesStillLive() {
        server.node().room(Room.SPENT);
        assertFull(server.delete("/v1/kv/a"));
        assertEquals("1", server.get("/v1/kv/a").body());
        assertEquals(200, server.post("/v1/compact", "{\"revision\":3}").status());
        assertEquals(200, server.post("/v1/leases/3:keepalive", "").status());
    }

    @Test
    void aMalformedRequestIsStillMalformed() {
        server.node().room(Room.SHORT);
        assertEquals(400, server.put("/v1/kv/a?nonsense=1", "2").status());
        assertEquals(412, server.delete("/v1/kv/a", "If-Match: \"77\"").status());
        assertFull(server.put("/v1/kv/a", "2", "If-Match: \"77\""));
    }
}
