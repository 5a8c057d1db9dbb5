package dev.parley.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley config acks} and {@code ack}: who runs which revision of the configuration. */
final class ConfigAckCommands {
    private ConfigAckCommands() {}

    @Command(name = "acks", description = "Prints which revision each client says it runs below a prefix, a line each.")
    static final class List implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(names = "--client", paramLabel = "<name>", description = "Only what this one said.")
        String client = "";

        @Parameters(arity = "0..1", paramLabel = "<prefix>", description = "Without it: everything.")
        String prefix = "";

        List(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            String path = "/v1/config-acks?limit=1000&prefix=" + Endpoint.encode(prefix)
                    + (client.isEmpty() ? "" : "&client=" + Endpoint.encode(client));
            String after = "";
            while (true) {
                JsonNode page = read(endpoint.get(terminal, path + after).body());
                for (JsonNode item : page.path("items")) {
                    terminal.out().println(endpoint.isJson() ? item : line(item));
                }
                if (!page.path("more").asBoolean()) {
                    return;
                }
                after = "&after=" + Endpoint.encode(page.path("next").asText());
            }
        }

        private static String line(JsonNode item) {
            String where = item.has("path")
                    ? item.path("path").asText()
                    : item.path("prefix").asText() + "*";
            String reason = item.path("reason").asText();
            return item.path("client").asText() + "  " + where + "  " + item.path("revision") + "  "
                    + item.path("status").asText() + (reason.isEmpty() ? "" : ": " + reason) + "  "
                    + item.path("at").asText();
        }
    }

    @Command(
            name = "ack",
            description = "Says for a client which revision it runs below a prefix, or that it refused it.")
    static final class Report implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(names = "--rejected", paramLabel = "<reason>", description = "It does not run it, and why.")
        String rejected = "";

        @Parameters(index = "0", paramLabel = "<client>")
        String client = "";

        @Parameters(index = "1", paramLabel = "<prefix>")
        String prefix = "";

        @Parameters(index = "2", paramLabel = "<revision>")
        long revision;

        Report(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            ObjectNode body = Endpoint.JSON
                    .createObjectNode()
                    .put("client", client)
                    .put("prefix", prefix)
                    .put("revision", revision)
                    .put("status", rejected.isEmpty() ? "applied" : "rejected");
            if (!rejected.isEmpty()) {
                body.put("reason", rejected);
            }
            endpoint.ask(
                    terminal,
                    "POST",
                    "/v1/config-acks",
                    BodyPublishers.ofString(body.toString()),
                    Map.of("Content-Type", "application/json"));
        }
    }

    private static JsonNode read(byte[] body) {
        try {
            return Endpoint.JSON.readTree(body);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
