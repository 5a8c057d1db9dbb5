package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GuardResourceTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
        assertEquals(201, server.put("/v1/kv/g/a", "0").status());
        assertEquals(201, server.put("/v1/kv/free", "0").status());
        HttpReply guard = server.put("/v1/locks/l/guards/one", "{\"prefix\":\"g/\"}");
        assertEquals(201, guard.status(), guard::toString);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private long acquire() {
        HttpReply granted = server.post("/v1/locks/l", "{\"owner\":\"me\",\"ttl\":\"1h\"}");
        assertEquals(201, granted.status(), granted::toString);
        return granted.json().get("token").asLong();
    }

    private static void assertProblem(int status, String name, HttpReply reply) {
        assertEquals(status, reply.status(), reply::toString);
        assertEquals(name, reply.problem(), reply::toString);
        assertEquals("not-applied", reply.json().get("outcome").asText());
    }

    @Test
    void aGuardIsStoredShownChangedAndRemoved() {
        assertEquals(
                "[{\"id\":\"one\",\"prefix\":\"g/\"}]",
                server.get("/v1/locks/l/guards").json().get("guards").toString());
        HttpReply changed = server.put("/v1/locks/l/guards/one", "{\"prefix\":\"h/\"}");
        assertEquals(200, changed.status());
        assertEquals(200, server.put("/v1/kv/g/a", "1").status());
        assertProblem(428, "guarded", server.put("/v1/kv/h/a", "1"));
        assertEquals(204, server.delete("/v1/locks/l/guards/one").status());
        assertEquals(201, server.put("/v1/kv/h/a", "1").status());
        assertProblem(404, "no-such-guard", server.delete("/v1/locks/l/guards/one"));
        assertEquals(0, server.get("/v1/locks/l/guards").json().get("guards").size());
        assertEquals(
                400, server.put("/v1/locks/l/guards/one", "{\"prefix\":\"\"}").status());
        assertEquals(400, server.put("/v1/locks/l/guards/one", "{}").status());
    }

    @Test
    @DisplayName("E9: a holder that was away past its lease is refused, with its old fence and without one")
    void aHolderThatWasAwayPastItsLeaseIsRefused() {
        HttpReply first = server.post("/v1/locks/l", "{\"owner\":\"paused\",\"ttl\":\"1h\"}");
        String old = "Parley-Fence: l:" + first.json().get("token").asLong();
        assertEquals(200, server.put("/v1/kv/g/a", "1", old).status());
        server.delete("/v1/leases/" + first.json().get("lease").textValue());
        long token = acquire();
        assertProblem(409, "fenced", server.put("/v1/kv/g/a", "2", old));
        assertProblem(428, "guarded", server.put("/v1/kv/g/a", "2"));
        assertEquals(
                200, server.put("/v1/kv/g/a", "3", "Parley-Fence: l:" + token).status());
        assertEquals("3", server.get("/v1/kv/g/a").body());
    }

    @Test
    void everyWayToWriteIsGuarded() {
        HttpReply lease = server.post("/v1/leases", "{\"ttl\":\"1h\"}");
        String id = lease.json().get("id").textValue();
        String fence = "Parley-Fence: l:" + acquire();
        assertEquals(200, server.put("/v1/kv/g/a?lease=" + id, "1", fence).status());
        long before = server.revision();
        assertProblem(428, "guarded", server.put("/v1/kv/g/new", "1"));
        assertProblem(428, "guarded", server.delete("/v1/kv/g/a"));
        assertProblem(428, "guarded", server.delete("/v1/kv/g/missing"));
        assertProblem(428, "guarded", server.delete("/v1/kv?prefix=g/a"));
        assertProblem(428, "guarded", server.delete("/v1/kv?prefix=g"));
        assertProblem(428, "guarded", server.delete("/v1/kv?start=a&end=z"));
        assertProblem(428, "guarded", server.delete("/v1/leases/" + id));
        String put =
                "{\"success\":[{\"put\":{\"key\":\"free\",\"value\":\"1\"}},{\"put\":{\"key\":\"g/b\",\"value\":\"1\"}}]}";
        String delete = "{\"success\":[{\"delete\":{\"prefix\":\"g\"}}]}";
        assertProblem(428, "guarded", server.post("/v1/txn", put));
        assertProblem(428, "guarded", server.post("/v1/txn", delete));
        assertProblem(428, "guarded", server.post("/v1/restore", "{\"prefix\":\"g/\",\"revision\":1}"));
        HttpReply bulk = server.post("/v1/bulk", "{\"put\":{\"key\":\"g/b\",\"value\":\"1\"}}\n");
        assertTrue(bulk.body().contains("\"status\":428"), bulk::body);
        assertEquals(before, server.revision(), "nothing happened");
        assertEquals(200, server.post("/v1/txn", put, fence).status());
        assertEquals(200, server.delete("/v1/kv?prefix=g", fence).status());
    }

    @Test
    void whatIsOnlyReadOrInTheOtherBranchIsNotGuarded() {
        assertEquals(200, server.get("/v1/kv/g/a").status());
        assertEquals(200, server.put("/v1/kv/free", "1").status());
        assertEquals(200, server.delete("/v1/kv?prefix=h").status());
        String other = "{\"compare\":[{\"key\":\"free\",\"target\":\"version\",\"op\":\"=\",\"version\":0}],"
                + "\"success\":[{\"put\":{\"key\":\"g/b\",\"value\":\"\"}}],\"failure\":[{\"get\":{\"key\":\"g/a\"}}]}";
        assertEquals(200, server.post("/v1/txn", other).status());
    }

    @Test
    void aFenceOfAnotherLockDoesNotDo() {
        HttpReply other = server.post("/v1/locks/other", "{\"owner\":\"me\",\"ttl\":\"1h\"}");
        long token = other.json().get("token").asLong();
        assertProblem(428, "guarded", server.put("/v1/kv/g/a", "1", "Parley-Fence: other:" + token));
        assertEquals(
                200,
                server.put("/v1/kv/g/a", "1", "Parley-Fence: other:" + token + ", l:" + acquire())
                        .status());
    }

    @Test
    void ofTwoGuardsBothMustBeSatisfied() {
        server.put("/v1/locks/m/guards/one", "{\"prefix\":\"g/a\"}");
        long token = acquire();
        assertProblem(428, "guarded", server.put("/v1/kv/g/a", "1", "Parley-Fence: l:" + token));
        assertEquals(
                201, server.put("/v1/kv/g/b", "1", "Parley-Fence: l:" + token).status());
    }

    @Test
    void theOrderOfRefusalsIsThatOfTheContract() {
        assertProblem(400, "malformed-parameter", server.put("/v1/kv/g/a?ttl=1", "x"));
        assertProblem(428, "guarded", server.put("/v1/kv/g/a?lease=999", "x", "If-Match: \"1\""));
        assertProblem(428, "guarded", server.put("/v1/kv/g/a", "x", "Parley-Fence: other:1"));
        assertProblem(409, "fenced", server.put("/v1/kv/g/a?lease=999", "x", "Parley-Fence: l:1", "If-Match: \"1\""));
        String fence = "Parley-Fence: l:" + acquire();
        assertProblem(409, "lease-not-found", server.put("/v1/kv/g/a?lease=999", "x", fence, "If-Match: \"9\""));
        assertProblem(412, "precondition-failed", server.put("/v1/kv/g/a", "x", fence, "If-Match: \"9\""));
    }
}
