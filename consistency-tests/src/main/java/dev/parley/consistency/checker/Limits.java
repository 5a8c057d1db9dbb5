package dev.parley.consistency.checker;

import java.time.Duration;

/**
 * What a check may use.
 *
 * @param time wall time of the whole check
 * @param memoryBytes bound of what the searches remember, all together
 * @param threads searches at the same time, at least 1
 */
public record Limits(Duration time, long memoryBytes, int threads) {
    private static final long MEMORY_MAX = 1L << 30;

    public Limits {
        if (time.isNegative() || time.isZero() || memoryBytes < 1 << 20 || threads < 1) {
            throw new IllegalArgumentException("a check needs time, at least 1 MiB and a thread");
        }
    }

    /** Two minutes, a third of the heap, all cores. */
    public static Limits standard() {
        long memory =
                Math.max(1 << 20, Math.min(MEMORY_MAX, Runtime.getRuntime().maxMemory() / 3));
        return new Limits(Duration.ofMinutes(2), memory, Runtime.getRuntime().availableProcessors());
    }

    public Limits withTime(Duration time) {
        return new Limits(time, memoryBytes, threads);
    }

    public Limits withMemoryBytes(long memoryBytes) {
        return new Limits(time, memoryBytes, threads);
    }
}
