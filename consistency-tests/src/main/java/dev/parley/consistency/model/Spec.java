package dev.parley.consistency.model;

import dev.parley.consistency.history.Operation;
import java.util.List;

/**
 * The sequential behaviour of one object, prepared for one list of operations. States are small numbers, equal exactly when the states are. Confined to one
 * thread.
 */
public interface Spec {

    /** Result of {@link #step} when the operation could not have answered so in this state. */
    int ILLEGAL = -1;

    /** The operations that constrain the search: those that happened, and those that may have and could matter. */
    List<Operation> operations();

    int initial();

    /**
     * The state after the operation, or {@link #ILLEGAL}. An operation of unknown outcome is legal only where it would have had an effect.
     *
     * @param operation index into {@link #operations()}
     * @throws StateBudgetExceededException when the states no longer fit the memory given to this search
     */
    int step(int state, int operation);

    /** Whether the operation never changes the state. */
    boolean reads(int operation);

    /** Whether the operation succeeds in every state and leaves one that does not depend on the state before. */
    boolean blind(int operation);

    /** Operations of one kind do the same in every state. */
    int kind(int operation);

    /** Whether nothing but a blind operation leads from here to a state in which any read succeeds. */
    default boolean sterile(int state) {
        return false;
    }

    /** Of a state: a number that no operation makes lower. 0 where the model has none. */
    default long rank(int state) {
        return 0;
    }

    /** The highest rank of a state in which the operation can succeed. */
    default long rankMax(int operation) {
        return Long.MAX_VALUE;
    }

    /** The state in words, for a person. */
    String describe(int state);

    /** Thrown by a search whose states outgrew its memory. */
    final class StateBudgetExceededException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StateBudgetExceededException() {
            super("the states of the model outgrew the memory limit", null, false, false);
        }
    }
}
