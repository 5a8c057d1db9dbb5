package dev.parley.store.log;

/** Runs things later, one at a time. Virtual time in a simulation, a thread elsewhere. */
public interface Scheduler {
    /** Monotonic. */
    long nowNanos();

    /** Runs {@code action} after the delay; equal times run in the order given. */
    void after(long delayNanos, String label, Runnable action);
}
