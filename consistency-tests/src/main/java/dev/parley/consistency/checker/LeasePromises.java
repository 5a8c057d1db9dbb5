package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.List;
import java.util.Map;

/** Whether no key died before its lease, and none outlived it, as each {@code live} tells by its client's own clock. */
public final class LeasePromises implements Checker {

    @Override
    public Verdict check(History history, Limits limits) {
        List<Operation> lives = Operations.pair(history).stream()
                .filter(operation -> operation.f().equals("live") && operation.ok())
                .toList();
        List<Finding> findings = lives.stream()
                .filter(life -> !life.output().equals(Json.of("as-promised")))
                .map(life -> new Finding(
                        life.output() instanceof Json.Text(String kind) ? kind : "malformed",
                        life.key(),
                        life.output().equals(Json.of("early"))
                                ? "A key was gone before the time of its lease was over."
                                : "A key was there although its lease had been ended.",
                        life.line()))
                .toList();
        return Verdict.of(findings, Map.of("lived", Json.of(lives.size())));
    }
}
