package dev.parley.coordination.gossip;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What the mesh of one node is made of.
 *
 * @param probeEvery how often each peer is asked whether it lives
 * @param suspectAfter how long a peer may not answer; some times {@code probeEvery}
 * @param nanos a monotonic clock
 * @param random spreads attempts to connect
 */
public record MeshConfig(
        String cluster,
        PeerIdentity self,
        Duration probeEvery,
        Duration suspectAfter,
        LongSupplier nanos,
        RandomGenerator random) {
    static final Duration RECONNECT_FIRST = Duration.ofMillis(50);
    static final Duration RECONNECT_LAST = Duration.ofSeconds(2);

    /** With the usual times: a dead node is suspected within two seconds, a third of ZooKeeper's session. */
    public static MeshConfig of(String cluster, PeerIdentity self, LongSupplier nanos, RandomGenerator random) {
        return new MeshConfig(cluster, self, Duration.ofMillis(300), Duration.ofMillis(1_800), nanos, random);
    }
}
