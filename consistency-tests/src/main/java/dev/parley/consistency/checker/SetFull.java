package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.model.GrowingSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of each element of a set: stable (seen by every read from some time on), lost (known, and missing from the last read that began after that), or
 * never read. A set in which nothing became stable tells nothing, hence unknown. With {@code linearizable}, an element that a read lacked after it was known
 * makes the set invalid too, even when it came back.
 */
public final class SetFull implements Checker {
    private final boolean linearizable;

    public SetFull(boolean linearizable) {
        this.linearizable = linearizable;
    }

    @Override
    public Verdict check(History history, Limits limits) {
        Map<String, Map<Json, Fate>> keys = new LinkedHashMap<>();
        List<Finding> findings = new ArrayList<>();
        Operations.byKey(Operations.pair(history))
                .forEach((key, operations) -> keys.put(key, fates(key, operations, findings)));
        return verdict(keys, findings);
    }

    /** All that is known of one element; positions in the history, or -1. */
    private static final class Fate {
        private int known = -1;
        private int knownLine;
        private int present = -1;
        private int absent = -1;
        private int absentLine;

        boolean stable() {
            return present >= 0 && absent < present;
        }

        boolean lost() {
            return known >= 0 && absent >= 0 && present < absent && known < absent;
        }

        boolean stale() {
            return stable() && known >= 0 && absent > known;
        }
    }

    private static Map<Json, Fate> fates(String key, List<Operation> operations, List<Finding> findings) {
        Map<Json, Fate> fates = new LinkedHashMap<>();
        List<Operation> reads = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation.f().equals("add")) {
                Fate fate = fates.computeIfAbsent(operation.input(), element -> new Fate());
                if (operation.ok()) {
                    known(fate, operation);
                }
            } else if (operation.f().equals("read")) {
                if (operation.ok() && !operation.output().isNull()) {
                    reads.add(operation);
                }
            } else {
                throw new dev.parley.consistency.history.MalformedHistoryException(
                        "line " + operation.invokedLine() + ": the model set-full has no operation " + operation.f());
            }
        }
        reads.forEach(read -> look(key, read, fates, findings));
        return fates;
    }

    private static void known(Fate fate, Operation by) {
        if (fate.known < 0 || by.completed() < fate.known) {
            fate.known = by.completed();
            fate.knownLine = by.line();
        }
    }

    private static void look(String key, Operation read, Map<Json, Fate> fates, List<Finding> findings) {
        List<Json> elements = GrowingSet.elements(read);
        Set<Json> seen = new java.util.HashSet<>(elements);
        if (seen.size() < elements.size()) {
            findings.add(new Finding(
                    "duplicate", key, "The read at line " + read.line() + " has an element twice.", read.line()));
        }
        fates.forEach((element, fate) -> {
            if (seen.contains(element)) {
                known(fate, read);
                fate.present = Math.max(fate.present, read.invoked());
            } else if (read.invoked() > fate.absent) {
                fate.absent = read.invoked();
                fate.absentLine = read.line();
            }
        });
        seen.stream()
                .filter(element -> !fates.containsKey(element))
                .findFirst()
                .ifPresent(phantom -> findings.add(new Finding(
                        "phantom",
                        key,
                        "The read at line " + read.line() + " has " + phantom.text() + ", which nobody added.",
                        read.line())));
    }

    private Verdict verdict(Map<String, Map<Json, Fate>> keys, List<Finding> findings) {
        List<Json> lost = new ArrayList<>();
        List<Json> stale = new ArrayList<>();
        List<Json> neverRead = new ArrayList<>();
        long stable = 0;
        for (Map.Entry<String, Map<Json, Fate>> key : keys.entrySet()) {
            for (Map.Entry<Json, Fate> element : key.getValue().entrySet()) {
                Fate fate = element.getValue();
                if (fate.lost()) {
                    lost.add(element.getKey());
                    findings.add(finding("lost", key.getKey(), element.getKey(), fate));
                } else if (fate.stable()) {
                    stable++;
                    if (fate.stale()) {
                        stale.add(element.getKey());
                        if (linearizable) {
                            findings.add(finding("stale", key.getKey(), element.getKey(), fate));
                        }
                    }
                } else {
                    neverRead.add(element.getKey());
                }
            }
        }
        Map<String, Json> facts = new LinkedHashMap<>();
        facts.put("stable", Json.of(stable));
        facts.put("lost", new Json.Array(lost));
        facts.put("stale", new Json.Array(stale));
        facts.put("never_read", new Json.Array(neverRead));
        boolean empty = keys.values().stream().allMatch(Map::isEmpty);
        if (findings.isEmpty() && stable == 0 && !empty) {
            return new Verdict(
                    Answer.UNKNOWN, List.of(new Finding("no-evidence", "", "No element was seen to stay.")), facts);
        }
        return Verdict.of(findings, facts);
    }

    private static Finding finding(String kind, String key, Json element, Fate fate) {
        String back = kind.equals("lost") ? " and no later read has it." : "; it came back later.";
        return new Finding(
                kind,
                key,
                "Element " + element.text() + " was known from line " + fate.knownLine + " on, but the read at line "
                        + fate.absentLine + " lacks it" + back,
                fate.absentLine,
                fate.knownLine);
    }
}
