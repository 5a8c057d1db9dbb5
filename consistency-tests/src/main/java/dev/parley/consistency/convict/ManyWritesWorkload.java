package dev.parley.consistency.convict;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.workload.Call;
import dev.parley.consistency.workload.Completion;
import dev.parley.consistency.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes at random moments, each of a key of its own, and nothing else until everything is read at the end: finds the
 * acknowledged write that is missing among very many.
 */
final class ManyWritesWorkload implements Workload {
    private static final int PAGE = 1000;
    private static final long REST_NANOS_MAX = 300_000_000;

    private final String prefix;
    private final AtomicLong elements = new AtomicLong();

    ManyWritesWorkload(String prefix) {
        this.prefix = prefix + "/many/";
    }

    @Override
    public Call next(int client, Random random) {
        LockSupport.parkNanos((long) (REST_NANOS_MAX * random.nextDouble()));
        Json element = Json.of(elements.incrementAndGet());
        return new Call("add", "", element, node -> {
            Reply reply = node.send("PUT", NodeClient.key(prefix + element.text()), Map.of(), element.text());
            return Completion.ofWrite(reply, element);
        });
    }

    @Override
    public List<Call> lastReads() {
        return List.of(new Call("read", "", Json.NULL, this::readAll));
    }

    private Completion readAll(NodeClient node) {
        List<Json> all = new ArrayList<>();
        String after = "";
        while (true) {
            String range = "/v1/kv?prefix=" + NodeClient.encode(prefix) + "&keys_only=true&limit=" + PAGE;
            Reply reply = node.send("GET", range + after);
            if (!(reply instanceof Reply.Answer answer)
                    || answer.status() != 200
                    || !(answer.json() instanceof Json.Obj page)
                    || !(page.get("items") instanceof Json.Array(List<Json> items))) {
                return Completion.readFailed(reply);
            }
            items.forEach(item -> all.add(element(item)));
            if (!page.get("more").equals(Json.of(true)) || !(page.get("next") instanceof Json.Text(String next))) {
                return Completion.ok(new Json.Array(all));
            }
            after = "&after=" + NodeClient.encode(next);
        }
    }

    private Json element(Json item) {
        return item instanceof Json.Obj found && found.get("key") instanceof Json.Text(String key)
                ? Json.of(Long.parseLong(key.substring(prefix.length())))
                : Json.NULL;
    }

    @Override
    public Checker checker() {
        return Checkers.named("set-full").orElseThrow();
    }
}
