package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether no id was given out twice. */
public final class UniqueIds implements Checker {

    @Override
    public Verdict check(History history, Limits limits) {
        Map<Json, List<Operation>> given = new LinkedHashMap<>();
        for (Operation operation : Operations.pair(history)) {
            if (operation.ok() && !operation.output().isNull()) {
                given.computeIfAbsent(operation.output(), id -> new ArrayList<>())
                        .add(operation);
            }
        }
        List<Finding> findings = new ArrayList<>();
        Map<String, Json> duplicated = new LinkedHashMap<>();
        given.forEach((id, operations) -> {
            if (operations.size() > 1) {
                duplicated.put(id instanceof Json.Text(String text) ? text : id.text(), Json.of(operations.size()));
                List<Integer> lines =
                        operations.stream().map(Operation::line).toList().reversed();
                findings.add(new Finding(
                        "duplicate",
                        "",
                        "The id " + id.text() + " was given out " + operations.size() + " times, at lines " + lines
                                + ".",
                        lines));
            }
        });
        return Verdict.of(findings, Map.of("given", Json.of(given.size()), "duplicated", new Json.Obj(duplicated)));
    }
}
