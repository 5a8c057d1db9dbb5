package dev.parley.coordination.process.kind;

import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.Effects;
import dev.parley.coordination.process.Kind.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A kind of process written in Java. Found by {@link java.util.ServiceLoader} on the class path of every node that may run
 * it, so it needs a constructor without parameters and a line in
 * {@code META-INF/services/dev.parley.coordination.process.kind.ProcessFactory}. Any thread, also several at once.
 */
public interface ProcessFactory {
    /** As specifications name it: {@code [a-z][a-z0-9-]{0,63}}; unique on the node. */
    String kind();

    /** Everything that is wrong with the arguments, one JSON object; depends on nothing else, or nodes disagree. */
    List<Fault> faults(String argumentsJson);

    /**
     * Makes an instance ready; what it throws is why the start failed. Interrupted when it takes longer than the
     * specification allows.
     */
    Work create(Instance instance);

    /** What an instance does. */
    interface Work {
        /**
         * Works until there is no more to do, or {@link Instance#isStopping}; on a thread of its own. Returning is a good
         * end; throwing, anything, is a failure. A thread that goes on after it was interrupted cannot be ended by force:
         * the node is.
         */
        void run();

        /**
         * The state for the instance that comes next, at most
         * {@value dev.parley.coordination.process.ProcessHost#HANDOVER_BYTES_MAX} bytes. Asked after {@link #run} returned
         * because it was to stop, on the same thread.
         */
        default Optional<byte[]> handOver() {
            return Optional.empty();
        }
    }

    /** What an instance is given. Any thread. */
    interface Instance {
        /** Name, arguments, token, and the state that was handed over. */
        Assignment assignment();

        /** Everything it does through Parley, under its token. */
        Effects effects();

        /** Says a line, to be read under {@code /v1/processes/<name>/logs}. */
        void say(String line);

        boolean isStopping();

        /** Waits, shorter when it is to stop. @return whether it is to stop */
        boolean pause(Duration time);
    }
}
