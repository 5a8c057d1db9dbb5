package dev.parley.store.lamport;

/**
 * A stamp of logical time: of two events of which one caused the other, the cause has the lower stamp. The reverse does
 * not follow: a lower stamp need not be a cause. Immutable.
 *
 * @param value from 0, before any event
 */
public record LamportTime(long value) implements Comparable<LamportTime> {
    public static final LamportTime ZERO = new LamportTime(0);

    /** A stamp received may lead the own one by so much; one event with a wrong stamp could use up all numbers. */
    public static final long LEAD_MAX = 1L << 32;

    public LamportTime {
        if (value < 0) {
            throw new IllegalArgumentException("a stamp is not negative, was " + value);
        }
    }

    /** The stamp of an event here. @throws ArithmeticException at the end of all numbers */
    public LamportTime tick() {
        return new LamportTime(Math.addExact(value, 1));
    }

    /** The stamp of the event that something stamped {@code other} has come. */
    public LamportTime receive(LamportTime other) {
        return merge(other).tick();
    }

    /** The later one: what was known to either is before it. */
    public LamportTime merge(LamportTime other) {
        return value >= other.value ? this : other;
    }

    /** Whether {@code other} leads by more than {@link #LEAD_MAX}. */
    public boolean isFarBehind(LamportTime other) {
        return other.value - value > LEAD_MAX;
    }

    @Override
    public int compareTo(LamportTime other) {
        return Long.compare(value, other.value);
    }
}
