package dev.parley.consistency.model;

import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Says why a register cannot have held the value that somebody found in it. */
final class ReadCause {
    private final Json initial;
    private final List<Operation> operations;

    ReadCause(Json initial, List<Operation> operations) {
        this.initial = initial;
        this.operations = operations;
    }

    String of(Operation reader) {
        Json value = Register.expected(reader).orElseThrow();
        String found = Arguments.text(value);
        List<Operation> writers = operations.stream()
                .filter(operation -> !operation.f().equals("read")
                        && operation.id() != reader.id()
                        && Register.left(operation).equals(value))
                .toList();
        List<Operation> real =
                writers.stream().filter(operation -> !operation.failed()).toList();
        if (real.isEmpty() && !value.equals(initial)) {
            return writers.isEmpty()
                    ? found + " was never written"
                    : found + " was written only by an operation that failed (line "
                            + writers.getFirst().line() + ")";
        }
        List<Operation> possible = real.stream()
                .filter(operation -> operation.invoked() < reader.completed())
                .toList();
        if (possible.isEmpty() && !value.equals(initial)) {
            return "the write of " + found + " (line " + real.getFirst().invokedLine()
                    + ") began only after it was read";
        }
        return overwritten(reader, value, possible)
                .orElse("no order of the overlapping operations leaves " + found + " in that moment");
    }

    /** The write between the last source of the value and the read, when there is one that touches neither. */
    private Optional<String> overwritten(Operation reader, Json value, List<Operation> sources) {
        int sourcesEnd = sources.stream().mapToInt(Operation::completed).max().orElse(Operation.UNKNOWN_START);
        return operations.stream()
                .filter(operation -> operation.ok() && !operation.f().equals("read"))
                .filter(operation -> !Register.left(operation).equals(value))
                .filter(operation -> operation.invoked() > sourcesEnd && operation.completed() < reader.invoked())
                .max(Comparator.comparingInt(Operation::completed))
                .map(last -> "it is stale: the " + last.f() + " that left " + Arguments.text(Register.left(last))
                        + " (lines " + last.invokedLine() + " to " + last.completedLine()
                        + ") came after every write of " + Arguments.text(value) + " and ended before this began");
    }
}
