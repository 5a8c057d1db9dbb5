package dev.parley.store.replica.sim;

import dev.parley.store.log.Scheduler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** One thread, one queue: everything that happens, in a reproducible order. Ties are broken by the order given. */
public final class VirtualTime implements Scheduler {
    private record Due(long atNanos, long order, String label, Runnable action) {}

    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::order));
    private final List<String> trace = new ArrayList<>();
    private final boolean tracing;
    private long nowNanos;
    private long ordered;
    private long steps;

    public VirtualTime(boolean tracing) {
        this.tracing = tracing;
    }

    @Override
    public long nowNanos() {
        return nowNanos;
    }

    long steps() {
        return steps;
    }

    List<String> trace() {
        return List.copyOf(trace);
    }

    void note(Supplier<String> what) {
        if (tracing) {
            trace.add(nowNanos + " " + what.get());
        }
    }

    @Override
    public void after(long delayNanos, String label, Runnable action) {
        queue.add(new Due(nowNanos + Math.max(0, delayNanos), ordered++, label, action));
    }

    /** Runs until it is so; false when it is not by then. */
    public boolean runUntil(BooleanSupplier done, long untilNanos) {
        while (!done.getAsBoolean()) {
            Due due = queue.peek();
            if (due == null || due.atNanos() > untilNanos) {
                return false;
            }
            queue.remove();
            nowNanos = due.atNanos();
            steps++;
            note(due::label);
            due.action().run();
        }
        return true;
    }
}
