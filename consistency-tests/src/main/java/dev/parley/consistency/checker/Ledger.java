package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether ledgers keep what they promise. Operations are {@code append} of an element, completed with its {@code entry}
 * {@code {sequence, stamp, hash, element}}; {@code read} of all entries; and {@code prove}, with a root beside it.
 */
public final class Ledger implements Checker {

    @Override
    public Verdict check(History history, Limits limits) {
        Map<String, Judge> judges = new LinkedHashMap<>();
        for (Operation operation : Operations.pair(history)) {
            judges.computeIfAbsent(operation.key(), Judge::new).take(operation);
        }
        List<Finding> findings = new ArrayList<>();
        long entries = 0;
        for (Judge judge : judges.values()) {
            findings.addAll(judge.findings());
            entries += judge.known.size();
        }
        return Verdict.of(findings, Map.of("ledgers", Json.of(judges.size()), "entries", Json.of(entries)));
    }

    /** An entry as somebody was shown it. */
    private record Seen(Json entry, int line) {}

    private static final class Judge {
        private final String ledger;
        private final Map<Long, Seen> known = new HashMap<>();
        private final Map<Long, Seen> roots = new HashMap<>();
        private final Map<Json, Operation> refused = new HashMap<>();
        private final List<Operation> appends = new ArrayList<>();
        private final List<Operation> reads = new ArrayList<>();
        private final List<Finding> findings = new ArrayList<>();

        Judge(String ledger) {
            this.ledger = ledger;
        }

        void take(Operation operation) {
            switch (operation.f()) {
                case "append" -> takeAppend(operation);
                case "read" -> takeRead(operation);
                case "prove" -> takeProof(operation);
                default ->
                    throw new dev.parley.consistency.history.MalformedHistoryException(
                            "line " + operation.line() + ": a ledger has no operation " + operation.f());
            }
        }

        private void takeAppend(Operation append) {
            if (append.failed()) {
                refused.put(append.input(), append);
            }
            if (append.ok()) {
                appends.add(append);
                look(append.result().get("entry"), append.line());
            }
        }

        private void takeRead(Operation read) {
            if (!read.ok() || !(read.output() instanceof Json.Array(List<Json> entries))) {
                return;
            }
            reads.add(read);
            long expected = 1;
            long stamp = 0;
            for (Json entry : entries) {
                long sequence = number(entry, "sequence");
                if (sequence != expected) {
                    find("gap", "Entry " + sequence + " stands where " + expected + " belongs.", read.line());
                    return;
                }
                if (number(entry, "stamp") <= stamp) {
                    find("stamp", "The stamp of entry " + sequence + " is not above the one before.", read.line());
                }
                stamp = number(entry, "stamp");
                look(entry, read.line());
                expected++;
            }
        }

        private void takeProof(Operation proof) {
            if (!proof.ok() || proof.output().isNull()) {
                return;
            }
            if (!member(proof.output(), "holds").equals(Json.of(true))) {
                find(
                        "unproven",
                        "The proof of entry " + number(proof.output(), "sequence") + " does not hold.",
                        proof.line());
            }
            root(number(proof.output(), "count"), member(proof.output(), "root"), proof.line());
            root(number(proof.output(), "shown_count"), member(proof.output(), "shown_root"), proof.line());
            Seen seen = known.get(number(proof.output(), "sequence"));
            if (seen != null && !member(seen.entry(), "hash").equals(member(proof.output(), "hash"))) {
                find("changed", "The proof is of another entry than was shown before.", proof.line(), seen.line());
            }
        }

        private void root(long count, Json root, int line) {
            Seen before = roots.putIfAbsent(count, new Seen(root, line));
            if (before != null && !before.entry().equals(root)) {
                find("two-roots", "With " + count + " entries there were two roots.", line, before.line());
            }
        }

        /** Whoever sees an entry sees the same one. */
        private void look(Json entry, int line) {
            long sequence = number(entry, "sequence");
            Seen before = known.putIfAbsent(sequence, new Seen(entry, line));
            if (before != null && !before.entry().equals(entry)) {
                find("changed", "Entry " + sequence + " is not what it was.", line, before.line());
            }
        }

        List<Finding> findings() {
            for (Operation read : reads) {
                lookForMissing(read);
                lookForRefused(read);
            }
            lookAtOrder();
            return findings;
        }

        private void lookForMissing(Operation read) {
            int length = ((Json.Array) read.output()).items().size();
            for (Operation append : appends) {
                boolean before = append.completed() < read.invoked();
                long sequence = number(append.result().get("entry"), "sequence");
                if (before && sequence > length) {
                    find(
                            "missing",
                            "Entry " + sequence + " was acknowledged and is not there.",
                            read.line(),
                            append.line());
                    return;
                }
            }
        }

        private void lookForRefused(Operation read) {
            for (Json entry : ((Json.Array) read.output()).items()) {
                Operation append = refused.get(member(entry, "element"));
                if (append != null) {
                    find("applied", "An entry is there although its append was refused.", read.line(), append.line());
                    return;
                }
            }
        }

        /** Of two appends of which one was over when the other began, the later one has the higher sequence. */
        private void lookAtOrder() {
            List<Operation> byEnd = appends.stream()
                    .sorted(java.util.Comparator.comparing(Operation::completed))
                    .toList();
            List<Operation> byStart = appends.stream()
                    .sorted(java.util.Comparator.comparing(Operation::invoked))
                    .toList();
            int ended = 0;
            Operation highest = null;
            for (Operation append : byStart) {
                while (ended < byEnd.size() && byEnd.get(ended).completed() < append.invoked()) {
                    Operation earlier = byEnd.get(ended++);
                    highest = highest == null || sequence(earlier) > sequence(highest) ? earlier : highest;
                }
                if (highest != null && sequence(highest) >= sequence(append)) {
                    find("out-of-order", "A later append has a lower sequence.", append.line(), highest.line());
                    return;
                }
            }
        }

        private static long sequence(Operation append) {
            return number(append.result().get("entry"), "sequence");
        }

        private void find(String kind, String sentence, int... lines) {
            findings.add(new Finding(kind, ledger, sentence, lines));
        }

        private static Json member(Json json, String name) {
            return json instanceof Json.Obj object ? object.get(name) : Json.NULL;
        }

        private static long number(Json json, String name) {
            return member(json, name) instanceof Json.Int(long number) ? number : -1;
        }
    }
}
