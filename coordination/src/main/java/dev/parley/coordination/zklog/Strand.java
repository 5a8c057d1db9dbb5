package dev.parley.coordination.zklog;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one at a time in the order given, on the thread of whoever gave the first of a run: no lock is waited for
 * and no thread is woken. What it guards needs no other protection. A task given from within a task runs after it.
 */
final class Strand {
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);
    private final Consumer<RuntimeException> onFault;

    /** @param onFault told of a task that threw; those after it run all the same */
    Strand(Consumer<RuntimeException> onFault) {
        this.onFault = onFault;
    }

    void run(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() != 0) {
            return;
        }
        inside.set(true);
        try {
            do {
                runNext();
            } while (pending.decrementAndGet() != 0);
        } finally {
            inside.set(false);
        }
    }

    private void runNext() {
        Runnable next = tasks.poll();
        if (next == null) {
            return;
        }
        try {
            next.run();
        } catch (RuntimeException thrown) {
            onFault.accept(thrown);
        }
    }

    /** Whether the calling thread is in a task of this strand right now. */
    boolean isInside() {
        return inside.get();
    }
}
