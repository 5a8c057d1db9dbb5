package dev.parley.consistency.cluster;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What an operator does with a backup: verifies it, restores it, and starts a node of it. */
public final class Restoration {
    /** Nodes of {@link Processes} are told this name, so the restored cluster must have it. */
    private static final String CLUSTER = "consistency";

    private static final int REFUSED = 1;

    private final NodeBuild build;

    public Restoration(NodeBuild build) {
        this.build = build;
    }

    /**
     * Verifies an archive and restores it.
     *
     * @param directory where {@link #start} finds it; not there yet
     * @return what the program has against the archive; empty when it was restored
     * @throws ClusterException when it did not come to a verdict
     */
    public Optional<String> restore(Path archive, Path directory) {
        return refused("verify", archive.toString())
                .or(() -> refused(
                        "restore",
                        archive.toString(),
                        "--data",
                        directory.resolve("n1").toString(),
                        "--cluster.id",
                        CLUSTER));
    }

    private Optional<String> refused(String... arguments) {
        Shell.Ended ended = Shell.end(build.operatorCommand(arguments));
        String said = arguments[0] + " says: " + ended.output().strip();
        if (ended.exit() == REFUSED) {
            return Optional.of(said);
        }
        if (ended.exit() != 0) {
            throw new ClusterException("exit code " + ended.exit() + ", " + said);
        }
        return Optional.empty();
    }

    /** Starts a node of what was restored; closing it removes the directory. */
    public Cluster start(Path directory) {
        return new Processes(build, 1, directory, Map.of());
    }
}
