package dev.parley.consistency.model;

import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A string under each key, at first empty: {@code get}, {@code put}, and {@code append}, which concatenates. */
public final class KeyValue implements Model {

    @Override
    public String name() {
        return "kv";
    }

    @Override
    public Spec compile(List<Operation> operations, long memoryBytes) {
        List<Operation> relevant = operations.stream()
                .filter(this::known)
                .filter(operation ->
                        operation.ok() || operation.unknown() && !operation.f().equals("get"))
                .toList();
        return new Compiled(relevant, memoryBytes);
    }

    private boolean known(Operation operation) {
        return switch (operation.f()) {
            case "get", "put", "append" -> true;
            default -> throw Arguments.unknownOperation(name(), operation);
        };
    }

    @Override
    public String describe(Operation operation) {
        Json value = operation.f().equals("get") ? Json.of(found(operation)) : Arguments.written(operation);
        return operation.f() + " " + Arguments.text(value);
    }

    private static String found(Operation get) {
        return get.output().isNull() ? "" : string(get, get.output());
    }

    private static String string(Operation operation, Json value) {
        return switch (value) {
            case Json.Text(String text) -> text;
            case Json.Int number -> number.text();
            case Json.Decimal number -> number.text();
            case Json.Null() -> "";
            case Json.Bool wrong -> throw notAString(operation, wrong);
            case Json.Array wrong -> throw notAString(operation, wrong);
            case Json.Obj wrong -> throw notAString(operation, wrong);
        };
    }

    private static MalformedHistoryException notAString(Operation operation, Json value) {
        return new MalformedHistoryException(
                "line " + operation.line() + ": the value of a " + operation.f() + " is a string, not " + value.text());
    }

    /**
     * Strings that begin no string anybody got are one state, {@link #LOST}: appending to them leads to no string that anybody got either. This keeps the
     * states as few as the prefixes of the answers.
     */
    private static final class Compiled extends InternedSpec<String> {
        private static final String LOST = "\u0000lost";

        private final TreeSet<String> answers = new TreeSet<>();

        Compiled(List<Operation> operations, long memoryBytes) {
            super(operations, "", memoryBytes);
            operations.stream()
                    .filter(operation -> operation.f().equals("get"))
                    .forEach(get -> answers.add(found(get)));
        }

        @Override
        Optional<String> next(String state, Operation operation) {
            return switch (operation.f()) {
                case "get" -> state.equals(found(operation)) ? Optional.of(state) : Optional.empty();
                case "put" -> Optional.of(known(string(operation, Arguments.written(operation))));
                default ->
                    Optional.of(
                            state.equals(LOST) ? LOST : known(state + string(operation, Arguments.written(operation))));
            };
        }

        @Override
        Json observed(Operation operation) {
            return operation.f().equals("get") ? operation.output() : Json.NULL;
        }

        private String known(String state) {
            String answer = answers.ceiling(state);
            return answer != null && answer.startsWith(state) ? state : LOST;
        }

        @Override
        long bytes(String state) {
            return 2L * state.length();
        }

        @Override
        public boolean reads(int operation) {
            return operations().get(operation).f().equals("get");
        }

        @Override
        public boolean blind(int operation) {
            return operations().get(operation).f().equals("put");
        }

        @Override
        public boolean sterile(int state) {
            return state(state).equals(LOST);
        }

        @Override
        public String describe(int state) {
            return sterile(state) ? "a string nobody got" : Arguments.text(Json.of(state(state)));
        }
    }
}
