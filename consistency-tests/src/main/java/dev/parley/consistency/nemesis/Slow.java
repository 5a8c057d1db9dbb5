package dev.parley.consistency.nemesis;

import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.SlowNetwork;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** Everything that nodes say to each other takes longer, and only so much gets through in a second. */
final class Slow implements Fault {
    private static final int DELAY_MILLIS_MIN = 10;
    private static final int DELAY_MILLIS_MAX = 200;
    private static final int KIBIBYTES_MIN = 64;
    private static final int KIBIBYTES_MAX = 1024;

    private Optional<SlowNetwork> network = Optional.empty();

    @Override
    public Ability needs() {
        return Ability.NETWORK;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        int delay = random.nextInt(DELAY_MILLIS_MIN, DELAY_MILLIS_MAX);
        int kibibytes = random.nextInt(KIBIBYTES_MIN, KIBIBYTES_MAX);
        network = Optional.of(cluster.slow(Duration.ofMillis(delay), kibibytes * 1024L));
        return delay + " ms each way, " + kibibytes + " KiB/s";
    }

    @Override
    public String evidence(Cluster cluster) {
        long bytes = network.map(SlowNetwork::delayedBytes).orElse(0L);
        return bytes == 0 ? "" : bytes + " bytes held back";
    }

    @Override
    public void end(Cluster cluster) {
        network.ifPresent(SlowNetwork::close);
        network = Optional.empty();
    }
}
