package dev.parley.consistency.soak;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.run.RunFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One drill, repeated on one cluster under acknowledged writers; after each round everything acknowledged must be there, on every node, once.
 *
 * @param summary a line for a person
 * @param rounds as many as the full form has
 */
public record Soak(String name, String summary, int rounds, Supplier<Drill> drill) {
    /** Nodes that take longer to be ready again leave their logs. */
    private static final Duration SLOW = Duration.ofSeconds(12);

    /**
     * What came of it.
     *
     * @param shown rounds that demonstrably happened and were recovered from
     * @param readyAfterMillis how long it took after each until every node was ready
     * @param remark the first violation, or what went wrong otherwise; empty when nothing did
     */
    public record Result(
            String name,
            Answer answer,
            int rounds,
            int shown,
            long acknowledged,
            long refused,
            long inDoubt,
            long replayed,
            List<Long> readyAfterMillis,
            long seconds,
            String remark) {}

    /**
     * Runs it. Ends at the first round that shows a violation, or that the cluster does not recover from.
     *
     * @param directory for the data of nodes, and for their logs when not all is well
     * @param tell gets a line after each round
     */
    public Result run(NodeBuild build, Path directory, int rounds, long seed, Consumer<String> tell) {
        long begun = System.nanoTime();
        Drill own = drill.get();
        try (Cluster cluster = own.open(build, directory.resolve("nodes"));
                Scene scene = new Scene(cluster, own.valueBytes(), seed)) {
            List<String> troubles = new ArrayList<>();
            int shown = repeat(own, scene, rounds, directory, troubles, tell);
            Ledger ledger = scene.ledger();
            Optional<String> violation = ledger.violations().stream().findFirst();
            Answer answer = violation.isPresent()
                    ? Answer.INVALID
                    : troubles.isEmpty() && shown == rounds ? Answer.VALID : Answer.UNKNOWN;
            if (answer != Answer.VALID) {
                RunFiles.logs(directory, cluster);
                Files.write(directory.resolve("violations.txt"), ledger.violations());
            }
            return new Result(
                    name,
                    answer,
                    rounds,
                    shown,
                    ledger.acknowledged(),
                    ledger.refused(),
                    ledger.inDoubt(),
                    ledger.replayed(),
                    scene.readyAfterMillis(),
                    (System.nanoTime() - begun) / 1_000_000_000,
                    violation.or(() -> troubles.stream().findFirst()).orElse(""));
        } catch (java.io.IOException notWritten) {
            throw new java.io.UncheckedIOException(notWritten);
        }
    }

    private int repeat(
            Drill own, Scene scene, int rounds, Path directory, List<String> troubles, Consumer<String> tell) {
        Audit audit = new Audit(scene.nodes(), scene.ledger());
        int shown = 0;
        try {
            scene.awaitReady();
            scene.writers().start();
            for (int round = 1; round <= rounds; round++) {
                scene.writers().round(round);
                scene.awaitAcknowledged(20);
                String evidence = own.round(scene, round);
                scene.awaitReadyAgain();
                scene.awaitAcknowledged(20);
                own.inspect(scene);
                require(audit.holds(Writers.onceBelow(round)), "not every node listed what it holds");
                shown++;
                tell.accept(name + " " + round + "/" + rounds + ": " + evidence + "; all ready after "
                        + scene.readyAfterMillis().getLast() + " ms");
                if (scene.readyAfterMillis().getLast() > SLOW.toMillis()) {
                    RunFiles.logs(directory.resolve("slow-round-" + round), scene.cluster());
                }
                if (!scene.ledger().violations().isEmpty()) {
                    return shown;
                }
            }
            scene.writers().close();
            require(audit.holds(Writers.ONCE), "not every node listed what it holds");
        } catch (ClusterException trouble) {
            troubles.add("round " + (shown + 1) + ": " + trouble.getMessage());
        }
        return shown;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ClusterException(otherwise);
        }
    }
}
