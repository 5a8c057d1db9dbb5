package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.model.GrowingSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a chat keeps its word: each node's history at the end has every acknowledged message once, none that was refused,
 * and all nodes have the same in the same order. Reads in between may be behind, but show nothing twice.
 */
public final class ChatHistories implements Checker {

    @Override
    public Verdict check(History history, Limits limits) {
        return Operations.byKey(Operations.pair(history)).entrySet().stream()
                .map(room -> new Room(room.getKey()).check(room.getValue()))
                .reduce(Verdict.valid(), Verdict::and);
    }

    private static final class Room {
        private final String name;
        private final Map<Json, Operation> posts = new LinkedHashMap<>();
        private final List<Operation> reads = new ArrayList<>();
        private final List<Operation> last = new ArrayList<>();
        private final List<Finding> findings = new ArrayList<>();

        Room(String name) {
            this.name = name;
        }

        Verdict check(List<Operation> operations) {
            for (Operation operation : operations) {
                switch (operation.f()) {
                    case "post" -> posts.put(operation.input(), operation);
                    case "read" -> reads.add(operation);
                    case "history" -> last.add(operation);
                    default ->
                        throw new MalformedHistoryException("line " + operation.invokedLine()
                                + ": the model chat has no operation " + operation.f());
                }
            }
            reads.stream().filter(Operation::ok).forEach(this::possible);
            List<Operation> shown = last.stream().filter(Operation::ok).toList();
            if (shown.isEmpty()) {
                return Verdict.unknown(new Finding("no-evidence", name, "The room was never read at the end."));
            }
            shown.forEach(this::possible);
            shown.forEach(this::complete);
            shown.forEach(read -> sameAs(shown.getFirst(), read));
            long acknowledged = posts.values().stream().filter(Operation::ok).count();
            return Verdict.of(
                    findings,
                    Map.of("acknowledged-" + name, Json.of(acknowledged), "read-" + name, Json.of(shown.size())));
        }

        /** Nothing twice, nothing that was refused or never sent. */
        private void possible(Operation read) {
            Set<Json> seen = new HashSet<>();
            for (Json message : GrowingSet.elements(read)) {
                if (!seen.add(message)) {
                    find("twice", "shows message " + message.text() + " twice", read);
                }
                Operation post = posts.get(message);
                if (post == null || post.failed()) {
                    find("unexpected", "shows message " + message.text() + ", which was never posted or refused", read);
                }
            }
        }

        private void complete(Operation read) {
            Set<Json> seen = new HashSet<>(GrowingSet.elements(read));
            posts.forEach((message, post) -> {
                if (post.ok() && !seen.contains(message)) {
                    findings.add(new Finding(
                            "lost",
                            name,
                            "The history at line " + read.line() + " lacks message " + message.text()
                                    + ", acknowledged at line " + post.line() + ".",
                            read.line(),
                            post.line()));
                }
            });
        }

        private void sameAs(Operation first, Operation read) {
            if (!GrowingSet.elements(first).equals(GrowingSet.elements(read))) {
                findings.add(new Finding(
                        "diverged",
                        name,
                        "The histories at lines " + first.line() + " and " + read.line()
                                + " are not the same messages in the same order.",
                        read.line(),
                        first.line()));
            }
        }

        private void find(String kind, String what, Operation read) {
            findings.add(new Finding(kind, name, "The read at line " + read.line() + " " + what + ".", read.line()));
        }
    }
}
