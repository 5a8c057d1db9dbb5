package dev.parley.consistency.soak;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.checker.Verdict;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.cluster.Processes;
import dev.parley.consistency.run.Plan;
import dev.parley.consistency.run.Run;
import dev.parley.consistency.run.RunFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Watchers go from node to node, while nodes are killed and lose their tables, so that what a watcher goes on from is in a snapshot that came from elsewhere.
 * Each round is a run of the workload {@code watch}, judged as the suite judges it.
 */
final class WatchesMove implements Drill {
    private static final List<String> FAULTS = List.of("wipe-tables", "kill");
    private static final Duration TIME = Duration.ofSeconds(12);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final int CLIENTS = 9;
    private static final int RATE = 60;

    private Path directory = Path.of("");

    @Override
    public Cluster open(NodeBuild build, Path nodes) {
        directory = nodes.resolveSibling("watches");
        return new Processes(
                build,
                3,
                nodes,
                Map.of("PARLEY_STORAGE_FLUSH_INTERVAL", "500ms", "PARLEY_STORAGE_MEMTABLE_BYTES", "1MiB"));
    }

    @Override
    public String round(Scene scene, int round) {
        Plan plan =
                new Plan("watch", FAULTS, TIME, CLIENTS, RATE, scene.random().nextLong(1_000_000), ANSWER);
        Run.Outcome outcome = execute(new Run(scene.cluster(), plan));
        scene.healed();
        Verdict verdict = outcome.verdict();
        if (verdict.answer() != Answer.VALID) {
            RunFiles.write(directory.resolve("round-" + round), outcome, "./parley soak --only watches");
        }
        String first = verdict.findings().isEmpty()
                ? ""
                : verdict.findings().getFirst().sentence();
        if (verdict.answer() == Answer.INVALID) {
            scene.ledger().accuse(first);
        } else if (verdict.answer() == Answer.UNKNOWN) {
            throw new ClusterException(first);
        }
        return verdict.facts().get("sessions") + " sessions of watchers saw "
                + verdict.facts().get("revisions") + " revisions, faults "
                + verdict.facts().get("faults_seen");
    }

    private static Run.Outcome execute(Run run) {
        try {
            return run.execute();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ClusterException("the watchers were interrupted", interrupted);
        }
    }
}
