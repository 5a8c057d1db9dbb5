package dev.parley.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.cli.ProofCheck.Root;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.LeaseId;
import dev.parley.store.kv.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley prove}: checks what a node says of a key, without believing it. */
@Command(
        name = "prove",
        description =
                "Checks by hashes that a key has the value a node says, and that history was not rewritten since a "
                        + "root printed earlier. Prints the root it holds for.")
final class ProveCommand implements Runnable {
    private final Terminal terminal;

    @Mixin
    Endpoint endpoint = new Endpoint();

    @Option(
            names = "--since",
            paramLabel = "<root>",
            description = "A root this command printed; the history must go on from it.")
    String since = "";

    @Option(names = "--revision", paramLabel = "<revision>", description = "The value at this revision.")
    Long revision = -1L;

    @Parameters(paramLabel = "<key>")
    String key = "";

    @Spec
    CommandSpec spec = CommandSpec.create();

    ProveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        String at = revision >= 0 ? "?revision=" + revision : "";
        HttpResponse<byte[]> answer = endpoint.get(terminal, "/v1/kv/" + Endpoint.encode(key) + at);
        Version.Live version = version(answer);
        JsonNode proof = ask("/v1/proof?revision=" + version.modRevision());
        Root root = ProofCheck.inclusion(key, version, proof);
        if (!since.isEmpty()) {
            Root earlier = Root.parse(since)
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(), "--since must be a root as this command prints it, was " + since));
            ProofCheck.consistency(
                    earlier, root, ask("/v1/proof/consistency?from=" + earlier.revision() + "&to=" + root.revision()));
        }
        if (endpoint.isJson()) {
            terminal.out()
                    .println(Endpoint.JSON
                            .createObjectNode()
                            .put("key", key)
                            .put("mod_revision", version.modRevision())
                            .put("root", root.text()));
        } else {
            terminal.out().println(root.text());
        }
    }

    private static Version.Live version(HttpResponse<byte[]> answer) {
        return new Version.Live(
                number(answer, "Parley-Create-Revision"),
                number(answer, "ETag"),
                number(answer, "Parley-Version"),
                answer.headers().firstValue("Parley-Lease").isPresent() ? number(answer, "Parley-Lease") : LeaseId.NONE,
                answer.headers().firstValue("Content-Type").orElse(""),
                Bytes.wrap(answer.body()));
    }

    private static long number(HttpResponse<byte[]> answer, String header) {
        String text = answer.headers().firstValue(header).orElse("").replace("\"", "");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            throw new CommandFailure(ExitCode.FAILED, "not proven: " + header + " is no number");
        }
    }

    private JsonNode ask(String path) {
        try {
            return Endpoint.JSON.readTree(endpoint.get(terminal, path).body());
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
