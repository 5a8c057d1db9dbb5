package dev.parley.store.replica.sim;

import dev.parley.store.log.Weather;
import java.util.SplittableRandom;

/** Bad weather by chance, how bad being a matter of the seed; after {@link #calm} nothing is lost but hints. */
final class Storm implements Weather {
    private static final long MILLI = 1_000_000;

    private final SplittableRandom random;
    private final long delayNanosMax;
    private final int lossPercent;
    private final int hintLossPercent;
    private final int lagPercent;
    private final int entriesPerReadMax;
    private final long lateNanosMax;
    private boolean calm;

    Storm(SplittableRandom random) {
        this.random = random;
        this.delayNanosMax = MILLI * random.nextInt(2, 40);
        this.lossPercent = random.nextInt(0, 101);
        this.hintLossPercent = random.nextBoolean() ? 100 : random.nextInt(0, 101);
        this.lagPercent = random.nextInt(0, 70);
        this.entriesPerReadMax = random.nextInt(1, 20);
        this.lateNanosMax = MILLI * random.nextInt(1, 4_000);
    }

    void calm() {
        calm = true;
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    @Override
    public long delayNanos() {
        // Mostly short, sometimes long.
        return random.nextInt(4) == 0 ? random.nextLong(delayNanosMax) : random.nextLong(delayNanosMax / 8 + 1);
    }

    @Override
    public boolean losesMessageInFlight() {
        return chance(lossPercent);
    }

    @Override
    public long lateNanos() {
        return random.nextBoolean() ? random.nextLong(20 * MILLI) : random.nextLong(lateNanosMax);
    }

    @Override
    public boolean dropsHint() {
        return chance(hintLossPercent);
    }

    @Override
    public boolean serverLags() {
        return !calm && chance(lagPercent);
    }

    @Override
    public int entriesPerRead() {
        return random.nextInt(1, entriesPerReadMax + 1);
    }
}
