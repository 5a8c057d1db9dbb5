package dev.parley.consistency.run;

import java.time.Duration;
import java.util.List;

/**
 * What a run does.
 *
 * @param faults names of faults; none for an undisturbed run
 * @param time how long clients work, and faults happen
 * @param clients how many at the same time, at least 1
 * @param rate operations a second of all clients together, at least 1
 * @param seed decides which operations and faults are chosen
 * @param timeout how long a client waits for an answer
 * @param operationsMax clients stop before the time is over when they have begun so many, all together
 */
public record Plan(
        String workload,
        List<String> faults,
        Duration time,
        int clients,
        int rate,
        long seed,
        Duration timeout,
        long operationsMax) {
    public Plan(
            String workload, List<String> faults, Duration time, int clients, int rate, long seed, Duration timeout) {
        this(workload, faults, time, clients, rate, seed, timeout, Long.MAX_VALUE);
    }

    public Plan {
        faults = List.copyOf(faults);
        if (clients < 1 || rate < 1 || time.isNegative() || time.isZero() || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a run needs time, a timeout, a client and a rate");
        }
    }
}
