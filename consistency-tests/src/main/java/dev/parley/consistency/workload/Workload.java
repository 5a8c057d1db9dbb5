package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.client.NodeClient;
import java.util.List;
import java.util.Random;

/**
 * What clients do, and how the history of it is judged. One object serves one run; {@link #next} is called from many threads.
 */
public interface Workload {

    /** Brings the cluster into the state the calls need. Called once, before any fault, until it succeeds. */
    default boolean prepare(NodeClient node) {
        return true;
    }

    /** The next operation of a client. */
    Call next(int client, Random random);

    /** Reads made through every node after everything healed. */
    List<Call> lastReads();

    Checker checker();
}
