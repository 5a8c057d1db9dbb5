package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Verdict;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Writes of every kind; what they leave must be the same on every node, which every run ends with looking at. */
final class ConvergenceWorkload implements Workload {
    private static final int KEYS = 300;

    private final String prefix;
    private final AtomicLong values = new AtomicLong();

    ConvergenceWorkload(String prefix) {
        this.prefix = prefix + "/mixed/";
    }

    @Override
    public Call next(int client, Random random) {
        String key = prefix + random.nextInt(KEYS);
        Json value = Json.of(values.incrementAndGet());
        return switch (random.nextInt(8)) {
            case 0 -> write("delete", key, Json.NULL, node -> node.send("DELETE", NodeClient.key(key)));
            case 1 -> {
                String range = key.length() > 1 ? key.substring(0, key.length() - 1) + "9" : key;
                yield write(
                        "delete-range",
                        range,
                        Json.NULL,
                        node -> node.send("DELETE", "/v1/kv?prefix=" + NodeClient.encode(range)));
            }
            case 2, 3 -> {
                Map<String, Json> both = new LinkedHashMap<>();
                both.put(key, value);
                both.put(prefix + "pair/" + random.nextInt(KEYS), value);
                yield write("txn", key, value, node -> Store.txn(node, Store.exchange(Map.of(), both)));
            }
            default -> write("put", key, value, node -> Store.put(node, key, value, Map.of()));
        };
    }

    private static Call write(String f, String key, Json value, java.util.function.Function<NodeClient, Reply> send) {
        return new Call(f, key, value, node -> Completion.ofWrite(send.apply(node), value));
    }

    @Override
    public List<Call> lastReads() {
        return List.of();
    }

    @Override
    public Checker checker() {
        return (history, limits) -> Verdict.valid();
    }
}
