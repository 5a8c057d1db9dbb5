package dev.parley.http.api;

/** So many in a second on average, and a burst of some more. Pure: time comes in. Not thread-safe. */
final class RateLimit {
    private static final double NANOS = 1e9;

    private final int perSecond;
    private final int burst;
    private double left;
    private long lastNanos;
    private boolean began;

    RateLimit(int perSecond, int burst) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.left = burst;
    }

    boolean admits(long nowNanos) {
        if (began) {
            left = Math.min(burst, left + (nowNanos - lastNanos) / NANOS * perSecond);
        }
        began = true;
        lastNanos = nowNanos;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
