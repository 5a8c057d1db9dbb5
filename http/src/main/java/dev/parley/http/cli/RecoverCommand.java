package dev.parley.http.cli;

import dev.parley.http.node.Ambient;
import dev.parley.http.node.Maintenance;
import dev.parley.http.node.StartFailure;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley recover --new-log}: what an operator decides when ZooKeeper has lost entries. */
@Command(
        name = "recover",
        description = "After log-behind-replica: has the most advanced node, which must not run, found a new log behind"
                + " what it has applied. What only the old log holds is given up.")
final class RecoverCommand implements Runnable {
    private final Terminal terminal;

    @Option(names = "--new-log", required = true, description = "Says that this is meant.")
    boolean newLog;

    @Option(names = "--data", paramLabel = "<directory>", required = true, description = "Of the most advanced node.")
    Path data = Path.of("");

    RecoverCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try {
            var recovered = new Maintenance(Ambient.real()).newLog(data);
            terminal.out()
                    .println("log " + recovered.former() + " is given up for " + recovered.log()
                            + ", which begins behind" + " entry " + recovered.appliedIndex() + " at revision "
                            + recovered.revision());
            terminal.out().println("start this node first; the others need empty table directories");
        } catch (StartFailure failure) {
            throw new CommandFailure(ExitCode.FAILED, failure.getMessage());
        }
    }
}
