package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.history.Event;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What clients do, and how the history of it is judged. One object serves one run; {@link #next} is called from many threads.
 */
public interface Workload extends AutoCloseable {

    /** Brings the cluster into the state the calls need. Called once, before any fault, until it succeeds. */
    default boolean prepare(NodeClient node) {
        return true;
    }

    /** The next operation of a client. */
    Call next(int client, Random random);

    /** Reads made through every node after everything healed. */
    List<Call> lastReads();

    /**
     * How to find out from the history of a key what became of a write.
     *
     * @param unanswered its {@code info} event
     * @return empty when no history can tell
     */
    default Optional<Trace> trace(Event unanswered) {
        return Optional.empty();
    }

    Checker checker();

    /** Removes what it left on this machine. */
    @Override
    default void close() {}
}
