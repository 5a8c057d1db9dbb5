package dev.parley.coordination.process;

import java.util.List;

/** One way of running something. Any thread; one object serves every instance of the kind on this node. */
public interface Kind {
    /** As specifications name it: {@code [a-z][a-z0-9-]{0,63}}. */
    String name();

    /** Everything that is wrong with the arguments, before anything is agreed or started; empty when nothing is. */
    List<Fault> faults(String argumentsJson);

    /**
     * Starts an instance. Returns when it runs; called on a virtual thread of its own, which is interrupted when the
     * start takes longer than the assignment allows. Throws {@link StartFault} when it could not be started; nothing of it
     * runs then.
     */
    RunningProcess start(Assignment assignment, Effects effects, LogSink output);

    /**
     * @param field a JSON pointer into the arguments, {@code ""} for all of them
     * @param rule what does not hold, for people
     */
    record Fault(String field, String rule) {}

    /** The instance could not be started; the message says why. Nothing of it runs. */
    final class StartFault extends RuntimeException {
        private static final long serialVersionUID = 1;

        public StartFault(String message) {
            super(message);
        }

        public StartFault(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Takes what an instance says, line by line. Any thread; never blocks; what is too much is dropped and counted. */
    @FunctionalInterface
    interface LogSink {
        /** @param stream {@code out}, {@code err}, or {@code parley} for what is said about the instance */
        void line(String stream, String text);
    }
}
