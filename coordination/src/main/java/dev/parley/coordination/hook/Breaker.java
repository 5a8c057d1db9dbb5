package dev.parley.coordination.hook;

import java.time.Duration;

/**
 * Whether a target that fails is left alone for a while. Immutable; time comes in.
 *
 * <pre>
 *   Closed --failures--> Open --time--> HalfOpen --success--> Closed
 *                         ^                |
 *                         +----failure-----+
 * </pre>
 */
sealed interface Breaker {
    int FAILURES_MAX = 5;
    Duration OPEN_FIRST = Duration.ofSeconds(10);
    Duration OPEN_LAST = Duration.ofMinutes(5);

    Breaker NEW = new Closed(0);

    /** As of a time: one that is open long enough lets one attempt through. */
    Breaker at(long nowNanos);

    /** Whether an attempt may be made. @param underWay attempts at this target */
    boolean admits(int underWay);

    Breaker failed(long nowNanos);

    Breaker succeeded();

    /** As events are named. */
    String event();

    /** @param failures in a row */
    record Closed(int failures) implements Breaker {
        @Override
        public Breaker at(long nowNanos) {
            return this;
        }

        @Override
        public boolean admits(int underWay) {
            return true;
        }

        @Override
        public Breaker failed(long nowNanos) {
            return failures + 1 < FAILURES_MAX
                    ? new Closed(failures + 1)
                    : new Open(nowNanos + OPEN_FIRST.toNanos(), OPEN_FIRST);
        }

        @Override
        public Breaker succeeded() {
            return NEW;
        }

        @Override
        public String event() {
            return "breaker_closed";
        }
    }

    /** @param period how long it is open, this time */
    record Open(long untilNanos, Duration period) implements Breaker {
        @Override
        public Breaker at(long nowNanos) {
            return nowNanos - untilNanos >= 0 ? new HalfOpen(period) : this;
        }

        @Override
        public boolean admits(int underWay) {
            return false;
        }

        /** An attempt that began before it opened. */
        @Override
        public Breaker failed(long nowNanos) {
            return this;
        }

        @Override
        public Breaker succeeded() {
            return NEW;
        }

        @Override
        public String event() {
            return "breaker_opened";
        }
    }

    /** @param period how long it was open before */
    record HalfOpen(Duration period) implements Breaker {
        @Override
        public Breaker at(long nowNanos) {
            return this;
        }

        @Override
        public boolean admits(int underWay) {
            return underWay == 0;
        }

        @Override
        public Breaker failed(long nowNanos) {
            Duration twice = period.multipliedBy(2);
            Duration next = twice.compareTo(OPEN_LAST) < 0 ? twice : OPEN_LAST;
            return new Open(nowNanos + next.toNanos(), next);
        }

        @Override
        public Breaker succeeded() {
            return NEW;
        }

        @Override
        public String event() {
            return "breaker_half_opened";
        }
    }
}
