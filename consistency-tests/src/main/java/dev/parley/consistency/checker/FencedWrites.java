package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether nothing was written under a fence that had passed on. Each {@code hold} tells the token it got and the
 * revisions of the writes that were accepted with it. Tokens are revisions, too, so there is nothing to search: a write
 * at revision r with token t is wrong exactly when r is not above t, or a token between t and r was granted.
 */
public final class FencedWrites implements Checker {

    @Override
    public Verdict check(History history, Limits limits) {
        List<Finding> findings = new ArrayList<>();
        long[] writes = {0};
        List<Operation> held = Operations.pair(history).stream()
                .filter(operation -> operation.f().equals("hold") && operation.ok())
                .toList();
        Operations.byKey(held).forEach((key, operations) -> {
            TreeMap<Long, Operation> grants = new TreeMap<>();
            for (Operation operation : operations) {
                Operation twice = grants.putIfAbsent(token(operation), operation);
                if (twice != null) {
                    findings.add(new Finding(
                            "token-twice",
                            key,
                            "Token " + token(operation) + " was given to two.",
                            operation.line(),
                            twice.line()));
                }
            }
            operations.forEach(operation -> {
                for (long revision : revisions(operation)) {
                    writes[0]++;
                    judge(key, operation, revision, grants, findings);
                }
            });
        });
        return Verdict.of(findings, Map.of("held", Json.of(held.size()), "written", Json.of(writes[0])));
    }

    private static void judge(
            String key, Operation operation, long revision, TreeMap<Long, Operation> grants, List<Finding> findings) {
        long token = token(operation);
        if (revision <= token) {
            findings.add(new Finding(
                    "before-its-grant",
                    key,
                    "A write with token " + token + " was accepted at revision " + revision + ".",
                    operation.line()));
            return;
        }
        Map.Entry<Long, Operation> next = grants.higherEntry(token);
        if (next != null && next.getKey() < revision) {
            findings.add(new Finding(
                    "overtaken",
                    key,
                    "A write with token " + token + " was accepted at revision " + revision + ", after token "
                            + next.getKey() + " had been granted.",
                    operation.line(),
                    next.getValue().line()));
        }
    }

    private static long token(Operation operation) {
        return operation.output() instanceof Json.Obj hold && hold.get("token") instanceof Json.Int(long token)
                ? token
                : 0;
    }

    private static List<Long> revisions(Operation operation) {
        return operation.output() instanceof Json.Obj hold
                        && hold.get("revisions") instanceof Json.Array(List<Json> all)
                ? all.stream()
                        .map(revision -> revision instanceof Json.Int(long number) ? number : 0L)
                        .toList()
                : List.of();
    }
}
