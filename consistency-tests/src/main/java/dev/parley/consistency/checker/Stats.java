package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts outcomes. A run in which some operation never succeeded shows nothing about it, hence unknown. */
public final class Stats implements Checker {

    @Override
    public Verdict check(History history, Limits limits) {
        Map<String, long[]> counts = new TreeMap<>();
        for (Operation operation : Operations.pairLeniently(history)) {
            counts.computeIfAbsent(operation.f(), f -> new long[3])[
                    operation.outcome().ordinal()]++;
        }
        List<Finding> findings = new ArrayList<>();
        Map<String, Json> facts = new LinkedHashMap<>();
        counts.forEach((f, count) -> {
            Map<String, Json> row = new LinkedHashMap<>();
            row.put("ok", Json.of(count[0]));
            row.put("fail", Json.of(count[1]));
            row.put("info", Json.of(count[2]));
            facts.put(f, new Json.Obj(row));
            if (count[0] == 0) {
                findings.add(new Finding(
                        "no-evidence", "", "No " + f + " ever succeeded, so this run shows nothing about it."));
            }
        });
        return new Verdict(
                findings.isEmpty() ? Answer.VALID : Answer.UNKNOWN,
                findings,
                Map.of("operations", new Json.Obj(facts)));
    }
}
