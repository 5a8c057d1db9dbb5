package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Keys that die with a lease, kept alive for a while. By the client's own clock: a key that is gone although less than
 * the ttl has passed since the sending of a request that kept it alive died early.
 */
final class LeaseWorkload implements Workload {
    private static final long TTL_NANOS = 2_000_000_000L;

    private final String prefix;
    private final AtomicLong keys = new AtomicLong();

    LeaseWorkload(String prefix) {
        this.prefix = prefix + "/lease/";
    }

    @Override
    public Call next(int client, Random random) {
        String key = prefix + keys.incrementAndGet();
        return new Call("live", key, Json.NULL, node -> live(node, key, random));
    }

    private static Completion live(NodeClient node, String key, Random random) {
        long sure = System.nanoTime();
        Reply granted = node.send("POST", "/v1/leases", Map.of("Content-Type", "application/json"), "{\"ttl\":\"2s\"}");
        if (!(granted instanceof Reply.Answer answer) || !(answer.member("id") instanceof Json.Text(String lease))) {
            return Completion.fail(Json.NULL, granted.describe());
        }
        Reply put = node.send("PUT", NodeClient.key(key) + "?lease=" + lease, Map.of(), "1");
        if (put.effect() != Reply.Effect.DONE) {
            return Completion.fail(Json.NULL, put.describe());
        }
        for (int round = 0; round < 4; round++) {
            LockSupport.parkNanos(random.nextInt(900) * 1_000_000L);
            if (isGone(node.send("GET", NodeClient.key(key))) && System.nanoTime() - sure < TTL_NANOS) {
                return Completion.ok(Json.of("early"));
            }
            long sent = System.nanoTime();
            Reply kept = node.send("POST", "/v1/leases/" + lease + ":keepalive");
            if (isGone(kept) && System.nanoTime() - sure < TTL_NANOS) {
                return Completion.ok(Json.of("early"));
            }
            sure = kept.effect() == Reply.Effect.DONE ? sent : sure;
        }
        Reply ended = node.send("DELETE", "/v1/leases/" + lease);
        boolean outlived = ended instanceof Reply.Answer end
                && end.status() == 204
                && node.send("GET", NodeClient.key(key)) instanceof Reply.Answer left
                && left.status() == 200;
        return Completion.ok(Json.of(outlived ? "outlived" : "as-promised"));
    }

    private static boolean isGone(Reply reply) {
        return reply instanceof Reply.Answer answer && answer.status() == 404;
    }

    @Override
    public List<Call> lastReads() {
        return List.of();
    }

    @Override
    public Checker checker() {
        return Checkers.named("leases").orElseThrow();
    }
}
