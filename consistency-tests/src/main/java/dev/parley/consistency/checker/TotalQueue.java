package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether a queue that was emptied at the end gave back everything it acknowledged, once each, and nothing else. */
public final class TotalQueue implements Checker {

    @Override
    public Verdict check(History history, Limits limits) {
        Map<Json, Integer> attempted = new LinkedHashMap<>();
        Map<Json, Integer> acknowledged = new LinkedHashMap<>();
        Map<Json, Integer> dequeued = new LinkedHashMap<>();
        for (Operation operation : Operations.pair(history)) {
            if (operation.f().equals("enqueue")) {
                attempted.merge(operation.input(), 1, Integer::sum);
                if (operation.ok()) {
                    acknowledged.merge(operation.input(), 1, Integer::sum);
                }
            } else if (operation.ok()) {
                dequeued.merge(operation.output(), 1, Integer::sum);
            }
        }
        List<Finding> findings = new ArrayList<>();
        acknowledged.forEach((element, count) -> {
            if (dequeued.getOrDefault(element, 0) < count) {
                findings.add(
                        new Finding("lost", "", "Element " + element.text() + " was acknowledged and never came out."));
            }
        });
        dequeued.forEach((element, count) -> {
            if (!attempted.containsKey(element)) {
                findings.add(new Finding(
                        "unexpected", "", "Element " + element.text() + " came out, and nobody put it in."));
            } else if (count > attempted.get(element)) {
                findings.add(
                        new Finding("duplicated", "", "Element " + element.text() + " came out " + count + " times."));
            }
        });
        return Verdict.of(findings, Map.of());
    }
}
