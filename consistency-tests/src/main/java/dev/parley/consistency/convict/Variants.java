package dev.parley.consistency.convict;

import dev.parley.consistency.workload.Workloads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every build that is wrong on purpose. */
public final class Variants {
    /** The smallest memtable and the shortest wait for a flush a node may be given. */
    private static final Map<String, String> BUSY_DISK =
            Map.of("PARLEY_STORAGE_FLUSH_INTERVAL", "100ms", "PARLEY_STORAGE_MEMTABLE_BYTES", "1MiB");

    private static final List<Variant> ALL = List.of(
            new Variant("stale-reads", "stale reads are served as linearizable", true, relay()),
            new Variant("split-position", "the applied index is durable before the data", true, killedWhileFlushing()),
            new Variant("dropped-tombstone", "a partial merge drops tombstones", true, deletions()));

    private Variants() {}

    public static List<Variant> all() {
        return ALL;
    }

    private static Trial relay() {
        return new Disturbance(
                "relay",
                site -> site.nodes(3, Map.of()),
                RelayWorkload::new,
                Optional.empty(),
                Duration.ofSeconds(15),
                6,
                600);
    }

    private static Trial killedWhileFlushing() {
        return new Disturbance(
                "killed-while-flushing",
                site -> site.nodes(1, BUSY_DISK),
                Workloads.all().get("set").make(),
                Optional.of(KillWhileFlushing::new),
                Duration.ofSeconds(30),
                6,
                150);
    }

    private static Trial deletions() {
        return new Disturbance(
                "deletions",
                site -> site.nodes(1, BUSY_DISK),
                DeletionsWorkload::new,
                Optional.empty(),
                Duration.ofSeconds(15),
                6,
                150);
    }
}
