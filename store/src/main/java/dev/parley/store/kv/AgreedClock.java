package dev.parley.store.kv;

/**
 * The agreed time, for people. It never goes back, and a batch cannot move it further than {@link
 * Limits#CLOCK_LEAD_MAX} beyond the leader's last tick, so one node's wrong clock moves nothing.
 *
 * <p>It begins with the first tick. What is written before bears the writer's own clock, and none of that is kept as
 * agreed: a wrong clock among the first batches of a cluster would otherwise stay for ever.
 *
 * <p>Beside it runs the age, by which remembered answers are forgotten: what a leader's clock moved from tick to tick,
 * but never more than {@link Limits#AGE_PER_TICK_MAX}. A leader whose clock jumps would otherwise make the cluster
 * forget, and a request that is sent again be done again. While nobody ticks nothing ages.
 */
final class AgreedClock {
    /** The last millisecond of the year 9999, the last that RFC 3339 can write. */
    private static final long MILLIS_MAX = 253_402_300_799_999L;

    private AgreedClock() {}

    /** The time of a batch whose writer's clock says {@code atMillis}; the agreed time once there was a tick. */
    static long advance(StateMap map, long atMillis) {
        long own = Math.clamp(atMillis, 0, MILLIS_MAX);
        long tick = Cells.number(map, Cells.TICK, -1);
        if (tick < 0) {
            return own;
        }
        return raise(map, Math.min(own, tick + Limits.CLOCK_LEAD_MAX.toMillis()));
    }

    static void tick(StateMap map, long atMillis) {
        long tick = Math.clamp(atMillis, 0, MILLIS_MAX);
        long step = tick - Cells.number(map, Cells.TICK, tick);
        Cells.putNumber(map, Cells.AGE, ageMillis(map) + Math.clamp(step, 0, Limits.AGE_PER_TICK_MAX.toMillis()));
        Cells.putNumber(map, Cells.TICK, tick);
        raise(map, tick);
    }

    static long ageMillis(MapView view) {
        return Cells.number(view, Cells.AGE, 0);
    }

    private static long raise(StateMap map, long candidate) {
        long agreed = Math.max(Agreed.timeMillis(map), candidate);
        Cells.putNumber(map, Cells.TIME, agreed);
        return agreed;
    }
}
