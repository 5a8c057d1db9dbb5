package dev.parley.consistency.history;

import dev.parley.consistency.history.Operation.Outcome;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pairs the events of a history into operations. Faults are left out. */
public final class Operations {
    private static final Json.Obj NOTHING = new Json.Obj(Map.of());

    private Operations() {}

    /**
     * Every invocation with its completion. An operation whose process goes on without completing it stays open for ever: that is the reading that blames
     * nobody. An {@code info} line that completes nothing is a remark and is left out.
     *
     * @throws MalformedHistoryException when a process completes an operation it did not begin
     */
    public static List<Operation> pair(History history) {
        return pair(history, false);
    }

    /** As {@link #pair(History)}, but an {@code ok} or {@code fail} without an invocation is an operation that began at some unknown earlier time. */
    public static List<Operation> pairLeniently(History history) {
        return pair(history, true);
    }

    private static List<Operation> pair(History history, boolean lenient) {
        List<Operation> operations = new ArrayList<>();
        Map<String, Integer> open = new HashMap<>();
        for (Event event : history.events()) {
            if (event.isFault()) {
                continue;
            }
            if (event.type() == Event.Type.INVOKE) {
                open.put(event.process(), operations.size());
                operations.add(opened(operations.size(), event));
                continue;
            }
            Integer id = open.get(event.process());
            boolean sameOperation = id != null && operations.get(id).f().equals(event.f());
            if (sameOperation) {
                open.remove(event.process());
                operations.set(id, completed(history, operations.get(id), event));
            } else if (event.type() != Event.Type.INFO) {
                if (!lenient) {
                    throw new MalformedHistoryException(
                            history.source(),
                            event.line(),
                            "process " + event.process() + " completes a " + event.f() + " it did not begin");
                }
                operations.add(alone(operations.size(), event));
            }
        }
        return operations;
    }

    /** The operations of each key, keys in the order of their first operation. */
    public static Map<String, List<Operation>> byKey(List<Operation> operations) {
        Map<String, List<Operation>> keys = new LinkedHashMap<>();
        for (Operation operation : operations) {
            keys.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
        }
        return keys;
    }

    private static Operation opened(int id, Event e) {
        return new Operation(
                id,
                e.process(),
                e.f(),
                e.key(),
                e.value(),
                Outcome.UNKNOWN,
                Json.NULL,
                e.position(),
                Operation.NEVER,
                e.line(),
                0,
                e.timeNanos(),
                -1,
                NOTHING);
    }

    private static Operation alone(int id, Event e) {
        return new Operation(
                id,
                e.process(),
                e.f(),
                e.key(),
                e.value(),
                outcome(e),
                e.value(),
                Operation.UNKNOWN_START,
                e.position(),
                0,
                e.line(),
                -1,
                e.timeNanos(),
                e.fields());
    }

    private static Operation completed(History history, Operation begun, Event end) {
        String key = !end.fields().get("key").isNull() ? end.key() : begun.key();
        if (!key.equals(begun.key())) {
            throw new MalformedHistoryException(
                    history.source(),
                    end.line(),
                    "process " + end.process() + " began a " + end.f() + " of key " + begun.key()
                            + " and completes one of " + key);
        }
        int completed = end.type() == Event.Type.INFO ? Operation.NEVER : end.position();
        return new Operation(
                begun.id(),
                begun.process(),
                begun.f(),
                begun.key(),
                begun.input(),
                outcome(end),
                end.value(),
                begun.invoked(),
                completed,
                begun.invokedLine(),
                end.line(),
                begun.invokedNanos(),
                end.timeNanos(),
                end.fields());
    }

    private static Outcome outcome(Event completion) {
        return switch (completion.type()) {
            case OK -> Outcome.OK;
            case FAIL -> Outcome.FAILED;
            case INFO -> Outcome.UNKNOWN;
            case INVOKE -> throw new IllegalArgumentException("an invocation completes nothing");
        };
    }
}
