package dev.parley.coordination.process.host;

import dev.parley.coordination.process.Kinds;
import dev.parley.coordination.process.ProcessHost;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What instances have in common.
 *
 * @param nanos monotonic
 * @param killPatience how long something may take to be gone after it was killed
 * @param hangs told of what could not even be killed
 * @param forget takes an instance that has ended
 */
record Surroundings(
        Kinds kinds,
        ProcessHost.Listener listener,
        LongSupplier nanos,
        Duration killPatience,
        Consumer<String> hangs,
        Consumer<Instance> forget) {

    /** Does something that may take long, or for ever. */
    <T> Thread aside(String name, CompletableFuture<T> result, Supplier<T> work) {
        return Thread.ofVirtual().name("process-" + name).start(() -> {
            try {
                result.complete(work.get());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
    }
}
