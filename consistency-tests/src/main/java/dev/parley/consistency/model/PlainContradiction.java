package dev.parley.consistency.model;

import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds reads of a register that need no search to be refuted: of a value that nobody can have written yet, or of one that was surely overwritten, because
 * another write began after every write of it had ended, and had itself ended when the read began.
 */
final class PlainContradiction {
    private final Json initial;
    private final List<Operation> operations;
    private final Map<Json, Integer> firstWriteBegins = new HashMap<>();
    private final Map<Json, Integer> lastWriteEnds = new HashMap<>();
    /** By the end of a write: the latest beginning of the writes that had ended by then. */
    private final TreeMap<Integer, Integer> latestBeginning = new TreeMap<>();

    PlainContradiction(Json initial, List<Operation> operations) {
        this.initial = initial;
        this.operations = operations;
        operations.stream().filter(PlainContradiction::writes).forEach(this::index);
        int latest = Operation.UNKNOWN_START;
        for (Map.Entry<Integer, Integer> end : latestBeginning.entrySet()) {
            latest = Math.max(latest, end.getValue());
            end.setValue(latest);
        }
    }

    private static boolean writes(Operation operation) {
        return !operation.failed() && !operation.f().equals("read");
    }

    private void index(Operation write) {
        Json value = Register.left(write);
        firstWriteBegins.merge(value, write.invoked(), Math::min);
        lastWriteEnds.merge(value, write.completed(), Math::max);
        if (write.ok()) {
            latestBeginning.merge(write.completed(), write.invoked(), Math::max);
        }
    }

    Optional<Operation> find() {
        return operations.stream()
                .filter(Operation::ok)
                .filter(operation -> Register.expected(operation)
                        .filter(value -> impossible(operation, value))
                        .isPresent())
                .min(Comparator.comparingInt(Operation::completed));
    }

    private boolean impossible(Operation reader, Json value) {
        boolean couldBeThere =
                value.equals(initial) || firstWriteBegins.getOrDefault(value, Operation.NEVER) < reader.completed();
        if (!couldBeThere) {
            return true;
        }
        Map.Entry<Integer, Integer> overwritten = latestBeginning.lowerEntry(reader.invoked());
        return overwritten != null
                && overwritten.getValue() > lastWriteEnds.getOrDefault(value, Operation.UNKNOWN_START);
    }
}
