package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Takes the revisions of writes as ids: no two writes may ever have the same. */
final class UniqueIdsWorkload implements Workload {
    private final String prefix;

    UniqueIdsWorkload(String prefix) {
        this.prefix = prefix + "/ids/";
    }

    @Override
    public Call next(int client, Random random) {
        return generate(prefix + client);
    }

    private static Call generate(String key) {
        return new Call("generate", "", Json.NULL, node -> generated(node, key));
    }

    private static Completion generated(NodeClient node, String key) {
        Reply reply = Store.put(node, key, Json.of(1), Map.of());
        if (reply instanceof Reply.Answer answer && answer.success()) {
            return Completion.ok(answer.member("revision"));
        }
        return Completion.ofWrite(reply, Json.NULL);
    }

    @Override
    public List<Call> lastReads() {
        return List.of(generate(prefix + "last"));
    }

    @Override
    public Checker checker() {
        return Checkers.named("unique-ids").orElseThrow();
    }
}
