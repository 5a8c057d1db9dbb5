package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether every election had one leader at a time and everybody heard of the same ones in the same order. Each {@code hold}
 * tells the token of an office and what was written in it, which {@link FencedWrites} judges; each {@code leader} who was
 * seen to lead. Tokens rise, so in real time no reader may see an earlier one than another did before it began, nor one
 * whose holder had resigned, nor a name that is not the one the token was given to.
 */
public final class Elections implements Checker {
    /** An event in the life of an election: from here on no leader with a lower token may be seen. */
    private record Bound(int position, long token) {}

    @Override
    public Verdict check(History history, Limits limits) {
        List<Finding> findings = new ArrayList<>();
        List<Operation> done =
                Operations.pair(history).stream().filter(Operation::ok).toList();
        Operations.byKey(done).forEach((key, operations) -> judge(key, operations, findings));
        long seen = done.stream()
                .filter(operation -> operation.f().equals("leader") && token(operation) > 0)
                .count();
        return new FencedWrites().check(history, limits).and(Verdict.of(findings, Map.of("seen", Json.of(seen))));
    }

    private static void judge(String key, List<Operation> operations, List<Finding> findings) {
        Map<Long, Operation> named = new HashMap<>();
        List<Bound> bounds = new ArrayList<>();
        for (Operation operation : operations) {
            long token = token(operation);
            if (token == 0) {
                continue;
            }
            Operation other = named.putIfAbsent(token, operation);
            if (other != null && !candidate(other).equals(candidate(operation))) {
                findings.add(new Finding(
                        "two-leaders",
                        key,
                        "Token " + token + " was " + candidate(other).text() + "'s and "
                                + candidate(operation).text() + "'s.",
                        operation.line(),
                        other.line()));
            }
            bounds.add(new Bound(operation.completed(), resigned(operation) ? token + 1 : token));
        }
        bounds.sort(Comparator.comparingInt(Bound::position));
        List<Operation> reads = operations.stream()
                .filter(operation -> operation.f().equals("leader") && token(operation) > 0)
                .sorted(Comparator.comparingInt(Operation::invoked))
                .toList();
        long lowest = 0;
        int next = 0;
        for (Operation read : reads) {
            for (; next < bounds.size() && bounds.get(next).position() < read.invoked(); next++) {
                lowest = Math.max(lowest, bounds.get(next).token());
            }
            if (token(read) < lowest) {
                findings.add(new Finding(
                        "former-leader",
                        key,
                        "Token " + token(read) + " was seen to lead when only " + lowest + " and later ones could.",
                        read.line()));
            }
        }
    }

    private static long token(Operation operation) {
        return operation.output() instanceof Json.Obj office && office.get("token") instanceof Json.Int(long token)
                ? token
                : 0;
    }

    private static Json candidate(Operation operation) {
        return operation.output() instanceof Json.Obj office ? office.get("candidate") : Json.NULL;
    }

    private static boolean resigned(Operation operation) {
        return operation.output() instanceof Json.Obj office && Json.of(true).equals(office.get("resigned"));
    }
}
