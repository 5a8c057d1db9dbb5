package dev.parley.consistency.model;

import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model over states of any type, numbered as the search meets them. */
abstract class InternedSpec<S> implements Spec {
    private static final int TRANSITION_BYTES = 64;

    private final List<Operation> operations;
    private final StateTable<S> states;
    private final Map<Long, Integer> transitions = new HashMap<>();
    private final int[] kinds;
    private final int initial;
    private long transitionsLeft;

    InternedSpec(List<Operation> operations, S initial, long memoryBytes) {
        this.operations = operations;
        this.states = new StateTable<>(memoryBytes / 2);
        this.transitionsLeft = memoryBytes / 2 / TRANSITION_BYTES;
        this.initial = states.number(initial, 0);
        this.kinds = new int[operations.size()];
        Map<List<Json>, Integer> numbers = new HashMap<>();
        for (int i = 0; i < kinds.length; i++) {
            Operation operation = operations.get(i);
            List<Json> kind = List.of(Json.of(operation.f()), operation.input(), observed(operation));
            kinds[i] = numbers.computeIfAbsent(kind, k -> numbers.size());
        }
    }

    /** The state after the operation; nothing when it is impossible there. */
    abstract Optional<S> next(S state, Operation operation);

    /** About the bytes of a state. */
    abstract long bytes(S state);

    /** The part of the answer that constrains the operation. */
    Json observed(Operation operation) {
        return operation.ok() ? operation.output() : Json.NULL;
    }

    final S state(int number) {
        return states.state(number);
    }

    @Override
    public final List<Operation> operations() {
        return operations;
    }

    @Override
    public final int initial() {
        return initial;
    }

    @Override
    public final int step(int state, int operation) {
        long transition = ((long) state << 32) | operation;
        Integer known = transitions.get(transition);
        if (known != null) {
            return known;
        }
        int next = next(states.state(state), operations.get(operation))
                .map(s -> states.number(s, bytes(s)))
                .orElse(ILLEGAL);
        if (transitionsLeft-- > 0) {
            transitions.put(transition, next);
        }
        return next;
    }

    @Override
    public final int kind(int operation) {
        return kinds[operation];
    }
}
