package dev.parley.http.api;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Where one thread waits for a condition that other threads make true, and say so after they did. */
final class Gate {
    /** A signal cannot be missed; this only bounds what a condition that depends on a clock would cost. */
    private static final long LOOK_AGAIN_NANOS = 1_000_000_000L;

    private volatile Thread waiting = NOBODY;

    private static final Thread NOBODY = Thread.ofVirtual().unstarted(() -> {});

    void await(BooleanSupplier open) {
        waiting = Thread.currentThread();
        try {
            while (!open.getAsBoolean()) {
                LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
            }
        } finally {
            waiting = NOBODY;
        }
    }

    /** Costs next to nothing while nobody waits. */
    void signal() {
        Thread thread = waiting;
        if (thread != NOBODY) {
            LockSupport.unpark(thread);
        }
    }
}
