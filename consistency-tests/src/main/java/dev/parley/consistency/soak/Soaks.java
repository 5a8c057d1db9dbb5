package dev.parley.consistency.soak;

import java.util.List;

/** Every soak. */
public final class Soaks {
    private static final List<Soak> ALL = List.of(
            new Soak("kill-one", "SIGKILL to any one of three nodes", 20, () -> new Kill(false)),
            new Soak("kill-all", "SIGKILL to all three nodes at once", 20, () -> new Kill(true)),
            new Soak("kill-in-flush", "SIGKILL to a node in the middle of a flush or merge", 20, KillInFlush::new),
            new Soak(
                    "zookeeper-under-load",
                    "sessions cut, connections reset, the leader of ZooKeeper killed and paused",
                    20,
                    ZooKeeperUnderLoad::new),
            new Soak(
                    "restart",
                    "a node killed and started, every other time before its session ended",
                    50,
                    Restart::new),
            new Soak(
                    "wiped-ensemble-member",
                    "a member loses its ZooKeeper while another lags and the third is away",
                    10,
                    WipedMember::new),
            new Soak(
                    "flips",
                    "one byte of a node's tables, values or manifest changes while it is down",
                    20,
                    Flips::new),
            new Soak(
                    "watches",
                    "watchers go from node to node, while nodes are killed and lose their tables",
                    20,
                    WatchesMove::new));

    private Soaks() {}

    public static List<Soak> all() {
        return ALL;
    }
}
