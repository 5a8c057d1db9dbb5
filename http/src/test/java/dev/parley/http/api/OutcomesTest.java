package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Command;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica.Reading;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomesTest {
    private static HttpReply put(Function<Submission, Result> results) {
        try (TestServer server = serve(results, Refusal.NOT_READY)) {
            return server.put("/v1/kv/k", "x");
        }
    }

    private static TestServer serve(Function<Submission, Result> results, Refusal refusal) {
        return TestServer.of(
                TestServer.listen(new FixedReplica(results, new Reading.Unavailable(refusal)), List.of(), Set.of()));
    }

    @Test
    void onlyAWriteThatMayHaveHappenedIsAGatewayTimeout() {
        HttpReply reply = put(submission -> new Result.Unknown());
        assertEquals(504, reply.status());
        assertEquals("unknown-outcome", reply.problem());
        assertEquals("unknown", reply.json().get("outcome").asText());
        assertFalse(reply.header("Retry-After").isPresent());
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void aRefusalOfTheNodeIsDefinite(Refusal why) {
        try (TestServer server = serve(submission -> new Result.NotApplied(why), why)) {
            HttpReply write = server.put("/v1/kv/k", "x");
            int expected =
                    switch (why) {
                        case TOO_LARGE -> 413;
                        case DISK_FULL -> 507;
                        default -> 503;
                    };
            assertEquals(expected, write.status());
            assertEquals("not-applied", write.json().get("outcome").asText());
            assertEquals(write.status() == 503, write.header("Retry-After").isPresent());
            assertEquals(77, write.revision());
            HttpReply read = server.get("/v1/kv/k");
            assertFalse(read.json().has("outcome"));
            assertEquals(write.problem(), read.problem());
        }
    }

    @Test
    void aBoundOfTheClusterIsAConflict() {
        HttpReply reply = put(submission -> new Result.Decided(new Outcome.LimitReached("leases", 5), 78));
        assertEquals(409, reply.status());
        assertEquals("limit-reached", reply.problem());
        assertEquals(78, reply.revision());
    }

    @Test
    void aBugIsAFaultWithoutAStackTraceAndIsCounted() {
        try (TestServer server = serve(
                submission -> {
                    throw new IllegalStateException("secret");
                },
                Refusal.NOT_READY)) {
            HttpReply reply = server.put("/v1/kv/k", "x");
            assertEquals(500, reply.status());
            assertEquals("internal", reply.problem());
            assertEquals("unknown", reply.json().get("outcome").asText());
            assertFalse(reply.body().contains("secret"), reply::toString);
            assertTrue(reply.json().has("request_id"));
            assertEquals(1, server.http().faults());
        }
    }

    @Test
    void aSplitDeleteThatStopsInTheMiddleIsUnknownAndSaysHowFarItCame() {
        for (Result last : List.of(new Result.Unknown(), new Result.NotApplied(Refusal.NO_QUORUM))) {
            Deque<Result> results = new ArrayDeque<>(List.of(
                    new Result.Decided(new Outcome.DeletedSome(5, 10_000), 5),
                    new Result.Decided(new Outcome.DeletedSome(6, 10_000), 6),
                    last));
            try (TestServer server = serve(submission -> results.pop(), Refusal.NOT_READY)) {
                HttpReply reply = server.delete("/v1/kv?prefix=a");
                assertEquals(504, reply.status());
                assertEquals("unknown", reply.json().get("outcome").asText());
                assertEquals(20_000, reply.json().get("deleted").asLong());
                assertEquals(2, reply.json().get("split").asLong());
            }
        }
    }

    @Test
    void anUnknownLineOfABulkLoadIsCountedAsSuch() {
        try (TestServer server = serve(
                submission -> submission.command() instanceof Command.Delete
                        ? new Result.Unknown()
                        : new Result.NotApplied(Refusal.QUEUE_FULL),
                Refusal.NOT_READY)) {
            HttpReply reply =
                    server.post("/v1/bulk", "{\"put\":{\"key\":\"a\",\"value\":\"\"}}\n{\"delete\":{\"key\":\"a\"}}\n");
            List<String> lines = reply.body().lines().toList();
            assertTrue(lines.get(0).contains("queue-full"), lines::toString);
            assertTrue(lines.get(1).contains("\"outcome\":\"unknown\""), lines::toString);
            assertEquals("{\"lines\":2,\"applied\":0,\"refused\":1,\"unknown\":1}", lines.get(2));
        }
    }
}
