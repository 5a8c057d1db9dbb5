package dev.parley.store.table;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Work under way on another thread, of which the owner thread takes the result. */
final class BackgroundTask<T> {
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<T> result = new CompletableFuture<>();

    static <T> BackgroundTask<T> start(Executor executor, Supplier<T> work) {
        BackgroundTask<T> task = new BackgroundTask<>();
        executor.execute(() -> task.run(work));
        return task;
    }

    private void run(Supplier<T> work) {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        try {
            result.complete(work.get());
        } catch (Throwable failure) { // also an Error must reach the owner, or it would wait for ever
            result.completeExceptionally(failure);
        }
    }

    boolean isDone() {
        return result.isDone();
    }

    /** Waits for it. @throws RuntimeException what the work threw */
    T result() {
        try {
            return result.join();
        } catch (CompletionException failure) {
            switch (failure.getCause()) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case null, default -> throw failure;
            }
        }
    }

    /** Keeps it from beginning, or waits for its end and gives its result away; a failure matters no more. */
    void abandon(Consumer<T> discard) {
        if (!begun.compareAndSet(false, true)) {
            result.handle((value, failure) -> {
                        if (failure == null) {
                            discard.accept(value);
                        }
                        return value;
                    })
                    .exceptionally(failure -> null)
                    .join();
        }
    }
}
