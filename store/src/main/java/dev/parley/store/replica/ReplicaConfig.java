package dev.parley.store.replica;

import java.time.Duration;

/**
 * Who a replica is, and its bounds and periods.
 *
 * @param node name of this node, unique in the cluster
 * @param url where the others and the clients reach it
 * @param pipeline bounds of what is under way to the log
 * @param waiting bounds of what waits inside the node
 * @param logBytesMax untrimmed bytes of the log at which nothing is proposed any more; commands of clients are refused
 *     at four fifths of it, so that the cluster can still cure itself
 * @param timing periods and patience
 * @param history what of it the leader does not give up by itself
 */
public record ReplicaConfig(
        String node,
        String url,
        Pipelining pipeline,
        Waiting waiting,
        long logBytesMax,
        Timing timing,
        History history) {

    /**
     * @param batchesInFlightMax batches sent and not yet answered by the log
     * @param batchesUnresolvedMax batches numbered and not yet seen applied
     * @param barriersUnresolvedMax of those, the ones that exist only so that reads can wait for them
     * @param batchBytesMax largest batch, unless a single command is larger
     */
    public record Pipelining(
            int batchesInFlightMax, int batchesUnresolvedMax, int barriersUnresolvedMax, int batchBytesMax) {
        public static final Pipelining DEFAULT = new Pipelining(4, 16, 1, 128 << 10);
    }

    /** Counts and bytes of requests that wait; one more is refused. */
    public record Waiting(int submissionsMax, long submissionBytesMax, int readsMax, int interestsMax) {
        public static final Waiting DEFAULT = new Waiting(16_384, 16 << 20, 16_384, 65_536);
    }

    /**
     * @param pollEvery how often the log is asked for more without having been hinted at
     * @param absenceGrace how long requests are kept waiting after the log went out of reach, before they are refused
     * @param lagMax how far behind the log a leader may be
     * @param staleWithoutLogAfter how long a starting node looks for the log before it serves stale reads without it
     */
    public record Timing(Duration pollEvery, Duration absenceGrace, Duration lagMax, Duration staleWithoutLogAfter) {
        public static final Timing DEFAULT = new Timing(
                Duration.ofMillis(250), Duration.ofMillis(1_500), Duration.ofSeconds(5), Duration.ofSeconds(3));
    }

    /**
     * History is given up when it is older than {@code age} or lies more than {@code revisions} back. Counts on the node
     * that leads; so give all nodes the same.
     *
     * @param age of the cluster's own clock, which stands still while there is no leader; zero: no history is too old
     * @param revisions zero: there is never too much of it
     */
    public record History(Duration age, long revisions) {
        public static final History ALL = new History(Duration.ZERO, 0);
    }

    public ReplicaConfig {
        if (node.isEmpty()) {
            throw new IllegalArgumentException("a node needs a name");
        }
    }

    public static ReplicaConfig of(String node, String url) {
        return new ReplicaConfig(
                node, url, Pipelining.DEFAULT, Waiting.DEFAULT, 64L << 20, Timing.DEFAULT, History.ALL);
    }

    public ReplicaConfig withTiming(Timing changed) {
        return new ReplicaConfig(node, url, pipeline, waiting, logBytesMax, changed, history);
    }

    public ReplicaConfig withWaiting(Waiting changed) {
        return new ReplicaConfig(node, url, pipeline, changed, logBytesMax, timing, history);
    }

    public ReplicaConfig withPipeline(Pipelining changed) {
        return new ReplicaConfig(node, url, changed, waiting, logBytesMax, timing, history);
    }

    public ReplicaConfig withLogBytesMax(long changed) {
        return new ReplicaConfig(node, url, pipeline, waiting, changed, timing, history);
    }

    public ReplicaConfig withHistory(History changed) {
        return new ReplicaConfig(node, url, pipeline, waiting, logBytesMax, timing, changed);
    }
}
