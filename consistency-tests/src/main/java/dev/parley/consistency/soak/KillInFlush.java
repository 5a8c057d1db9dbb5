package dev.parley.consistency.soak;

import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.cluster.Processes;
import dev.parley.consistency.nemesis.Fault;
import dev.parley.consistency.nemesis.Faults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** SIGKILL to a node that writes a table file, until one was hit while its manifest did not name the file yet. */
final class KillInFlush implements Drill {
    private static final int TRIES = 8;

    private final Fault fault = Faults.named("kill-in-flush").orElseThrow();

    /** The smallest memtable and the shortest wait for a flush a node may be given. */
    @Override
    public Cluster open(NodeBuild build, Path directory) {
        return new Processes(
                build,
                3,
                directory,
                Map.of("PARLEY_STORAGE_FLUSH_INTERVAL", "100ms", "PARLEY_STORAGE_MEMTABLE_BYTES", "1MiB"));
    }

    @Override
    public int valueBytes() {
        return 2_000;
    }

    @Override
    public String round(Scene scene, int round) {
        scene.rest(Duration.ZERO, Duration.ofSeconds(1));
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            String who = fault.begin(scene.cluster(), scene.random());
            String evidence = fault.evidence(scene.cluster());
            scene.healed();
            fault.end(scene.cluster());
            if (!evidence.isEmpty()) {
                return who + " " + evidence + (attempt == 1 ? "" : ", at the " + attempt + ". try");
            }
            scene.awaitReady();
        }
        throw new ClusterException("no node could be hit while it wrote, in " + TRIES + " tries");
    }
}
