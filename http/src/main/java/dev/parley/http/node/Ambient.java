package dev.parley.http.node;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What code may not take out of the air. One per node, handed down by constructor.
 *
 * @param nanos monotonic, for elapsed time and deadlines
 * @param epochMillis wall clock, for people
 * @param ids random UUIDs
 * @param secrets unpredictable, for what nobody else may guess
 */
public record Ambient(LongSupplier nanos, LongSupplier epochMillis, Supplier<UUID> ids, RandomGenerator secrets) {
    public static Ambient real() {
        return new Ambient(System::nanoTime, System::currentTimeMillis, UUID::randomUUID, new SecureRandom());
    }
}
