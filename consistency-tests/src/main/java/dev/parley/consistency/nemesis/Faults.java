package dev.parley.consistency.nemesis;

import dev.parley.consistency.nemesis.DiskFault.Deed;
import dev.parley.consistency.nemesis.Partition.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The faults by name. */
public final class Faults {

    /**
     * One entry.
     *
     * @param summary a line for a person
     * @param settings how nodes must be configured for it
     */
    public record Entry(String summary, Supplier<Fault> make, Map<String, String> settings) {
        Entry(String summary, Supplier<Fault> make) {
            this(summary, make, Map.of());
        }
    }

    private static final Map<String, Entry> ENTRIES = Collections.unmodifiableMap(entries());

    private Faults() {}

    private static Map<String, Entry> entries() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        entries.put(
                "kill",
                new Entry(
                        "SIGKILL to a node, sometimes to a majority",
                        () -> new ProcessFault(ProcessFault.Deed.KILL, false)));
        entries.put(
                "kill-all",
                new Entry("SIGKILL to all nodes at once", () -> new ProcessFault(ProcessFault.Deed.KILL, true)));
        entries.put(
                "pause",
                new Entry(
                        "SIGSTOP to a node, sometimes to a majority",
                        () -> new ProcessFault(ProcessFault.Deed.PAUSE, false)));
        entries.put(
                "stop",
                new Entry(
                        "SIGTERM to a node, sometimes to a majority",
                        () -> new ProcessFault(ProcessFault.Deed.STOP, false)));
        entries.put(
                "kill-in-flush",
                new Entry("SIGKILL to a node while it writes a table file", KillInFlush::new, Churn.SETTINGS));
        for (LeaderFault.Office office : LeaderFault.Office.values()) {
            boolean zookeeper = office == LeaderFault.Office.ZOOKEEPER;
            String who = zookeeper ? "the server that leads ZooKeeper" : "the node that leads";
            String suffix = zookeeper ? "zookeeper" : "leader";
            entries.put(
                    "kill-" + suffix,
                    new Entry("SIGKILL to " + who + ", until another one does", () -> new LeaderFault(office, true)));
            entries.put(
                    "pause-" + suffix,
                    new Entry("SIGSTOP to " + who + ", until another one does", () -> new LeaderFault(office, false)));
        }
        entries.put("rolling-restart", new Entry("SIGTERM and start, one node after the other", RollingRestart::new));
        entries.put(
                "partition",
                new Entry("any of the partitions below, at random", () -> new Partition(List.of(Shape.values()))));
        for (Shape shape : Shape.values()) {
            String name = "partition-"
                    + shape.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            entries.put(name, new Entry(summary(shape), () -> new Partition(List.of(shape))));
        }
        entries.put("compact", new Entry("all history up to now is given up", Compact::new));
        entries.put("slow", new Entry("what nodes say to each other takes longer", Slow::new));
        entries.put("shrink", new Entry("a node is removed, and comes back later", Shrink::new));
        entries.put(
                "churn",
                new Entry("flushes, merges and trims all the time, by small memtables", Churn::new, Churn.SETTINGS));
        entries.put(
                "wipe-beside-lagging",
                new Entry(
                        "a node loses its ZooKeeper while another lags and the third is away", WipeBesideLagging::new));
        entries.put("grow", new Entry("a node joins, and is removed again", Grow::new));
        entries.put("clock", new Entry("the wall clock of a node jumps by up to a day", ClockShift::new));
        entries.put("disk-full", new Entry("a node's disk is full", () -> new DiskFault(Deed.FULL)));
        entries.put("wipe-tables", new Entry("a node loses its table files", () -> new DiskFault(Deed.WIPE_TABLES)));
        entries.put(
                "wipe-zookeeper",
                new Entry("a node loses the data of its ZooKeeper server", () -> new DiskFault(Deed.WIPE_ZOOKEEPER)));
        entries.put("flip-byte", new Entry("one byte of a table file changes", () -> new DiskFault(Deed.FLIP_BYTE)));
        return entries;
    }

    private static String summary(Shape shape) {
        return switch (shape) {
            case ONE -> "one node alone";
            case HALVES -> "two halves";
            case RING -> "every node hears a majority, no two the same one";
            case BRIDGE -> "two halves, and one node that hears both";
            case ONE_WAY -> "one node hears nobody, and is heard";
            case ZOOKEEPER -> "one node without ZooKeeper's ports";
            case PEERS -> "one node without the HTTP port of the others";
            case RESET -> "connections reset on one side, silent on the other";
            case LEADER_SILENT -> "silence for ZooKeeper's leader, resets for its followers";
        };
    }

    public static Map<String, Entry> all() {
        return ENTRIES;
    }

    /** The names of all faults that these names, which may be joined by {@code +}, are made of. */
    public static List<String> single(List<String> names) {
        return names.stream()
                .flatMap(name -> java.util.Arrays.stream(name.split("\\+")))
                .toList();
    }

    /** How nodes must be configured so that all these faults, which may be joined by {@code +}, can happen to them. */
    public static Map<String, String> settings(List<String> names) {
        Map<String, String> settings = new LinkedHashMap<>();
        single(names).stream()
                .map(ENTRIES::get)
                .filter(java.util.Objects::nonNull)
                .forEach(entry -> settings.putAll(entry.settings()));
        return settings;
    }

    /** The fault of that name; two names joined by {@code +} are both at once. */
    public static Optional<Fault> named(String name) {
        int plus = name.indexOf('+');
        if (plus < 0) {
            return Optional.ofNullable(ENTRIES.get(name))
                    .map(entry -> entry.make().get());
        }
        Optional<Fault> first = named(name.substring(0, plus));
        Optional<Fault> second = named(name.substring(plus + 1));
        return first.flatMap(one -> second.map(other -> new Both(one, other)));
    }
}
