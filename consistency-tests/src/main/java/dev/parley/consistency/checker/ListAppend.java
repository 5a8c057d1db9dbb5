package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whether transactions of appends and reads are strictly serializable. Elements are unique, so a list tells the order of its writers; from the lists follow
 * the dependencies between transactions, and a cycle among them is a proof that no order exists. The anomalies have the names of Adya and of Elle.
 */
public final class ListAppend implements Checker {

    @Override
    public Verdict check(History history, Limits limits) {
        List<Transaction> transactions = new ArrayList<>();
        Operations.pairLeniently(history)
                .forEach(operation -> transactions.add(Transaction.of(transactions.size(), operation)));
        Lists lists = new Lists(transactions);
        if (!lists.appendedTwice().isEmpty()) {
            return Verdict.unknown(lists.appendedTwice().getFirst());
        }
        List<Finding> findings = new ArrayList<>(new ReadAnomalies(transactions, lists).find());
        long deadline = System.nanoTime() + limits.time().toNanos();
        Cycles.Outcome cycles =
                new Cycles(Dependencies.of(transactions, lists), () -> System.nanoTime() - deadline > 0).find();
        findings.addAll(cycles.findings());
        findings.sort(Comparator.comparingInt(finding -> finding.lines().getFirst()));
        Map<String, Json> facts = new LinkedHashMap<>();
        facts.put("transactions", Json.of(transactions.size()));
        facts.put(
                "anomalies",
                new Json.Array(findings.stream()
                        .map(Finding::kind)
                        .distinct()
                        .sorted()
                        .map(Json::of)
                        .collect(Collectors.toList())));
        if (findings.isEmpty() && !cycles.complete()) {
            return new Verdict(
                    Answer.UNKNOWN,
                    List.of(new Finding("out-of-time", "", "The search for cycles did not end in time.")),
                    facts);
        }
        return Verdict.of(findings, facts);
    }
}
