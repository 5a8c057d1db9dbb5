package dev.parley.store.log;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Real time, one thread. */
public final class SchedulerThread implements Scheduler, AutoCloseable {
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("fake-log").daemon().factory());

    public SchedulerThread() {
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long nowNanos() {
        return System.nanoTime();
    }

    @Override
    public void after(long delayNanos, String label, Runnable action) {
        try {
            executor.schedule(action, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // Nobody waits for it any more.
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
