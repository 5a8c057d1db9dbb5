package dev.parley.consistency.model;

import dev.parley.consistency.history.Operation;
import java.util.List;
import java.util.Optional;

/** What an object should do when its operations happen one after the other. */
public interface Model {

    String name();

    /**
     * Prepares the model for the operations of one key.
     *
     * @param memoryBytes bound of what the states may take
     * @throws dev.parley.consistency.history.MalformedHistoryException when an operation is not one of this model
     */
    Spec compile(List<Operation> operations, long memoryBytes);

    /** The operation in words, such as {@code read 3}. */
    String describe(Operation operation);

    /**
     * An operation that plainly cannot have answered so, found without a search; the first to end of those. Finding none says nothing.
     */
    default Optional<Operation> contradiction(List<Operation> operations) {
        return Optional.empty();
    }

    /** What a person should know about an operation that fits nowhere, when the history makes it plain. */
    default Optional<String> cause(Operation misfit, List<Operation> operations) {
        return Optional.empty();
    }
}
