package dev.parley.consistency.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.checker.RandomHistories.Recorder;
import dev.parley.consistency.history.Event.Type;
import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListAppendTest {
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(20), 64 << 20, 2);

    @Test
    void whatARealStoreAnswersIsValid() {
        for (int seed = 0; seed < 60; seed++) {
            Verdict verdict = new ListAppend().check(honest(new Random(seed), 300, 0), LIMITS);
            assertEquals(
                    Answer.VALID, verdict.answer(), () -> verdict.findings().toString());
        }
    }

    @Test
    void nothingIsCalledInvalidThatHasASerialOrder() {
        int invalid = 0;
        for (int seed = 0; seed < 3000; seed++) {
            History history = honest(new Random(seed), 5, 0.25);
            Verdict verdict = new ListAppend().check(history, LIMITS);
            boolean serial = hasSerialOrder(Operations.pair(history));
            invalid += verdict.answer() == Answer.INVALID ? 1 : 0;
            assertEquals(
                    serial ? Answer.VALID : Answer.INVALID,
                    verdict.answer(),
                    () -> history.events() + "\n" + verdict.findings());
        }
        assertTrue(invalid > 100, "too few invalid histories: " + invalid);
    }

    @Test
    void aLongHistoryTakesSeconds() {
        CpuTime time = new CpuTime();
        assertEquals(
                Answer.VALID,
                new ListAppend().check(honest(new Random(1), 20_000, 0), LIMITS).answer());
        assertTrue(time.lessThan(Duration.ofSeconds(15)));
    }

    /** Transactions take effect at one moment; with some probability a read shows an older list. */
    private static History honest(Random random, int transactions, double stale) {
        Recorder recorder = new Recorder();
        Map<String, List<Json>> lists = new HashMap<>();
        int clients = 4;
        List<List<Json>> begun = new ArrayList<>();
        List<Json> done = new ArrayList<>();
        for (int c = 0; c < clients; c++) {
            begun.add(null);
            done.add(null);
        }
        int element = 0;
        int count = 0;
        int open = 0;
        while (count < transactions || open > 0) {
            int c = random.nextInt(clients);
            if (begun.get(c) == null) {
                if (count == transactions) {
                    continue;
                }
                List<Json> steps = new ArrayList<>();
                for (int s = 0; s <= random.nextInt(3); s++) {
                    Json key = Json.of("k" + (count / 200) + random.nextInt(2));
                    steps.add(
                            random.nextBoolean()
                                    ? Json.array(Json.of("append"), key, Json.of(element++))
                                    : Json.array(Json.of("r"), key, Json.NULL));
                }
                begun.set(c, steps);
                recorder.add(c, Type.INVOKE, "txn", "", new Json.Array(steps));
                count++;
                open++;
            } else if (done.get(c) == null) {
                done.set(c, act(random, lists, begun.get(c), stale));
            } else {
                recorder.add(c, Type.OK, "txn", "", done.get(c));
                begun.set(c, null);
                done.set(c, null);
                open--;
            }
        }
        return recorder.history();
    }

    private static Json act(Random random, Map<String, List<Json>> lists, List<Json> steps, double stale) {
        List<Json> results = new ArrayList<>();
        for (Json step : steps) {
            List<Json> parts = ((Json.Array) step).items();
            String key = ((Json.Text) parts.get(1)).value();
            List<Json> list = lists.computeIfAbsent(key, k -> new ArrayList<>());
            if (parts.get(0).equals(Json.of("append"))) {
                list.add(parts.get(2));
                results.add(step);
            } else {
                int shown = random.nextDouble() < stale && !list.isEmpty() ? random.nextInt(list.size()) : list.size();
                results.add(Json.array(parts.get(0), parts.get(1), new Json.Array(list.subList(0, shown))));
            }
        }
        return new Json.Array(results);
    }

    private static boolean hasSerialOrder(List<Operation> operations) {
        return extend(new ArrayList<>(operations), Map.of());
    }

    private static boolean extend(List<Operation> left, Map<String, List<Json>> lists) {
        if (left.isEmpty()) {
            return true;
        }
        for (Operation candidate : left) {
            if (left.stream().noneMatch(other -> other.completed() < candidate.invoked())) {
                Map<String, List<Json>> next = run(candidate, lists);
                List<Operation> rest = new ArrayList<>(left);
                rest.remove(candidate);
                if (!next.isEmpty() && extend(rest, next)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The lists after the transaction; empty when it read something else. */
    private static Map<String, List<Json>> run(Operation txn, Map<String, List<Json>> lists) {
        Map<String, List<Json>> next = new HashMap<>(lists);
        next.putIfAbsent("", List.of());
        for (Json step : ((Json.Array) txn.output()).items()) {
            List<Json> parts = ((Json.Array) step).items();
            String key = ((Json.Text) parts.get(1)).value();
            List<Json> list = next.getOrDefault(key, List.of());
            if (parts.get(0).equals(Json.of("append"))) {
                List<Json> longer = new ArrayList<>(list);
                longer.add(parts.get(2));
                next.put(key, longer);
            } else if (!parts.get(2).equals(new Json.Array(list))) {
                return Map.of();
            }
        }
        return next;
    }
}
