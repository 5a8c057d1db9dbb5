package dev.parley.consistency.model;

import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A set with {@code add}, {@code remove} and {@code read}. A read that returns {@code null} saw something the history does not tell. */
public final class GrowingSet implements Model {

    @Override
    public String name() {
        return "set";
    }

    @Override
    public Spec compile(List<Operation> operations, long memoryBytes) {
        List<Operation> relevant = operations.stream()
                .filter(this::known)
                .filter(GrowingSet::constrains)
                .toList();
        return new Compiled(relevant, memoryBytes);
    }

    private boolean known(Operation operation) {
        return switch (operation.f()) {
            case "add", "remove", "read" -> true;
            default -> throw Arguments.unknownOperation(name(), operation);
        };
    }

    private static boolean constrains(Operation operation) {
        return operation.f().equals("read")
                ? operation.ok() && !operation.output().isNull()
                : !operation.failed();
    }

    @Override
    public String describe(Operation operation) {
        Json value = operation.f().equals("read") ? operation.output() : Arguments.written(operation);
        return operation.f() + " " + Arguments.text(value);
    }

    /** The elements of a read, in the order it gave them. */
    public static List<Json> elements(Operation read) {
        if (read.output() instanceof Json.Array elements) {
            return elements.items();
        }
        throw new MalformedHistoryException("line " + read.line() + ": the value of a read is a list, not "
                + read.output().text());
    }

    private static final class Compiled extends InternedSpec<Set<Json>> {

        Compiled(List<Operation> operations, long memoryBytes) {
            super(operations, Set.of(), memoryBytes);
        }

        @Override
        Optional<Set<Json>> next(Set<Json> state, Operation operation) {
            return switch (operation.f()) {
                case "read" -> {
                    List<Json> elements = elements(operation);
                    yield elements.size() == state.size() && state.equals(new HashSet<>(elements))
                            ? Optional.of(state)
                            : Optional.empty();
                }
                case "add" -> {
                    Set<Json> more = new HashSet<>(state);
                    more.add(Arguments.written(operation));
                    yield Optional.of(more);
                }
                default -> {
                    Set<Json> less = new HashSet<>(state);
                    less.remove(Arguments.written(operation));
                    yield Optional.of(less);
                }
            };
        }

        @Override
        Json observed(Operation operation) {
            return operation.f().equals("read") ? operation.output() : Json.NULL;
        }

        @Override
        long bytes(Set<Json> state) {
            return 48L * state.size();
        }

        @Override
        public boolean reads(int operation) {
            return operations().get(operation).f().equals("read");
        }

        @Override
        public boolean blind(int operation) {
            return false;
        }

        @Override
        public String describe(int state) {
            return Arguments.text(new Json.Array(List.copyOf(state(state))));
        }
    }
}
