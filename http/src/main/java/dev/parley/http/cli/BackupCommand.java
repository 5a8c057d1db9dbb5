package dev.parley.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.node.Maintenance;
import dev.parley.http.node.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code parley backup}: the state of a running node as one file, which is there only when it is whole and verified. */
@Command(name = "backup", description = "Copies the state of a running node into one file, and verifies it.")
final class BackupCommand implements Runnable {
    private final Terminal terminal;

    @Mixin
    Endpoint endpoint = new Endpoint();

    @Option(names = "--out", paramLabel = "<file>", required = true, description = "Where to; must not exist.")
    Path out = Path.of("");

    @Option(names = "--stale", description = "What this one node has, without asking the others.")
    boolean stale;

    BackupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        if (Files.exists(out)) {
            throw new CommandFailure(ExitCode.FAILED, out + " is there already; nothing was written");
        }
        Path partial = out.resolveSibling(out.getFileName() + ".partial");
        try {
            Files.deleteIfExists(partial);
            try {
                var answer = endpoint.download(terminal, "/v1/backup" + (stale ? "?consistency=stale" : ""), partial);
                keep(partial);
                tell(answer.headers().firstValue("Parley-Revision").orElse("0"));
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void keep(Path partial) throws IOException {
        List<String> findings;
        try {
            findings = Maintenance.verify(partial).findings();
        } catch (StartFailure unreadable) {
            throw new CommandFailure(ExitCode.FAILED, unreadable.getMessage());
        }
        if (!findings.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.FAILED, "what came is no whole backup: " + findings.getFirst() + "; nothing was kept");
        }
        try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(partial, out, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(out.toAbsolutePath().getParent())) {
            directory.force(true);
        }
    }

    private void tell(String revision) throws IOException {
        long bytes = Files.size(out);
        if (endpoint.isJson()) {
            ObjectNode json = Endpoint.JSON.createObjectNode();
            json.put("file", out.toString())
                    .put("revision", Long.parseLong(revision))
                    .put("bytes", bytes);
            terminal.out().println(json);
        } else {
            terminal.out().println("backed up revision " + revision + ", " + bytes + " bytes, verified: " + out);
        }
    }
}
