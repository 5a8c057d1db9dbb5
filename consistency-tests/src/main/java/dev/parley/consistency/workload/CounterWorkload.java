package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Additions to counters by conditional writes. Half of them carry an Idempotency-Key and are sent again while their outcome is unknown, as a careful client
 * would: finds additions that took effect twice, and answers that were not remembered.
 */
final class CounterWorkload implements Workload {
    private static final int COUNTERS = 4;
    private static final int ATTEMPTS = 4;

    private final String prefix;
    private final AtomicLong requests = new AtomicLong();

    CounterWorkload(String prefix) {
        this.prefix = prefix + "/counter/";
    }

    @Override
    public Call next(int client, Random random) {
        String key = prefix + random.nextInt(COUNTERS);
        if (random.nextInt(3) == 0) {
            return read(key);
        }
        long delta = 1 + random.nextInt(3);
        boolean again = random.nextBoolean();
        String id = prefix.replace('/', '-') + requests.incrementAndGet();
        return new Call(
                "add",
                key,
                Json.of(delta),
                node -> add(node, key, delta, again ? Map.of("Idempotency-Key", id) : Map.of()));
    }

    private static Call read(String key) {
        return new Call("read", key, Json.NULL, node -> switch (Store.get(node, key)) {
            case Store.Outcome.Got<Store.Item>(Store.Item item) ->
                Completion.ok(Json.of(Store.whole(item.value()))).with("revision", Json.of(item.revision()));
            case Store.Outcome.Missed<Store.Item>(Reply reply) -> Completion.readFailed(reply);
        });
    }

    private static Completion add(NodeClient node, String key, long delta, Map<String, String> idempotency) {
        return switch (Store.get(node, key)) {
            case Store.Outcome.Missed<Store.Item>(Reply reply) -> Completion.fail(Json.of(delta), reply.describe());
            case Store.Outcome.Got<Store.Item>(Store.Item item) -> {
                Map<String, String> headers = new HashMap<>(idempotency);
                headers.put(
                        item.revision() == 0 ? "If-None-Match" : "If-Match",
                        item.revision() == 0 ? "*" : "\"" + item.revision() + "\"");
                Json sum = Json.of(Store.whole(item.value()) + delta);
                yield send(node, key, sum, headers, Json.of(delta))
                        .with("condition", Json.of(item.revision()))
                        .with("sum", sum);
            }
        };
    }

    /** Once, or with an Idempotency-Key up to {@value #ATTEMPTS} times; what the last attempt tells is then true of all. */
    private static Completion send(NodeClient node, String key, Json sum, Map<String, String> headers, Json delta) {
        int attempts = headers.containsKey("Idempotency-Key") ? ATTEMPTS : 1;
        Reply reply = new Reply.Lost(false, "not sent");
        boolean doubtful = false;
        int sent = 0;
        while (sent < attempts && (sent == 0 || doubtful && reply.effect() != Reply.Effect.DONE && !decided(reply))) {
            reply = Store.put(node, key, sum, headers);
            doubtful |= reply.effect() == Reply.Effect.UNKNOWN;
            sent++;
        }
        boolean open = doubtful && reply.effect() != Reply.Effect.DONE && !decided(reply);
        Completion completion = open
                ? new Completion(
                        dev.parley.consistency.history.Event.Type.INFO, delta, Map.of("err", Json.of(reply.describe())))
                : Completion.ofWrite(reply, delta);
        return completion.with("attempts", Json.of(sent));
    }

    /** Whether a refusal tells the fate of the earlier attempts as well: a failed precondition is a remembered answer, a node that is not ready knows nothing. */
    private static boolean decided(Reply reply) {
        return reply instanceof Reply.Answer answer && answer.status() == 412;
    }

    @Override
    public List<Call> lastReads() {
        return java.util.stream.IntStream.range(0, COUNTERS)
                .mapToObj(i -> read(prefix + i))
                .toList();
    }

    /** Another addition may lead to the same sum, so that only a sum that is not there tells something. */
    @Override
    public Optional<Trace> trace(Event unanswered) {
        Json sum = unanswered.fields().get("sum");
        long base = Store.whole(unanswered.fields().get("condition"));
        Json delta = unanswered.value();
        return Optional.of(new Trace(
                unanswered.key(), sum::equals, Trace.Evidence.AMBIGUOUS, base, version -> Completion.ok(delta)));
    }

    @Override
    public Checker checker() {
        return Checkers.named("counter").orElseThrow();
    }
}
