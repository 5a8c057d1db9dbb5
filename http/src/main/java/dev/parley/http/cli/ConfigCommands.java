package dev.parley.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley config}: the configuration that the members agree on, for people and scripts. */
final class ConfigCommands {
    private ConfigCommands() {}

    static CommandLine line(Terminal terminal) {
        return new CommandLine(new Group())
                .addSubcommand("get", new Get(terminal))
                .addSubcommand("set", new Set(terminal))
                .addSubcommand("watch", new Watch(terminal))
                .addSubcommand("history", new History(terminal))
                .addSubcommand("diff", new Diff(terminal))
                .addSubcommand("rollback", new Rollback(terminal))
                .addSubcommand("acks", new ConfigAckCommands.List(terminal))
                .addSubcommand("ack", new ConfigAckCommands.Report(terminal));
    }

    private static JsonNode read(HttpResponse<byte[]> answer) {
        try {
            return Endpoint.JSON.readTree(answer.body());
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Command(name = "config", description = "Reads and changes the configuration.", synopsisSubcommandLabel = "COMMAND")
    static final class Group implements Runnable {
        @Spec
        CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            throw new ParameterException(
                    spec.commandLine(), "a command is missing: get, set, watch, history, diff, rollback, ack or acks");
        }
    }

    @Command(
            name = "get",
            description = "Prints the JSON value of a path; with --as, all entries that begin with it, in that form.")
    static final class Get implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(names = "--as", paramLabel = "<form>", description = "flat, tree, yaml, properties or env.")
        String form = "";

        @Option(names = "--stale", description = "What this one node has, without asking the others.")
        boolean stale;

        @Parameters(arity = "0..1", paramLabel = "<path>", description = "With --as a prefix; without it: everything.")
        String path = "";

        @Spec
        CommandSpec spec = CommandSpec.create();

        Get(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            if (path.isEmpty() && form.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "a path is missing, or --as");
            }
            String one = "/v1/config/" + Endpoint.encode(path) + (stale ? "?consistency=stale" : "");
            String all = "/v1/config?as=" + Endpoint.encode(form) + "&prefix=" + Endpoint.encode(path)
                    + (stale ? "&consistency=stale" : "");
            String body = text(endpoint.get(terminal, form.isEmpty() ? one : all));
            terminal.out().print(body.endsWith("\n") ? body : body + "\n");
            terminal.out().flush();
        }
    }

    @Command(name = "set", description = "Proposes a JSON value and prints the revision at which it was committed.")
    static final class Set implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(names = "--quorum", paramLabel = "<votes>", description = "majority, all or a number.")
        String quorum = "majority";

        @Option(names = "--applied", paramLabel = "<members>", description = "none, majority or all.")
        String applied = "none";

        @Mixin
        IfRevision ifRevision = new IfRevision();

        @Option(names = "--author", paramLabel = "<name>", description = "Kept in the history.")
        String author = "";

        @Parameters(index = "0", paramLabel = "<path>")
        String path = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "<json>", description = "Without it: standard input.")
        String json = "";

        @Spec
        CommandSpec spec = CommandSpec.create();

        Set(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/json"));
            ifRevision.addTo(headers);
            if (!author.isEmpty()) {
                headers.put("Parley-Author", author);
            }
            String query = "?quorum=" + Endpoint.encode(quorum) + "&applied=" + Endpoint.encode(applied);
            var answer = endpoint.ask(
                    terminal,
                    "PUT",
                    "/v1/config/" + Endpoint.encode(path) + query,
                    BodyPublishers.ofByteArray(content()),
                    headers);
            terminal.out()
                    .println(endpoint.isJson() ? text(answer) : read(answer).path("revision"));
        }

        private byte[] content() {
            if (spec.commandLine().getParseResult().hasMatchedPositional(1)) {
                return json.getBytes(StandardCharsets.UTF_8);
            }
            try {
                return terminal.in().readAllBytes();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    @Command(name = "watch", description = "Prints each change below a prefix as one line of JSON, as it happens.")
    static final class Watch implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(names = "--from", paramLabel = "<revision>", description = "Begins there; from now on without it.")
        long from;

        @Option(names = "--count", paramLabel = "<count>", description = "Ends after so many changes.")
        long count = Long.MAX_VALUE;

        @Parameters(arity = "0..1", paramLabel = "<prefix>", description = "Without it: everything.")
        String prefix = "";

        Watch(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            String at = from > 0 ? "&from=" + from : "";
            long left = count;
            while (left > 0) {
                JsonNode page = read(endpoint.ask(
                        terminal,
                        "GET",
                        "/v1/config-watch?prev&wait=30s&prefix=" + Endpoint.encode(prefix) + at,
                        BodyPublishers.noBody(),
                        Map.of("Accept", "application/json")));
                for (JsonNode event : page.path("events")) {
                    if (left-- > 0) {
                        terminal.out().println(event);
                    }
                }
                terminal.out().flush();
                at = "&from=" + page.path("next").asLong();
            }
        }
    }

    @Command(
            name = "history",
            description = "Prints the versions of all paths with a prefix, newest first, a line each.")
    static final class History implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(names = "--limit", paramLabel = "<count>", description = "At most so many.")
        int limit = 100;

        @Parameters(arity = "0..1", paramLabel = "<prefix>", description = "Without it: everything.")
        String prefix = "";

        History(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            String path = "/v1/config-history?limit=" + limit + "&prefix=" + Endpoint.encode(prefix);
            for (JsonNode item : read(endpoint.get(terminal, path)).path("items")) {
                terminal.out().println(endpoint.isJson() ? item : line(item));
            }
        }

        private static String line(JsonNode item) {
            boolean put = item.path("type").asText().equals("put");
            return item.path("revision") + "  " + item.path("at").asText() + "  "
                    + item.path("path").asText() + (put ? " = " + item.path("value") : " deleted")
                    + words("  by ", item.path("author")) + words("  ", item.path("comment"));
        }

        private static String words(String before, JsonNode text) {
            return text.isMissingNode() ? "" : before + text.asText();
        }
    }

    @Command(name = "diff", description = "Prints what differs between two revisions, a line of JSON each.")
    static final class Diff implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(names = "--prefix", paramLabel = "<prefix>", description = "Only paths that begin with it.")
        String prefix = "";

        @Parameters(index = "0", paramLabel = "<from>")
        long from;

        @Parameters(index = "1", arity = "0..1", paramLabel = "<to>", description = "Without it: now.")
        long to = -1;

        Diff(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            String path =
                    "/v1/config-diff?from=" + from + (to < 0 ? "" : "&to=" + to) + "&prefix=" + Endpoint.encode(prefix);
            read(endpoint.get(terminal, path)).path("changes").forEach(change -> terminal.out()
                    .println(change));
        }
    }

    @Command(
            name = "rollback",
            description =
                    "Makes all paths with a prefix what they were at a revision, and prints the revision of that.")
    static final class Rollback implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(names = "--comment", paramLabel = "<text>", description = "Kept in the history.")
        String comment = "";

        @Parameters(index = "0", paramLabel = "<prefix>")
        String prefix = "";

        @Parameters(index = "1", paramLabel = "<revision>")
        long revision;

        Rollback(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            ObjectNode body =
                    Endpoint.JSON.createObjectNode().put("prefix", prefix).put("revision", revision);
            if (!comment.isEmpty()) {
                body.put("comment", comment);
            }
            var answer = endpoint.ask(
                    terminal,
                    "POST",
                    "/v1/config-rollbacks",
                    BodyPublishers.ofString(body.toString()),
                    Map.of("Content-Type", "application/json"));
            terminal.out()
                    .println(endpoint.isJson() ? text(answer) : read(answer).path("revision"));
        }
    }
}
