package dev.parley.http.cli;

import dev.parley.http.node.Ambient;
import dev.parley.http.node.Maintenance;
import dev.parley.http.node.StartFailure;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley restore}: a backup becomes the data of the first node of a new cluster. */
@Command(
        name = "restore",
        description =
                "Makes a backup the data directory of the first node of a new cluster. Verifies it before anything"
                        + " is written.")
final class RestoreCommand implements Runnable {
    private final Terminal terminal;

    @Parameters(paramLabel = "<archive>")
    Path archive = Path.of("");

    @Option(names = "--data", paramLabel = "<directory>", required = true, description = "Empty, or not there.")
    Path data = Path.of("");

    @Option(
            names = "--cluster.id",
            paramLabel = "<name>",
            description = "Of the new cluster. Without it one is made up from the old.")
    String cluster = "";

    RestoreCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        Optional<String> name = cluster.isEmpty() ? Optional.empty() : Optional.of(cluster);
        if (name.isPresent() && !cluster.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
            throw new CommandFailure(ExitCode.USAGE, "--cluster.id must be a name, was " + cluster);
        }
        try {
            var restored = new Maintenance(Ambient.real()).restore(archive, data, name);
            terminal.out()
                    .println("restored revision "
                            + restored.contents().tables().position().revision() + " of cluster "
                            + restored.contents().cluster() + " into " + data);
            terminal.out()
                    .println("cluster " + restored.cluster() + " begins at revision " + restored.revision()
                            + "; start this node first, then empty ones");
        } catch (StartFailure failure) {
            throw new CommandFailure(ExitCode.FAILED, failure.getMessage());
        }
    }
}
