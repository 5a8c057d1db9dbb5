package dev.parley.consistency.suite;

import java.util.List;
import java.util.Optional;

/**
 * A node built wrong on purpose, and the run that must convict it. Such a node is built by a Maven profile; it takes the name from the environment variable
 * {@code PARLEY_VARIANT} and shows it as {@code variant} in {@code GET /v1/status}, by which the suite knows that it tests what it means to test.
 *
 * @param wrong what is wrong, for a person
 * @param quick among those that CI convicts each time
 */
public record Variant(String name, String wrong, String workload, List<String> faults, boolean quick) {
    public Variant {
        faults = List.copyOf(faults);
    }

    /** All of them. */
    public static List<Variant> all() {
        return List.of(
                new Variant("stale-reads", "stale reads are served as linearizable", "register", List.of(), true),
                new Variant(
                        "sync-reads",
                        "sync() instead of a barrier",
                        "register",
                        List.of("partition-one", "pause"),
                        false),
                new Variant(
                        "barrier-in-flight",
                        "a read joins a batch that is in flight",
                        "versioned-register",
                        List.of("partition-one", "pause"),
                        false),
                new Variant(
                        "barrier-resent",
                        "a barrier is satisfied by a batch that was sent again",
                        "versioned-register",
                        List.of("partition-reset", "kill"),
                        false),
                new Variant(
                        "dedup-high-water",
                        "deduplication by a high-water mark",
                        "set",
                        List.of("partition-reset", "partition-zookeeper"),
                        false),
                new Variant(
                        "czxid-identity",
                        "the log is known by the czxid of its root",
                        "set",
                        List.of("kill-all"),
                        false),
                new Variant("no-poll", "no poll beside the watch", "register", List.of("partition-zookeeper"), false),
                new Variant(
                        "index-apart",
                        "the applied index is saved apart from the data",
                        "set",
                        List.of("kill-all"),
                        true),
                new Variant(
                        "early-trim",
                        "the log is trimmed before tables are durable",
                        "set",
                        List.of("kill-all"),
                        false),
                new Variant(
                        "lost-tombstone",
                        "a partial merge drops tombstones",
                        "convergence",
                        List.of("rolling-restart"),
                        true),
                new Variant("autocreate", "a wiped ZooKeeper server votes", "set", List.of("wipe-zookeeper"), false));
    }

    public static Optional<Variant> named(String name) {
        return all().stream().filter(variant -> variant.name().equals(name)).findFirst();
    }
}
