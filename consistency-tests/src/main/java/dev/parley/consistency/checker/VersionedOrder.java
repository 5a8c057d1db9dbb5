package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The linear-time check for histories in which every answer names the revision it reflects: field {@code revision}, of a write the one it made, of a read the
 * one that wrote what it found, 0 for nothing. Then the order is given, and it remains to see that the order is one of time and that every read found what was
 * written there. It trusts the revisions, so it stands beside the search and does not replace it.
 */
public final class VersionedOrder implements Checker {

    @Override
    public Verdict check(History history, Limits limits) {
        List<Finding> findings = new ArrayList<>();
        long judged = 0;
        for (Map.Entry<String, List<Operation>> key :
                Operations.byKey(Operations.pair(history)).entrySet()) {
            List<Operation> known = key.getValue().stream()
                    .filter(Operation::ok)
                    .filter(operation -> revision(operation) >= 0)
                    .toList();
            judged += known.size();
            values(key.getKey(), key.getValue(), known, findings);
            order(key.getKey(), known, findings);
        }
        findings.sort(Comparator.comparingInt(finding -> finding.lines().getFirst()));
        return Verdict.of(findings, Map.of("judged_by_revision", Json.of(judged)));
    }

    private static long revision(Operation operation) {
        return operation.result().get("revision") instanceof Json.Int(long revision) ? revision : -1;
    }

    private static boolean reads(Operation operation) {
        return operation.f().equals("read");
    }

    private static Json left(Operation operation) {
        return switch (operation.f()) {
            case "write" -> operation.input();
            case "delete" -> Json.NULL;
            case "cas" -> {
                if (operation.input() instanceof Json.Array pair && pair.items().size() == 2) {
                    yield pair.items().get(1);
                }
                throw new MalformedHistoryException(
                        "line " + operation.invokedLine() + ": the value of a cas is [from, to], not "
                                + operation.input().text());
            }
            default ->
                throw new MalformedHistoryException(
                        "line " + operation.invokedLine() + ": a versioned register has no operation " + operation.f());
        };
    }

    private static void values(String key, List<Operation> all, List<Operation> known, List<Finding> findings) {
        Map<Long, Operation> writers = new HashMap<>();
        for (Operation write : known) {
            if (!reads(write)) {
                Operation other = writers.putIfAbsent(revision(write), write);
                if (other != null) {
                    findings.add(new Finding(
                            "revision-twice",
                            key,
                            "Key " + key + ": two writes have revision " + revision(write) + ".",
                            write.line(),
                            other.line()));
                }
            }
        }
        for (Operation read : known) {
            if (reads(read)) {
                wrongValue(key, all, read, writers.get(revision(read)), findings);
            }
        }
    }

    private static void wrongValue(
            String key, List<Operation> all, Operation read, Operation writer, List<Finding> findings) {
        String found = "Key " + key + ": process " + read.process() + " read "
                + read.output().text() + " at revision " + revision(read);
        if (revision(read) == 0) {
            if (!read.output().isNull()) {
                findings.add(new Finding("wrong-value", key, found + ", where nothing was written.", read.line()));
            }
        } else if (writer != null) {
            if (!left(writer).equals(read.output())) {
                findings.add(new Finding(
                        "wrong-value",
                        key,
                        found + ", where " + left(writer).text() + " was written.",
                        read.line(),
                        writer.line()));
            }
        } else if (!read.output().isNull() && all.stream().noneMatch(doubtful -> couldHaveWritten(doubtful, read))) {
            findings.add(
                    new Finding("phantom-value", key, found + ", which no operation can have written.", read.line()));
        }
    }

    private static boolean couldHaveWritten(Operation operation, Operation read) {
        return !reads(operation)
                && (operation.unknown() || operation.ok() && revision(operation) < 0)
                && left(operation).equals(read.output());
    }

    /** Nothing may lie before what had ended when it began; a write must lie behind it. */
    private static void order(String key, List<Operation> known, List<Finding> findings) {
        List<Operation> byEnd = known.stream()
                .sorted(Comparator.comparingInt(Operation::completed))
                .toList();
        List<Operation> byBeginning = known.stream()
                .sorted(Comparator.comparingInt(Operation::invoked))
                .toList();
        int ended = 0;
        long newest = -1;
        Operation newestBy = null;
        for (Operation operation : byBeginning) {
            for (; ended < byEnd.size() && byEnd.get(ended).completed() < operation.invoked(); ended++) {
                if (revision(byEnd.get(ended)) > newest) {
                    newestBy = byEnd.get(ended);
                    newest = revision(newestBy);
                }
            }
            boolean early = reads(operation) ? revision(operation) < newest : revision(operation) <= newest;
            if (early && newestBy != null) {
                findings.add(new Finding(
                        "out-of-order",
                        key,
                        "Key " + key + ": process " + operation.process() + "'s " + operation.f() + " (line "
                                + operation.line() + ") is at revision "
                                + revision(operation) + ", but revision " + newest + " had been seen at line "
                                + newestBy.line() + ", before it began at line "
                                + operation.invokedLine() + ".",
                        operation.line(),
                        newestBy.line()));
            }
        }
    }
}
