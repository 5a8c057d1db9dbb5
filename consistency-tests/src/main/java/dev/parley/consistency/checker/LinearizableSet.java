package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.model.GrowingSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether a set that only grows is linearizable. When every element is added at most once this needs no search: the reads must be a chain, and nothing may be
 * seen too early or too late. Otherwise it searches.
 */
public final class LinearizableSet implements Checker {

    @Override
    public Verdict check(History history, Limits limits) {
        List<Operation> operations = Operations.pair(history);
        Verdict verdict = Verdict.valid();
        for (Map.Entry<String, List<Operation>> key :
                Operations.byKey(operations).entrySet()) {
            boolean simple = key.getValue().stream()
                            .allMatch(operation ->
                                    operation.f().equals("add") || operation.f().equals("read"))
                    && addedOnce(key.getValue());
            verdict = verdict.and(
                    simple
                            ? chain(key.getKey(), key.getValue())
                            : new Linearizability(new GrowingSet()).check(key.getValue(), limits));
        }
        return verdict;
    }

    private static boolean addedOnce(List<Operation> operations) {
        Set<Json> added = new HashSet<>();
        return operations.stream()
                .filter(operation -> operation.f().equals("add") && !operation.failed())
                .allMatch(add -> added.add(add.input()));
    }

    private static Verdict chain(String key, List<Operation> operations) {
        Map<Json, Operation> adds = new LinkedHashMap<>();
        operations.stream()
                .filter(operation -> operation.f().equals("add") && !operation.failed())
                .forEach(add -> adds.put(add.input(), add));
        List<Operation> reads = operations.stream()
                .filter(operation -> operation.f().equals("read")
                        && operation.ok()
                        && !operation.output().isNull())
                .toList();
        List<Finding> findings = new ArrayList<>();
        List<View> views = new ArrayList<>();
        for (Operation read : reads) {
            List<Json> elements = GrowingSet.elements(read);
            Set<Json> distinct = new HashSet<>(elements);
            if (distinct.size() < elements.size()) {
                findings.add(new Finding(
                        "duplicate",
                        key,
                        in(key) + "the read at line " + read.line() + " has an element twice.",
                        read.line()));
            }
            views.add(new View(read, distinct));
        }
        views.forEach(view -> seenTooEarly(key, view, adds, findings));
        if (findings.isEmpty()) {
            views.sort(Comparator.comparingInt((View view) -> view.elements.size())
                    .thenComparingInt(view -> view.read.completed()));
            notAChain(key, views, findings);
        }
        if (findings.isEmpty()) {
            outOfTime(key, groups(views, adds), findings);
        }
        findings.sort(Comparator.comparingInt(finding -> finding.lines().getFirst()));
        return Verdict.of(findings, Map.of());
    }

    private record View(Operation read, Set<Json> elements) {}

    private static void seenTooEarly(String key, View view, Map<Json, Operation> adds, List<Finding> findings) {
        for (Json element : view.elements) {
            Operation add = adds.get(element);
            if (add == null || add.invoked() > view.read.completed()) {
                String why = add == null
                        ? "nobody added (or only an add that failed)"
                        : "was added only from line " + add.invokedLine() + " on";
                findings.add(new Finding(
                        "phantom",
                        key,
                        in(key) + "the read at line " + view.read.line() + " has " + element.text() + ", which " + why
                                + ".",
                        view.read.line()));
            }
        }
    }

    private static void notAChain(String key, List<View> views, List<Finding> findings) {
        for (int i = 1; i < views.size() && findings.isEmpty(); i++) {
            View smaller = views.get(i - 1);
            View larger = views.get(i);
            for (Json element : smaller.elements) {
                if (!larger.elements.contains(element)) {
                    String sentence = in(key) + "the read at line " + larger.read.line() + " lacks " + element.text()
                            + ", which the read at line " + smaller.read.line()
                            + " has, and has others which that one lacks.";
                    findings.add(new Finding("not-a-chain", key, sentence, larger.read.line(), smaller.read.line()));
                    return;
                }
            }
        }
    }

    /** What must happen together, in the only order the reads allow: first what the smallest read has, last what no read has. */
    private static List<List<Operation>> groups(List<View> views, Map<Json, Operation> adds) {
        List<List<Operation>> groups = new ArrayList<>();
        Map<Json, Operation> unseen = new LinkedHashMap<>(adds);
        int size = -1;
        for (View view : views) {
            if (view.elements.size() > size) {
                groups.add(new ArrayList<>());
                size = view.elements.size();
            }
            for (Json element : view.elements) {
                Operation add = unseen.remove(element);
                if (add != null) {
                    groups.getLast().add(add);
                }
            }
            groups.getLast().add(view.read);
        }
        groups.add(unseen.values().stream().filter(Operation::ok).toList());
        return groups;
    }

    /** Nothing of a later group may have ended before something of an earlier group began. */
    private static void outOfTime(String key, List<List<Operation>> groups, List<Finding> findings) {
        Optional<Operation> lastBegun = Optional.empty();
        for (List<Operation> group : groups) {
            for (Operation late : group) {
                lastBegun
                        .filter(early -> late.completed() < early.invoked())
                        .ifPresent(early -> findings.add(outOfTime(key, early, late)));
            }
            lastBegun =
                    Stream.concat(lastBegun.stream(), group.stream()).max(Comparator.comparingInt(Operation::invoked));
        }
    }

    private static Finding outOfTime(String key, Operation early, Operation late) {
        String beginning = " ended at line " + late.completedLine() + ", before ";
        String sentence = in(key)
                + (late.f().equals("add") ? "the add of " + late.input().text() : "a read with more elements")
                + beginning
                + (early.f().equals("add")
                        ? "the add of " + early.input().text() + " began (line " + early.invokedLine()
                                + "), but reads show it as the later one."
                        : "the read at line " + early.line() + " began, which lacks "
                                + (late.f().equals("add") ? "it." : "some of them."));
        return new Finding(
                late.f().equals("add") && early.f().equals("read") ? "missing" : "stale",
                key,
                sentence,
                early.line(),
                late.line());
    }

    private static String in(String key) {
        return key.isEmpty() ? "In the set, " : "In set " + key + ", ";
    }
}
