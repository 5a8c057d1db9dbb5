package dev.parley.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley process}: singletons and other processes. */
final class ProcessCommands {
    private static final String PROCESSES = "/v1/processes/";
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private ProcessCommands() {}

    static CommandLine line(Terminal terminal) {
        return new CommandLine(new Group())
                .addSubcommand("ls", new ListProcesses(terminal))
                .addSubcommand("get", new Get(terminal))
                .addSubcommand("start", new Start(terminal))
                .addSubcommand("stop", new CommandLine(new Steer(terminal, "stop")))
                .addSubcommand("restart", new CommandLine(new Steer(terminal, "restart")))
                .addSubcommand("migrate", new Migrate(terminal))
                .addSubcommand("rm", new Remove(terminal));
    }

    @Command(
            name = "process",
            description = "Starts, shows, moves and stops processes.",
            synopsisSubcommandLabel = "COMMAND")
    static final class Group implements Runnable {
        @Spec
        CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            throw new ParameterException(
                    spec.commandLine(), "a command is missing: ls, get, start, stop, restart, migrate or rm");
        }
    }

    private static JsonNode read(byte[] body) {
        try {
            return Endpoint.JSON.readTree(body);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static void print(Terminal terminal, JsonNode process) {
        terminal.out()
                .printf(
                        "%-24s %-16s %-9s %-16s %s%n",
                        process.path("name").asText(),
                        process.path("kind").asText(),
                        process.path("state").asText(),
                        process.path("node").asText("-"),
                        process.path("token").asText("-"));
    }

    @Command(name = "ls", description = "Prints name, kind, state, node and token of each process.")
    static final class ListProcesses implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        ListProcesses(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            String after = "";
            do {
                byte[] body = endpoint.get(terminal, "/v1/processes?limit=1000" + after)
                        .body();
                JsonNode page = read(body);
                if (endpoint.isJson()) {
                    terminal.out().println(new String(body, StandardCharsets.UTF_8));
                } else {
                    page.path("items").forEach(process -> print(terminal, process));
                }
                after = page.path("more").asBoolean()
                        ? "&after=" + Endpoint.encode(page.path("next").asText())
                        : "";
            } while (!after.isEmpty());
        }
    }

    @Command(name = "get", description = "Prints a process with its specification, as JSON.")
    static final class Get implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Parameters(paramLabel = "<name>")
        String name = "";

        Get(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            byte[] body =
                    endpoint.get(terminal, PROCESSES + Endpoint.encode(name)).body();
            terminal.out()
                    .println(
                            endpoint.isJson()
                                    ? new String(body, StandardCharsets.UTF_8)
                                    : read(body).toPrettyString());
        }
    }

    @Command(name = "start", description = "Starts a singleton and waits until it runs.")
    static final class Start implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(names = "--spec", paramLabel = "<json>", description = "More of the specification, a JSON object.")
        String specification = "{}";

        @Option(names = "--arguments", paramLabel = "<json>", description = "For the kind, a JSON object.")
        String arguments = "{}";

        @Parameters(index = "0", paramLabel = "<name>")
        String name = "";

        @Parameters(index = "1", paramLabel = "<kind>")
        String kind = "";

        @Spec
        CommandSpec spec = CommandSpec.create();

        Start(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            ObjectNode body = object("--spec", specification);
            body.put("name", name).put("kind", kind);
            if (!body.has("arguments")) {
                body.set("arguments", object("--arguments", arguments));
            }
            byte[] answer = endpoint.ask(
                            terminal, "POST", "/v1/singletons", BodyPublishers.ofString(body.toString()), JSON)
                    .body();
            if (endpoint.isJson()) {
                terminal.out().println(new String(answer, StandardCharsets.UTF_8));
            } else {
                print(terminal, read(answer));
            }
        }

        private ObjectNode object(String option, String text) {
            try {
                if (Endpoint.JSON.readTree(text) instanceof ObjectNode object) {
                    return object;
                }
            } catch (IOException malformed) {
                // said below
            }
            throw new ParameterException(spec.commandLine(), option + " must be a JSON object");
        }
    }

    @Command(description = "Has a process stop, or start anew.")
    static final class Steer implements Runnable {
        private final Terminal terminal;
        private final String wish;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Parameters(paramLabel = "<name>")
        String name = "";

        Steer(Terminal terminal, String wish) {
            this.terminal = terminal;
            this.wish = wish;
        }

        @Override
        public void run() {
            steer(terminal, endpoint, name, wish, "");
        }
    }

    @Command(name = "migrate", description = "Moves a singleton to another node.")
    static final class Migrate implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(names = "--to", paramLabel = "<node>", description = "Where to; otherwise the cluster chooses.")
        String node = "";

        @Parameters(paramLabel = "<name>")
        String name = "";

        Migrate(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            String body = node.isEmpty()
                    ? ""
                    : Endpoint.JSON.createObjectNode().put("node", node).toString();
            steer(terminal, endpoint, name, "migrate", body);
        }
    }

    private static void steer(Terminal terminal, Endpoint endpoint, String name, String wish, String body) {
        byte[] answer = endpoint.ask(
                        terminal,
                        "POST",
                        PROCESSES + Endpoint.encode(name) + ":" + wish,
                        BodyPublishers.ofString(body),
                        JSON)
                .body();
        terminal.out().println(endpoint.isJson() ? new String(answer, StandardCharsets.UTF_8) : wish + " " + name);
    }

    @Command(name = "rm", description = "Stops a process and forgets it.")
    static final class Remove implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Parameters(paramLabel = "<name>")
        String name = "";

        Remove(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            endpoint.ask(terminal, "DELETE", PROCESSES + Endpoint.encode(name), BodyPublishers.noBody(), Map.of());
            terminal.out().println(endpoint.isJson() ? "{\"removed\":\"" + name + "\"}" : "removed " + name);
        }
    }
}
