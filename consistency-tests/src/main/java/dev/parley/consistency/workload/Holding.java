package dev.parley.consistency.workload;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** A lock that a client holds for a while, and what it may do with it. */
record Holding(String lock, long token) {
    /** The shortest lease there is: who pauses longer than that does not hold the lock any more, and does not know it. */
    static final Duration TTL = Duration.ofSeconds(1);

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    /** Empty when it did not get it. Then it may hold it all the same, until the lease ends, but it does nothing with it. */
    static Optional<Holding> acquire(NodeClient node, String lock, String owner) {
        String body = "{\"owner\":\"" + owner + "\",\"ttl\":\"1s\",\"wait\":\"2s\"}";
        Reply reply = node.send("POST", "/v1/locks/" + lock, JSON, body);
        return reply instanceof Reply.Answer answer
                        && answer.success()
                        && answer.member("token") instanceof Json.Int(long token)
                ? Optional.of(new Holding(lock, token))
                : Optional.empty();
    }

    Reply put(NodeClient node, String key, Json value) {
        return node.send("PUT", NodeClient.key(key), Map.of("Parley-Fence", lock + ":" + token), value.text());
    }

    void release(NodeClient node) {
        node.send("DELETE", "/v1/locks/" + lock + "/holders/" + token);
    }

    /** Does what a collector of garbage does to a client: nothing, for longer than its lease. */
    static void pause(Random random) {
        LockSupport.parkNanos(TTL.toNanos() + random.nextInt(1_500) * 1_000_000L);
    }
}
