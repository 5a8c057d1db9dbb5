package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** As the register, with unique values and with the version and revision of every answer: finds wrong revisions as well, and is cheap to judge. */
final class VersionedRegisterWorkload implements Workload {
    private static final int LAST_KEYS = 20;

    private final Keys keys;
    private final AtomicLong values = new AtomicLong();

    VersionedRegisterWorkload(String prefix) {
        this.keys = new Keys(prefix + "/versioned", 4, 150);
    }

    @Override
    public Call next(int client, Random random) {
        String key = keys.next(random);
        int kind = client % 4 == 3 ? 0 : random.nextInt(4);
        return switch (kind) {
            case 0, 1 -> read(key);
            case 2 -> {
                Json value = Json.of(values.incrementAndGet());
                yield new Call("write", key, value, node -> versioned(Store.put(node, key, value, Map.of()), value));
            }
            default -> {
                Json value = Json.of(values.incrementAndGet());
                yield new Call("write", key, value, node -> exchange(node, key, value));
            }
        };
    }

    private static Call read(String key) {
        return new Call("read", key, Json.NULL, node -> switch (Store.get(node, key)) {
            case Store.Outcome.Got<Store.Item>(Store.Item item) ->
                Completion.ok(item.value())
                        .with("revision", Json.of(item.revision()))
                        .with("version", Json.of(item.version()));
            case Store.Outcome.Missed<Store.Item>(Reply reply) -> Completion.readFailed(reply);
        });
    }

    /** A write that demands the revision it has just read; the model needs to know only that it was written or not. */
    private static Completion exchange(NodeClient node, String key, Json value) {
        return switch (Store.get(node, key)) {
            case Store.Outcome.Got<Store.Item>(Store.Item item) -> {
                Map<String, String> condition = item.revision() == 0
                        ? Map.of("If-None-Match", "*")
                        : Map.of("If-Match", "\"" + item.revision() + "\"");
                Completion completion = versioned(Store.put(node, key, value, condition), value);
                yield completion.with("condition", Json.of(item.revision()));
            }
            case Store.Outcome.Missed<Store.Item>(Reply reply) -> Completion.fail(value, reply.describe());
        };
    }

    private static Completion versioned(Reply reply, Json value) {
        Completion completion = Completion.ofWrite(reply, value);
        if (reply instanceof Reply.Answer answer && answer.success()) {
            return completion.with("revision", answer.member("revision")).with("version", answer.member("version"));
        }
        return completion;
    }

    @Override
    public List<Call> lastReads() {
        return keys.used(LAST_KEYS).stream()
                .map(VersionedRegisterWorkload::read)
                .toList();
    }

    @Override
    public Optional<Trace> trace(Event unanswered) {
        long base = Store.whole(unanswered.fields().get("condition"));
        return Optional.of(Trace.ofValue(unanswered.key(), unanswered.value(), base));
    }

    @Override
    public Checker checker() {
        return Checkers.named("versioned-register").orElseThrow();
    }
}
