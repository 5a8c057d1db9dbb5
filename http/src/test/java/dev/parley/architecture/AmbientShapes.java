package dev.parley.architecture;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Every shape in which code may ask the machine for time, chance or identity, and two that do not. */
final class AmbientShapes {
    private AmbientShapes() {}

    static long called() {
        return System.nanoTime();
    }

    static LongSupplier referenced() {
        return System::currentTimeMillis;
    }

    static Supplier<Instant> fromALambda() {
        return () -> Instant.now().plusSeconds(1);
    }

    static Random constructed() {
        return new Random();
    }

    static Supplier<Random> constructorReferenced() {
        return Random::new;
    }

    static Clock theClock() {
        return Clock.systemUTC();
    }

    static int chance() {
        return ThreadLocalRandom.current().nextInt();
    }

    static Supplier<UUID> identity() {
        return UUID::randomUUID;
    }

    static RandomGenerator generator() {
        return RandomGenerator.getDefault();
    }

    static SecureRandom secret() {
        return new SecureRandom();
    }

    static Random seeded() {
        return new Random(7);
    }

    static Instant handedIn(Clock clock) {
        return Instant.now(clock);
    }
}
