package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Reads, writes and compare-and-sets of small numbers on many keys: finds stale reads and lost updates. */
final class RegisterWorkload implements Workload {
    private static final int VALUES = 5;
    private static final int LAST_KEYS = 20;

    private final Keys keys;

    RegisterWorkload(String prefix) {
        this.keys = new Keys(prefix + "/register", 4, 120);
    }

    @Override
    public Call next(int client, Random random) {
        String key = keys.next(random);
        // Of four clients one only reads, so that reads keep up when writes are slow.
        int kind = client % 4 == 3 ? 0 : random.nextInt(4);
        return switch (kind) {
            case 0, 1 -> read(key);
            case 2 -> {
                Json value = Json.of(random.nextInt(VALUES));
                yield new Call(
                        "write", key, value, node -> Completion.ofWrite(Store.put(node, key, value, Map.of()), value));
            }
            default -> {
                Json from = Json.of(random.nextInt(VALUES));
                Json to = Json.of(random.nextInt(VALUES));
                yield new Call("cas", key, Json.array(from, to), node -> cas(node, key, from, to));
            }
        };
    }

    private static Call read(String key) {
        return new Call("read", key, Json.NULL, node -> switch (Store.get(node, key)) {
            case Store.Outcome.Got<Store.Item>(Store.Item item) ->
                Completion.ok(item.value()).with("revision", Json.of(item.revision()));
            case Store.Outcome.Missed<Store.Item>(Reply reply) -> Completion.readFailed(reply);
        });
    }

    private static Completion cas(NodeClient node, String key, Json from, Json to) {
        Reply reply = Store.txn(node, Store.compareAndSet(key, from, to));
        if (reply instanceof Reply.Answer answer && answer.status() == 200) {
            return Store.succeeded(answer)
                    ? Completion.ok(Json.array(from, to))
                    : Completion.fail(Json.array(from, to), "compare failed");
        }
        return Completion.ofWrite(reply, Json.array(from, to));
    }

    @Override
    public List<Call> lastReads() {
        return keys.used(LAST_KEYS).stream().map(RegisterWorkload::read).toList();
    }

    @Override
    public Checker checker() {
        return Checkers.named("cas-register").orElseThrow();
    }
}
