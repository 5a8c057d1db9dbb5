package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Transactions that read lists and append to them, over several keys: finds half transactions, lost updates, appends that took effect twice. */
final class ListAppendWorkload implements Workload {
    private static final int STEPS_MAX = 4;
    private static final int LAST_KEYS = 20;

    private final Keys keys;
    private final AtomicLong elements = new AtomicLong();

    ListAppendWorkload(String prefix) {
        this.keys = new Keys(prefix + "/list", 4, 100);
    }

    @Override
    public Call next(int client, Random random) {
        List<Json> steps = new ArrayList<>();
        int count = 1 + random.nextInt(STEPS_MAX);
        for (int i = 0; i < count; i++) {
            Json key = Json.of(keys.next(random));
            steps.add(
                    random.nextBoolean()
                            ? Json.array(Json.of("append"), key, Json.of(elements.incrementAndGet()))
                            : Json.array(Json.of("r"), key, Json.NULL));
        }
        return transaction(steps);
    }

    private static Call transaction(List<Json> steps) {
        return new Call("txn", "", new Json.Array(steps), node -> perform(node, steps));
    }

    private static String key(Json step) {
        return ((Json.Array) step).items().get(1) instanceof Json.Text(String key) ? key : "";
    }

    private static boolean appends(Json step) {
        return ((Json.Array) step).items().getFirst().equals(Json.of("append"));
    }

    /** Reads all lists at one moment, then writes the longer ones if none of them changed meanwhile. */
    private static Completion perform(NodeClient node, List<Json> steps) {
        Set<String> involved = new LinkedHashSet<>();
        steps.forEach(step -> involved.add(key(step)));
        List<String> order = List.copyOf(involved);
        return switch (Store.getAll(node, order)) {
            case Store.Outcome.Missed<List<Store.Item>>(Reply reply) ->
                Completion.fail(new Json.Array(steps), reply.describe());
            case Store.Outcome.Got<List<Store.Item>>(List<Store.Item> items) -> {
                Map<String, Store.Item> found = new LinkedHashMap<>();
                for (int i = 0; i < order.size(); i++) {
                    found.put(order.get(i), items.get(i));
                }
                yield commit(node, steps, found);
            }
        };
    }

    private static Completion commit(NodeClient node, List<Json> steps, Map<String, Store.Item> found) {
        Map<String, List<Json>> lists = new LinkedHashMap<>();
        found.forEach((key, item) -> lists.put(
                key,
                item.value() instanceof Json.Array(List<Json> elements)
                        ? new ArrayList<>(elements)
                        : new ArrayList<>()));
        Map<String, Json> written = new LinkedHashMap<>();
        List<Json> results = new ArrayList<>();
        for (Json step : steps) {
            List<Json> list = lists.get(key(step));
            if (appends(step)) {
                list.add(((Json.Array) step).items().get(2));
                written.put(key(step), new Json.Array(list));
                results.add(step);
            } else {
                results.add(Json.array(Json.of("r"), Json.of(key(step)), new Json.Array(list)));
            }
        }
        if (written.isEmpty()) {
            return Completion.ok(new Json.Array(results));
        }
        Map<String, Long> revisions = new LinkedHashMap<>();
        found.forEach((key, item) -> revisions.put(key, item.revision()));
        Reply reply = Store.txn(node, Store.exchange(revisions, written));
        if (reply instanceof Reply.Answer answer && answer.status() == 200 && !Store.succeeded(answer)) {
            return Completion.fail(new Json.Array(steps), "compare failed");
        }
        Completion completion = Completion.ofWrite(reply, new Json.Array(steps));
        return switch (completion.type()) {
            case OK -> Completion.ok(new Json.Array(results));
            case INFO -> completion.with("would_be", new Json.Array(results)).with("conditions", revisionsOf(found));
            case INVOKE, FAIL -> completion;
        };
    }

    private static Json revisionsOf(Map<String, Store.Item> found) {
        Map<String, Json> revisions = new LinkedHashMap<>();
        found.forEach((key, item) -> revisions.put(key, Json.of(item.revision())));
        return new Json.Obj(revisions);
    }

    @Override
    public List<Call> lastReads() {
        return keys.used(LAST_KEYS).stream()
                .map(key -> transaction(List.of(Json.array(Json.of("r"), Json.of(key), Json.NULL))))
                .toList();
    }

    /** By one of the lists it appends to: all are written or none. */
    @Override
    public Optional<Trace> trace(Event unanswered) {
        if (!(unanswered.value() instanceof Json.Array(List<Json> steps))
                || !(unanswered.fields().get("would_be") instanceof Json.Array results)
                || !(unanswered.fields().get("conditions") instanceof Json.Obj conditions)) {
            return Optional.empty();
        }
        return steps.stream()
                .filter(ListAppendWorkload::appends)
                .findFirst()
                .map(step -> new Trace(
                        key(step),
                        list -> list instanceof Json.Array(List<Json> elements)
                                && elements.contains(((Json.Array) step).items().get(2)),
                        Trace.Evidence.KEPT,
                        Store.whole(conditions.get(key(step))),
                        version -> Completion.ok(results)));
    }

    @Override
    public Checker checker() {
        return Checkers.named("list-append").orElseThrow();
    }
}
