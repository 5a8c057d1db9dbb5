package dev.parley.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley members}: the registered nodes. */
final class MembersCommands {
    private MembersCommands() {}

    static CommandLine line(Terminal terminal) {
        return new CommandLine(new Group())
                .addSubcommand("list", new ListMembers(terminal))
                .addSubcommand("remove", new Remove(terminal));
    }

    @Command(name = "members", description = "Lists and removes registered nodes.", synopsisSubcommandLabel = "COMMAND")
    static final class Group implements Runnable {
        @Spec
        CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "a command is missing: list or remove");
        }
    }

    @Command(name = "list", description = "Prints the registered nodes.")
    static final class ListMembers implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        ListMembers(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            byte[] body = endpoint.get(terminal, "/v1/members?all=true").body();
            if (endpoint.isJson()) {
                terminal.out().println(new String(body, StandardCharsets.UTF_8));
                return;
            }
            try {
                for (JsonNode member : Endpoint.JSON.readTree(body).path("members")) {
                    terminal.out()
                            .printf(
                                    "%-16s %-10s %s%n",
                                    member.path("id").asText(),
                                    member.path("state").asText("-"),
                                    member.path("url").asText());
                }
            } catch (IOException malformed) {
                throw new UncheckedIOException(malformed);
            }
        }
    }

    @Command(
            name = "remove",
            description = "Ends the registration of a node that will not come back; it no longer holds the log.")
    static final class Remove implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Parameters(paramLabel = "<id>")
        String id = "";

        Remove(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            endpoint.ask(terminal, "DELETE", "/v1/members/" + Endpoint.encode(id), BodyPublishers.noBody(), Map.of());
            terminal.out().println(endpoint.isJson() ? "{\"removed\":\"" + id + "\"}" : "removed " + id);
        }
    }
}
