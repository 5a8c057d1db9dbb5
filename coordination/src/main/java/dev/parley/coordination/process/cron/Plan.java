package dev.parley.coordination.process.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Decides over ticks. Pure; the time is handed in.
 *
 * @param catchUp how late a tick may still be run
 * @param unfinished what becomes of a claim whose run did not end
 * @param history how many ticks that are over are remembered
 */
record Plan(Schedule schedule, Duration catchUp, Unfinished unfinished, int history) {
    private static final int DUE_MAX = 100;

    enum Unfinished {
        SKIP,
        RETRY
    }

    /** @param last the newest tick that was looked at, or when looking began */
    List<Instant> due(Instant last, Instant now) {
        Instant earliest = now.minus(catchUp);
        return schedule.between(last.isBefore(earliest) ? earliest : last, now, DUE_MAX);
    }

    /** What becomes of a tick that another life of this process has claimed, and nobody has ended. */
    boolean isRunAgain(Tick claimed) {
        return unfinished == Unfinished.RETRY && claimed.attempt() < ATTEMPTS_MAX;
    }

    /** A run that takes its node along each time must not go round the cluster for ever. */
    static final int ATTEMPTS_MAX = 5;

    /** The ticks to forget. @param ticks oldest first */
    List<Tick> tooOld(List<Tick> ticks) {
        List<Tick> over = ticks.stream()
                .filter(tick -> tick.state() != Tick.State.CLAIMED)
                .toList();
        return over.subList(0, Math.max(0, over.size() - history));
    }
}
