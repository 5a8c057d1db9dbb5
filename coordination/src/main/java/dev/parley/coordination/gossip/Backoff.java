package dev.parley.coordination.gossip;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: twice as long each time, up to a bound, and never all at once. */
final class Backoff {
    private final long firstMillis;
    private final long lastMillis;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration first, Duration last, RandomGenerator random) {
        this.firstMillis = first.toMillis();
        this.lastMillis = last.toMillis();
        this.random = random;
    }

    /** From half of the whole wait to all of it. */
    Duration next() {
        long whole = Math.min(lastMillis, firstMillis << Math.min(failures, 20));
        failures++;
        return Duration.ofMillis(whole - random.nextLong(whole / 2 + 1));
    }

    void succeeded() {
        failures = 0;
    }
}
