package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients take a lock, write what it protects under its fence, and let it go. Some are paused past their lease in the
 * middle and write on: finds writes of those who do not hold the lock any more, and locks that two hold at once.
 */
final class LockWorkload implements Workload {
    private static final int LOCKS = 3;

    private final String prefix;
    private final AtomicLong owners = new AtomicLong();

    LockWorkload(String prefix) {
        this.prefix = prefix + "/lock/";
    }

    @Override
    public Call next(int client, Random random) {
        String key = prefix + random.nextInt(LOCKS);
        String owner = "c" + client + "-" + owners.incrementAndGet();
        boolean pauses = random.nextInt(4) == 0;
        return new Call("hold", key, Json.of(owner), node -> hold(node, key, owner, pauses, random));
    }

    private static Completion hold(NodeClient node, String key, String owner, boolean pauses, Random random) {
        Optional<Holding> held = Holding.acquire(node, key.replace('/', '-'), owner);
        if (held.isEmpty()) {
            return Completion.fail(Json.of(owner), "not acquired");
        }
        List<Json> revisions = new ArrayList<>();
        for (int write = 0; write < 3; write++) {
            if (pauses && write == 1) {
                Holding.pause(random);
            }
            Reply reply = held.get().put(node, key, Json.of(owner + "." + write));
            if (reply instanceof Reply.Answer answer && answer.success()) {
                revisions.add(answer.member("revision"));
            }
        }
        held.get().release(node);
        Map<String, Json> result = new LinkedHashMap<>();
        result.put("token", Json.of(held.get().token()));
        result.put("revisions", new Json.Array(revisions));
        return Completion.ok(new Json.Obj(result));
    }

    @Override
    public List<Call> lastReads() {
        return List.of();
    }

    @Override
    public Checker checker() {
        return Checkers.named("fenced-writes").orElseThrow();
    }
}
