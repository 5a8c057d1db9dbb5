package dev.parley.consistency.model;

import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A bag with {@code enqueue} and {@code dequeue}; a dequeue returns any element that is in it. */
public final class UnorderedQueue implements Model {

    @Override
    public String name() {
        return "unordered-queue";
    }

    @Override
    public Spec compile(List<Operation> operations, long memoryBytes) {
        List<Operation> relevant = operations.stream()
                .filter(this::known)
                .filter(operation ->
                        operation.ok() || operation.unknown() && operation.f().equals("enqueue"))
                .toList();
        return new Compiled(relevant, memoryBytes);
    }

    private boolean known(Operation operation) {
        return switch (operation.f()) {
            case "enqueue", "dequeue" -> true;
            default -> throw Arguments.unknownOperation(name(), operation);
        };
    }

    @Override
    public String describe(Operation operation) {
        return operation.f() + " " + Arguments.text(Arguments.written(operation));
    }

    private static final class Compiled extends InternedSpec<Map<Json, Integer>> {

        Compiled(List<Operation> operations, long memoryBytes) {
            super(operations, Map.of(), memoryBytes);
        }

        @Override
        Optional<Map<Json, Integer>> next(Map<Json, Integer> state, Operation operation) {
            Json value = Arguments.written(operation);
            Map<Json, Integer> next = new HashMap<>(state);
            if (operation.f().equals("enqueue")) {
                next.merge(value, 1, Integer::sum);
                return Optional.of(next);
            }
            if (!state.containsKey(value)) {
                return Optional.empty();
            }
            next.computeIfPresent(value, (element, count) -> count == 1 ? null : count - 1);
            return Optional.of(next);
        }

        @Override
        long bytes(Map<Json, Integer> state) {
            return 64L * state.size();
        }

        @Override
        public boolean reads(int operation) {
            return false;
        }

        @Override
        public boolean blind(int operation) {
            return false;
        }

        @Override
        public String describe(int state) {
            return state(state).toString();
        }
    }
}
