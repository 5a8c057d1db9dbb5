package dev.parley.coordination.process.cron;

import dev.parley.coordination.process.kind.ProcessFactory.Instance;

/** What a tick does. Any thread. */
@FunctionalInterface
interface Action {
    /**
     * Does it, and waits for its end. Ends early when the instance is to stop.
     *
     * @param tick claimed by this instance
     */
    Result run(Tick tick, Instance instance);

    /** How it ended. */
    sealed interface Result {
        record Done(String said) implements Result {}

        record Failed(String why) implements Result {}

        /** The instance stops: whether it ended is not known. */
        record CutShort() implements Result {}
    }
}
