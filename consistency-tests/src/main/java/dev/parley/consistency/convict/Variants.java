package dev.parley.consistency.convict;

import dev.parley.consistency.workload.Workloads;
import java.time.Duration;
import java.util.List;

/** Every build that is wrong on purpose. */
public final class Variants {
    private static final Duration SHORT = Duration.ofSeconds(15);
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final List<Variant> ALL = List.of(
            new Variant(
                    "stale-reads",
                    "stale reads are served as linearizable",
                    true,
                    new Disturbance(
                            "relay",
                            Stages::threeNodes,
                            RelayWorkload.resting(Duration.ZERO, Duration.ZERO),
                            SHORT,
                            6,
                            600)),
            new Variant(
                    "sync-barrier",
                    "sync() goes before a read, instead of a barrier",
                    false,
                    new Disturbance(
                            "deposed-leader",
                            Stages::deposedLeader,
                            RelayWorkload.resting(Duration.ZERO, Duration.ZERO),
                            LONG,
                            4,
                            400)),
            new Variant(
                    "joined-barrier",
                    "a read joins an append in flight",
                    false,
                    new Disturbance(
                            "far-away",
                            Stages::farAway,
                            RelayWorkload.bothWays(Duration.ofMillis(300), Duration.ofMillis(600)),
                            SHORT,
                            32,
                            8_000)),
            new Variant(
                    "resent-barrier",
                    "a read is satisfied by an earlier copy of its barrier",
                    false,
                    new Disturbance(
                            "far-and-broken",
                            Stages::farAndBroken,
                            RelayWorkload.bothWays(Duration.ofMillis(400), Duration.ofMillis(1_000)),
                            SHORT,
                            32,
                            8_000)),
            new Variant(
                    "high-water-mark",
                    "deduplication by a high-water mark",
                    false,
                    new Disturbance("overtaking", Stages::overtaking, ManyWritesWorkload::new, LONG, 16, 100_000)),
            new Variant("czxid-identity", "the log is known by the czxid of its root", false, Scripts.forgottenLog()),
            new Variant("no-poll", "the log is followed by its watch alone", false, Scripts.lastWord()),
            new Variant(
                    "split-position",
                    "the applied index is durable before the data",
                    true,
                    new Disturbance(
                            "killed-while-flushing",
                            Stages::killedWhileFlushing,
                            Workloads.all().get("set").make(),
                            LONG,
                            6,
                            150)),
            new Variant(
                    "early-trim", "the log is trimmed before tables are durable", false, Scripts.trimmedAndKilled()),
            new Variant(
                    "dropped-tombstone",
                    "a partial merge drops tombstones",
                    true,
                    new Disturbance("deletions", Stages::busyDisk, DeletionsWorkload::new, SHORT, 6, 150)),
            new Variant(
                    "locks-without-fencing",
                    "fences are not looked at",
                    false,
                    new Disturbance(
                            "paused-holders",
                            Stages::threeNodes,
                            Workloads.all().get("lock").make(),
                            SHORT,
                            12,
                            200)),
            new Variant(
                    "unflushed-backup",
                    "a backup is what was flushed before",
                    false,
                    new Disturbance(
                            "backup-under-load",
                            Stages::oneNode,
                            Workloads.all().get("backup").make(),
                            Duration.ofSeconds(8),
                            6,
                            150)),
            new Variant("autocreate", "a wiped ZooKeeper server votes", false, Scripts.wipedBesideLagging()));

    private Variants() {}

    public static List<Variant> all() {
        return ALL;
    }
}
