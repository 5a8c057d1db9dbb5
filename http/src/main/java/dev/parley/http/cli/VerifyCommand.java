package dev.parley.http.cli;

import dev.parley.http.node.Maintenance;
import dev.parley.http.node.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code parley verify}: whether every byte on disk is the one that was written. */
@Command(
        name = "verify",
        description = "Reads every byte of a backup, or of the data directory of a node that does not run, and compares"
                + " every hash. Exit 1 when one does not fit.")
final class VerifyCommand implements Runnable {
    private final Terminal terminal;

    @Parameters(paramLabel = "<directory|archive>")
    Path path = Path.of("");

    VerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        if (!Files.exists(path)) {
            throw new CommandFailure(ExitCode.FAILED, "there is no " + path);
        }
        try {
            var verified = Maintenance.verify(path);
            verified.findings().forEach(finding -> terminal.out().println("damaged: " + finding));
            if (!verified.findings().isEmpty()) {
                throw new CommandFailure(
                        ExitCode.FAILED,
                        path + " is damaged in " + verified.findings().size() + " places");
            }
            terminal.out().println("sound: " + verified.what());
        } catch (StartFailure failure) {
            throw new CommandFailure(ExitCode.FAILED, failure.getMessage());
        }
    }
}
