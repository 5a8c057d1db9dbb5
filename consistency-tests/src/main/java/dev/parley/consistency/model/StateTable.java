package dev.parley.consistency.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers states from 0, equal states alike, within a bound of memory. */
final class StateTable<S> {
    private static final int BYTES_PER_STATE = 120;

    private final Map<S, Integer> numbers = new HashMap<>();
    private final List<S> states = new ArrayList<>();
    private long bytesLeft;

    StateTable(long memoryBytes) {
        this.bytesLeft = memoryBytes;
    }

    /** The number of the state; {@code bytes} is about what it takes. */
    int number(S state, long bytes) {
        Integer known = numbers.get(state);
        if (known != null) {
            return known;
        }
        bytesLeft -= bytes + BYTES_PER_STATE;
        if (bytesLeft < 0) {
            throw new Spec.StateBudgetExceededException();
        }
        numbers.put(state, states.size());
        states.add(state);
        return states.size() - 1;
    }

    S state(int number) {
        return states.get(number);
    }
}
