package dev.parley.consistency.workload;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock or an office that a client holds for a while, and what it may do with it.
 *
 * @param path of the lock or the election
 * @param fence what its fence begins with
 */
record Holding(String path, String fence, long token) {
    /** The shortest lease there is: who pauses longer than that does not hold it any more, and does not know it. */
    static final Duration TTL = Duration.ofSeconds(1);

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final String TERMS = "\",\"ttl\":\"1s\",\"wait\":\"2s\"";

    /** Empty when it did not get the lock. Then it may hold it all the same, until the lease ends, but it does nothing with it. */
    static Optional<Holding> acquire(NodeClient node, String lock, String owner) {
        return taken(node, "/v1/locks/" + lock, lock, "{\"owner\":\"" + owner + TERMS + "}");
    }

    /** As {@link #acquire}, of the office that an election gives; {@code candidate} is its value, too. */
    static Optional<Holding> stand(NodeClient node, String election, String candidate) {
        String body = "{\"candidate\":\"" + candidate + TERMS + ",\"value\":\"" + candidate + "\"}";
        return taken(node, "/v1/elections/" + election, "election/" + election, body);
    }

    private static Optional<Holding> taken(NodeClient node, String path, String fence, String body) {
        return node.send("POST", path, JSON, body) instanceof Reply.Answer answer
                        && answer.success()
                        && answer.member("token") instanceof Json.Int(long token)
                ? Optional.of(new Holding(path, fence, token))
                : Optional.empty();
    }

    Reply put(NodeClient node, String key, Json value) {
        return node.send("PUT", NodeClient.key(key), Map.of("Parley-Fence", fence + ":" + token), value.text());
    }

    /** Whether it is known to be free now. */
    boolean release(NodeClient node) {
        return node.send("DELETE", path + "/holders/" + token) instanceof Reply.Answer answer && answer.success();
    }

    /** Does what a collector of garbage does to a client: nothing, for longer than its lease. */
    static void pause(Random random) {
        LockSupport.parkNanos(TTL.toNanos() + random.nextInt(1_500) * 1_000_000L);
    }
}
