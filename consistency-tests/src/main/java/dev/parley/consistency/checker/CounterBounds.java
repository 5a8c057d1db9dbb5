package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether every read of a counter lies between what must have been added when it began and what can have been added when it ended. A counter that adds twice
 * what it was asked to add once, or forgets an acknowledged addition, leaves these bounds.
 */
public final class CounterBounds implements Checker {
    private final long initial;

    public CounterBounds(long initial) {
        this.initial = initial;
    }

    @Override
    public Verdict check(History history, Limits limits) {
        List<Finding> findings = new ArrayList<>();
        List<Json> bounds = new ArrayList<>();
        Operations.byKey(Operations.pair(history))
                .forEach((key, operations) -> check(key, operations, findings, bounds));
        Map<String, Json> facts = new LinkedHashMap<>();
        facts.put("reads", Json.of(bounds.size()));
        facts.put("bounds", new Json.Array(bounds.size() > 1000 ? bounds.subList(0, 1000) : bounds));
        return Verdict.of(findings, facts);
    }

    /** What happens to the bounds at one position of the history. */
    private record Step(Operation operation, boolean beginning) {}

    private void check(String key, List<Operation> operations, List<Finding> findings, List<Json> bounds) {
        TreeMap<Integer, Step> steps = new TreeMap<>();
        for (Operation operation : operations) {
            if (!operation.failed()) {
                steps.put(operation.invoked(), new Step(operation, true));
                if (operation.ok()) {
                    steps.put(operation.completed(), new Step(operation, false));
                }
            }
        }
        long lower = initial;
        long upper = initial;
        Map<Operation, Long> lowerAtBeginning = new HashMap<>();
        for (Step step : steps.values()) {
            Operation operation = step.operation();
            if (isRead(operation)) {
                if (step.beginning()) {
                    lowerAtBeginning.put(operation, lower);
                } else if (!operation.output().isNull()) {
                    judge(key, operation, lowerAtBeginning.remove(operation), upper, findings, bounds);
                }
                continue;
            }
            long delta = delta(operation);
            if (step.beginning() == delta > 0) {
                upper += delta;
            } else {
                lower += delta;
            }
            // A falling counter makes the least possible value of reads under way smaller, too.
            if (step.beginning() && delta < 0) {
                lowerAtBeginning.replaceAll((read, least) -> least + delta);
            }
        }
    }

    private static void judge(
            String key, Operation read, long lower, long upper, List<Finding> findings, List<Json> bounds) {
        long value = number(read, read.output());
        bounds.add(Json.array(Json.of(lower), Json.of(value), Json.of(upper)));
        if (value < lower || value > upper) {
            String name = key.isEmpty() ? "the counter" : "counter " + key;
            String sentence = "Process " + read.process() + " read " + value + " from " + name + " (lines "
                    + read.invokedLine() + " to " + read.completedLine()
                    + "), but it must have been from " + lower + " to " + upper + ": "
                    + (value < lower ? "an acknowledged addition is missing." : "something was added more than once.");
            findings.add(new Finding("out-of-bounds", key, sentence, read.line()));
        }
    }

    private static boolean isRead(Operation operation) {
        return switch (operation.f()) {
            case "read" -> true;
            case "add", "inc", "increment", "dec", "decrement" -> false;
            default ->
                throw new MalformedHistoryException(
                        "line " + operation.invokedLine() + ": the model counter has no operation " + operation.f());
        };
    }

    private static long delta(Operation operation) {
        Json value = operation.input();
        long amount = value.isNull() && !operation.f().equals("add") ? 1 : number(operation, value);
        return operation.f().startsWith("dec") ? -amount : amount;
    }

    private static long number(Operation operation, Json value) {
        if (value instanceof Json.Int(long number)) {
            return number;
        }
        throw new MalformedHistoryException("line " + operation.line() + ": the value of a " + operation.f()
                + " is a whole number, not " + value.text());
    }
}
