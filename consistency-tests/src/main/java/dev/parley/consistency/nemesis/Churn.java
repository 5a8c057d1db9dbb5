package dev.parley.consistency.nemesis;

import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Machine;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Nodes flush all the time, and so they merge and trim all the time: their memtables are as small as can be. Nothing begins and nothing ends; it looks whether
 * that is so.
 */
final class Churn implements Fault {
    /** How nodes must be configured. */
    static final Map<String, String> SETTINGS =
            Map.of("PARLEY_STORAGE_FLUSH_INTERVAL", "100ms", "PARLEY_STORAGE_MEMTABLE_BYTES", "1MiB");

    private record Tables(long newest, long files) {}

    private final Map<String, Tables> before = new HashMap<>();

    @Override
    public Ability needs() {
        return Ability.DISK;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        before.clear();
        cluster.machines().forEach(machine -> before.put(machine.name(), tables(machine)));
        return "all nodes";
    }

    private static Tables tables(Machine machine) {
        String[] words = machine.onDisk(
                        "ls tables | sed -n 's/\\.table$//p' | sort -n | tail -1; ls tables | grep -c 'table$'; true")
                .strip()
                .split("\\s+");
        return words.length < 2 ? new Tables(0, 0) : new Tables(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }

    /** Numbers of tables only rise: what has come and is not there has been merged. */
    @Override
    public String evidence(Cluster cluster) {
        long flushed = 0;
        long merged = 0;
        for (Machine machine : cluster.machines()) {
            Tables was = before.getOrDefault(machine.name(), new Tables(0, 0));
            Tables is = tables(machine);
            flushed += is.newest() - was.newest();
            merged += was.files() + is.newest() - was.newest() - is.files();
        }
        return flushed > 0 && merged > 0 ? flushed + " tables written, " + merged + " merged away" : "";
    }

    @Override
    public void end(Cluster cluster) {
        before.clear();
    }
}
