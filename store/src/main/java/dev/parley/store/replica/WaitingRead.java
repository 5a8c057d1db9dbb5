package dev.parley.store.replica;

import dev.parley.store.replica.Replica.Refusal;

/** A read that cannot be answered yet. */
record WaitingRead(long revisionMin, long deadlineNanos, boolean stale, Answer answer) {
    /** How a read ends; one of the two is called, once, on the owner thread. */
    public interface Answer {
        /** The newest published state may be read now. */
        void ready(long ageMillis);

        void unavailable(Refusal why);
    }
}
