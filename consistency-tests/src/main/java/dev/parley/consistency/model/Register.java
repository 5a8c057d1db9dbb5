package dev.parley.consistency.model;

import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A register with {@code read}, {@code write} and {@code cas}. A {@code null} is the register without a value. */
public final class Register implements Model {
    private final String name;
    private final Json initial;

    /** A register that begins without a value. */
    public Register() {
        this("cas-register", Json.NULL);
    }

    public Register(String name, Json initial) {
        this.name = name;
        this.initial = initial;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Spec compile(List<Operation> operations, long memoryBytes) {
        operations.forEach(this::validate);
        return new Compiled(relevant(operations));
    }

    @Override
    public String describe(Operation operation) {
        return switch (operation.f()) {
            case "read" -> "read " + Arguments.text(operation.output());
            case "write" -> "write of " + Arguments.text(Arguments.written(operation));
            default -> {
                Json.Array pair = Arguments.pair(operation);
                yield "cas from " + Arguments.text(pair.items().get(0)) + " to "
                        + Arguments.text(pair.items().get(1));
            }
        };
    }

    @Override
    public Optional<String> cause(Operation misfit, List<Operation> operations) {
        if (misfit.f().equals("write")) {
            return Optional.empty();
        }
        return Optional.of(new ReadCause(initial, operations).of(misfit));
    }

    @Override
    public Optional<Operation> contradiction(List<Operation> operations) {
        return new PlainContradiction(initial, operations).find();
    }

    private void validate(Operation operation) {
        switch (operation.f()) {
            case "read", "write" -> {}
            case "cas" -> {
                if (!operation.failed()) {
                    Arguments.pair(operation);
                }
            }
            default -> throw Arguments.unknownOperation(name, operation);
        }
    }

    /** Without operations that did not happen, reads without a result, and doubtful writes of values nobody saw: none of them can forbid or explain anything. */
    private static List<Operation> relevant(List<Operation> operations) {
        List<Operation> kept = new ArrayList<>(operations);
        kept.removeIf(operation ->
                operation.failed() || operation.unknown() && operation.f().equals("read"));
        boolean changed = true;
        while (changed) {
            Set<Json> seen = new HashSet<>();
            kept.forEach(operation -> expected(operation).ifPresent(seen::add));
            changed = kept.removeIf(operation -> operation.unknown() && !seen.contains(left(operation)));
        }
        return kept;
    }

    /** The value the operation must find. */
    static Optional<Json> expected(Operation operation) {
        return switch (operation.f()) {
            case "read" -> Optional.of(operation.output());
            case "cas" -> Optional.of(Arguments.pair(operation).items().get(0));
            default -> Optional.empty();
        };
    }

    /** The value a write or cas leaves. */
    static Json left(Operation operation) {
        return operation.f().equals("cas") ? Arguments.pair(operation).items().get(1) : Arguments.written(operation);
    }

    private final class Compiled implements Spec {
        private static final int NONE = -1;

        private final List<Operation> operations;
        private final Map<Json, Integer> numbers = new HashMap<>();
        private final List<Json> values = new ArrayList<>();
        private final int[] expects;
        private final int[] leaves;
        private final int[] kinds;

        Compiled(List<Operation> operations) {
            this.operations = operations;
            this.expects = new int[operations.size()];
            this.leaves = new int[operations.size()];
            this.kinds = new int[operations.size()];
            number(initial);
            Map<Long, Integer> kindNumbers = new HashMap<>();
            for (int i = 0; i < operations.size(); i++) {
                Operation operation = operations.get(i);
                expects[i] = expected(operation).map(this::number).orElse(NONE);
                leaves[i] = operation.f().equals("read") ? NONE : number(left(operation));
                long kind = ((long) expects[i] << 32) | (leaves[i] & 0xffffffffL);
                kinds[i] = kindNumbers.computeIfAbsent(kind, k -> kindNumbers.size());
            }
        }

        private int number(Json value) {
            return numbers.computeIfAbsent(value, v -> {
                values.add(v);
                return values.size() - 1;
            });
        }

        @Override
        public List<Operation> operations() {
            return operations;
        }

        @Override
        public int initial() {
            return 0;
        }

        @Override
        public int step(int state, int operation) {
            if (expects[operation] != NONE && expects[operation] != state) {
                return ILLEGAL;
            }
            return leaves[operation] == NONE ? state : leaves[operation];
        }

        @Override
        public boolean reads(int operation) {
            return leaves[operation] == NONE;
        }

        @Override
        public boolean blind(int operation) {
            return expects[operation] == NONE;
        }

        @Override
        public int kind(int operation) {
            return kinds[operation];
        }

        @Override
        public String describe(int state) {
            return Arguments.text(values.get(state));
        }
    }
}
