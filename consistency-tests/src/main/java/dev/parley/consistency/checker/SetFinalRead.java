package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.model.GrowingSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether the last read of a set has every element whose add was acknowledged, and none that nobody tried to add. */
public final class SetFinalRead implements Checker {

    @Override
    public Verdict check(History history, Limits limits) {
        return Operations.byKey(Operations.pair(history)).entrySet().stream()
                .map(key -> check(key.getKey(), key.getValue()))
                .reduce(Verdict.valid(), Verdict::and);
    }

    private static Verdict check(String key, List<Operation> operations) {
        Set<Json> attempted = new HashSet<>();
        Map<Json, Operation> acknowledged = new LinkedHashMap<>();
        Optional<Operation> last = Optional.empty();
        for (Operation operation : operations) {
            switch (operation.f()) {
                case "add" -> {
                    attempted.add(operation.input());
                    if (operation.ok()) {
                        acknowledged.put(operation.input(), operation);
                    }
                }
                case "read" -> {
                    if (operation.ok()
                            && !operation.output().isNull()
                            && last.map(read -> read.completed() < operation.completed())
                                    .orElse(true)) {
                        last = Optional.of(operation);
                    }
                }
                default ->
                    throw new dev.parley.consistency.history.MalformedHistoryException("line " + operation.invokedLine()
                            + ": the model set-final-read has no operation " + operation.f());
            }
        }
        if (last.isEmpty()) {
            return Verdict.unknown(new Finding("no-evidence", key, "The set was never read."));
        }
        return judge(key, attempted, acknowledged, last.get());
    }

    private static Verdict judge(String key, Set<Json> attempted, Map<Json, Operation> acknowledged, Operation read) {
        List<Json> elements = GrowingSet.elements(read);
        Set<Json> found = new LinkedHashSet<>(elements);
        List<Finding> findings = new ArrayList<>();
        List<Json> lost = acknowledged.keySet().stream()
                .filter(element -> !found.contains(element))
                .toList();
        lost.forEach(element -> findings.add(new Finding(
                "lost",
                key,
                "Element " + element.text() + ", acknowledged at line "
                        + acknowledged.get(element).line() + ", is missing from the last read at line " + read.line()
                        + ".",
                read.line(),
                acknowledged.get(element).line())));
        List<Json> unexpected =
                found.stream().filter(element -> !attempted.contains(element)).toList();
        unexpected.forEach(element -> findings.add(new Finding(
                "unexpected",
                key,
                "The last read at line " + read.line() + " has " + element.text() + ", which nobody added.",
                read.line())));
        Map<String, Json> facts = new LinkedHashMap<>();
        facts.put("acknowledged", Json.of(acknowledged.size()));
        facts.put("lost", new Json.Array(lost));
        facts.put("unexpected", new Json.Array(unexpected));
        facts.put(
                "recovered",
                new Json.Array(found.stream()
                        .filter(element -> attempted.contains(element) && !acknowledged.containsKey(element))
                        .toList()));
        return Verdict.of(findings, facts);
    }
}
