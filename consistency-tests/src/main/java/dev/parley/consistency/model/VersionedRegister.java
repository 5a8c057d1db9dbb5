package dev.parley.consistency.model;

import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * A register that counts its writes. Completions carry a field {@code version}: of a read the version it found, 0 when the register has no value; of a write,
 * cas or delete the version it made. A write makes the version one higher, a delete sets it to 0. A completion without the field is judged by its value only.
 */
public final class VersionedRegister implements Model {

    /** What the register holds. */
    private record Versioned(long version, Json value) {}

    @Override
    public String name() {
        return "versioned-register";
    }

    @Override
    public Spec compile(List<Operation> operations, long memoryBytes) {
        List<Operation> relevant = operations.stream()
                .filter(this::known)
                .filter(operation ->
                        operation.ok() || operation.unknown() && !operation.f().equals("read"))
                .toList();
        return new Compiled(relevant, memoryBytes);
    }

    private boolean known(Operation operation) {
        return switch (operation.f()) {
            case "read", "write", "cas", "delete" -> true;
            default -> throw Arguments.unknownOperation(name(), operation);
        };
    }

    @Override
    public String describe(Operation operation) {
        Json value = operation.f().equals("read") ? operation.output() : Arguments.written(operation);
        return operation.f() + " " + Arguments.text(value)
                + version(operation).map(version -> " at version " + version).orElse("");
    }

    private static Optional<Long> version(Operation operation) {
        return operation.result().get("version") instanceof Json.Int(long version)
                ? Optional.of(version)
                : Optional.empty();
    }

    private static final class Compiled extends InternedSpec<Versioned> {
        private final boolean ascending;

        Compiled(List<Operation> operations, long memoryBytes) {
            super(operations, new Versioned(0, Json.NULL), memoryBytes);
            this.ascending =
                    operations.stream().noneMatch(operation -> operation.f().equals("delete"));
        }

        @Override
        Optional<Versioned> next(Versioned state, Operation operation) {
            Optional<Versioned> next =
                    switch (operation.f()) {
                        case "read" -> Optional.of(state).filter(s -> s.value().equals(operation.output()));
                        case "write" -> Optional.of(new Versioned(state.version() + 1, Arguments.written(operation)));
                        case "delete" -> Optional.of(new Versioned(0, Json.NULL));
                        default -> {
                            Json.Array pair = Arguments.pair(operation);
                            yield state.value().equals(pair.items().get(0))
                                    ? Optional.of(new Versioned(
                                            state.version() + 1, pair.items().get(1)))
                                    : Optional.<Versioned>empty();
                        }
                    };
            return next.filter(s ->
                    version(operation).map(version -> version == s.version()).orElse(true));
        }

        @Override
        Json observed(Operation operation) {
            Json version = version(operation).map(Json::of).orElse(Json.NULL);
            return operation.f().equals("read") ? Json.array(version, operation.output()) : version;
        }

        @Override
        long bytes(Versioned state) {
            return 64;
        }

        @Override
        public boolean reads(int operation) {
            return operations().get(operation).f().equals("read");
        }

        @Override
        public boolean blind(int operation) {
            return operations().get(operation).f().equals("delete")
                    && version(operations().get(operation)).isEmpty();
        }

        /** Without deletes the version only rises. */
        @Override
        public long rank(int state) {
            return ascending ? state(state).version() : 0;
        }

        @Override
        public long rankMax(int operation) {
            long made = reads(operation) ? 0 : 1;
            return ascending
                    ? version(operations().get(operation))
                            .map(version -> version - made)
                            .orElse(Long.MAX_VALUE)
                    : Long.MAX_VALUE;
        }

        @Override
        public String describe(int state) {
            return Arguments.text(state(state).value()) + " at version "
                    + state(state).version();
        }
    }
}
