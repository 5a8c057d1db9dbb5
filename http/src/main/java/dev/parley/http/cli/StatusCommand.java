package dev.parley.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code parley status}: what one node says of itself. */
@Command(name = "status", description = "Prints what a node says of itself and of its cluster.")
final class StatusCommand implements Runnable {
    private final Terminal terminal;

    @Mixin
    Endpoint endpoint = new Endpoint();

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        byte[] body = endpoint.get(terminal, "/v1/status").body();
        if (endpoint.isJson()) {
            terminal.out().println(new String(body, StandardCharsets.UTF_8));
            return;
        }
        try {
            print("", Endpoint.JSON.readTree(body));
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private void print(String name, JsonNode node) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field ->
                            print(name.isEmpty() ? field.getKey() : name + "." + field.getKey(), field.getValue()));
            return;
        }
        terminal.out().printf("%-20s %s%n", name, node.isTextual() ? node.asText() : node.toString());
    }
}
