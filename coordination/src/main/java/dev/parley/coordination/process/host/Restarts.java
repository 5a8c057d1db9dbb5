package dev.parley.coordination.process.host;

import dev.parley.coordination.process.Assignment.Intensity;
import dev.parley.coordination.process.Exit;
import dev.parley.store.kv.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of an instance that ended: again after a pause, or not any more. The pause doubles from restart to restart
 * within the window of the limit and begins anew when they have left it. It is also short enough for the limit to be
 * reached: something that ends as soon as it is started fails after exactly as many restarts as are allowed. Pure; time is
 * handed in. Immutable.
 *
 * @param recentNanos when it was decided to start again, within the window, oldest first
 * @param total restarts so far
 */
record Restarts(RestartPolicy policy, Intensity limit, List<Long> recentNanos, int total) {
    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private static final int DOUBLINGS_MAX = 20;

    Restarts {
        recentNanos = List.copyOf(recentNanos);
    }

    static Restarts none(RestartPolicy policy, Intensity limit) {
        return new Restarts(policy, limit, List.of(), 0);
    }

    /** What is to be done. */
    sealed interface Next {
        /** @param then to be asked the next time */
        record Again(Duration pause, Restarts then) implements Next {}

        record Finished() implements Next {}

        record Failed(String reason) implements Next {}
    }

    /** @param nowNanos monotonic, at the end of the instance */
    Next ended(Exit exit, long nowNanos) {
        return switch (exit) {
            case Exit.Finished finished ->
                policy == RestartPolicy.PERMANENT ? again("ended by itself", nowNanos) : new Next.Finished();
            case Exit.Failed(String reason) ->
                policy == RestartPolicy.TEMPORARY ? new Next.Failed(reason) : again(reason, nowNanos);
        };
    }

    private Next again(String reason, long nowNanos) {
        List<Long> within = new ArrayList<>(recentNanos.stream()
                .filter(then -> nowNanos - then < limit.within().toNanos())
                .toList());
        if (within.size() >= limit.restarts()) {
            return new Next.Failed(
                    limit.restarts() == 0
                            ? reason
                            : reason + "; and it had been restarted " + limit.restarts() + " times within "
                                    + limit.within().toMillis() + " ms");
        }
        Duration pause = pause(within.size());
        within.add(nowNanos);
        return new Next.Again(pause, new Restarts(policy, limit, within, total + 1));
    }

    private Duration pause(int before) {
        long doubled = FIRST_PAUSE.toNanos() << Math.min(before, DOUBLINGS_MAX);
        long reaching = limit.within().toNanos() / (2L * limit.restarts());
        return Duration.ofNanos(Math.min(Math.min(doubled, reaching), LONGEST_PAUSE.toNanos()));
    }
}
