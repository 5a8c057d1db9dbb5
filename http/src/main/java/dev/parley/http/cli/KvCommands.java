package dev.parley.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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

/** {@code parley kv}: single keys, for people and scripts. */
final class KvCommands {
    private KvCommands() {}

    static CommandLine line(Terminal terminal) {
        return new CommandLine(new Group())
                .addSubcommand("get", new Get(terminal))
                .addSubcommand("put", new Put(terminal))
                .addSubcommand("del", new Delete(terminal))
                .addSubcommand("ls", new ListKeys(terminal));
    }

    private static String path(String key) {
        return "/v1/kv/" + Endpoint.encode(key);
    }

    @Command(name = "kv", description = "Reads and writes keys.", synopsisSubcommandLabel = "COMMAND")
    static final class Group implements Runnable {
        @Spec
        CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "a command is missing: get, put, del or ls");
        }
    }

    @Command(name = "get", description = "Prints the value of a key, byte for byte. Exit 1 when there is none.")
    static final class Get implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(names = "--stale", description = "What this one node has, without asking the others.")
        boolean stale;

        @Parameters(paramLabel = "<key>")
        String key = "";

        Get(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            var answer = endpoint.get(terminal, path(key) + (stale ? "?consistency=stale" : ""));
            if (endpoint.isJson()) {
                terminal.out().println(item(answer));
                return;
            }
            try {
                terminal.bytesOut().write(answer.body());
                terminal.bytesOut().flush();
            } catch (IOException closed) {
                throw new UncheckedIOException(closed);
            }
        }

        private ObjectNode item(HttpResponse<byte[]> answer) {
            ObjectNode item = Endpoint.JSON.createObjectNode().put("key", key);
            try {
                item.put(
                        "value",
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(answer.body()))
                                .toString());
            } catch (CharacterCodingException binary) {
                item.put("value_base64", Base64.getEncoder().encodeToString(answer.body()));
            }
            header(answer, "Content-Type").ifPresent(type -> item.put("content_type", type));
            number(item, "create_revision", header(answer, "Parley-Create-Revision"));
            number(item, "mod_revision", header(answer, "ETag").map(tag -> tag.replace("\"", "")));
            number(item, "version", header(answer, "Parley-Version"));
            header(answer, "Parley-Lease").ifPresent(lease -> item.put("lease", lease));
            return item;
        }

        private static java.util.Optional<String> header(HttpResponse<byte[]> answer, String name) {
            return answer.headers().firstValue(name);
        }

        private static void number(ObjectNode item, String field, java.util.Optional<String> value) {
            value.filter(text -> text.matches("\\d{1,18}")).ifPresent(text -> item.put(field, Long.parseLong(text)));
        }
    }

    @Command(name = "put", description = "Stores a value under a key and prints its revision.")
    static final class Put implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(
                names = "--content-type",
                paramLabel = "<type>",
                description = "Kept with the value; application/octet-stream by default.")
        String contentType = "";

        @Option(names = "--ttl", paramLabel = "<duration>", description = "The key goes by itself after this long.")
        String ttl = "";

        @Mixin
        IfRevision ifRevision = new IfRevision();

        @Parameters(index = "0", paramLabel = "<key>")
        String key = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "<value>", description = "Without it: standard input.")
        String value = "";

        @Spec
        CommandSpec spec = CommandSpec.create();

        Put(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            Map<String, String> headers = new HashMap<>();
            headers.put("Content-Type", contentType.isEmpty() ? "application/octet-stream" : contentType);
            ifRevision.addTo(headers);
            String query = ttl.isEmpty() ? "" : "?ttl=" + Endpoint.encode(ttl);
            var answer =
                    endpoint.ask(terminal, "PUT", path(key) + query, BodyPublishers.ofByteArray(content()), headers);
            String body = new String(answer.body(), StandardCharsets.UTF_8);
            terminal.out().println(endpoint.isJson() ? body : revision(answer));
        }

        private byte[] content() {
            if (spec.commandLine().getParseResult().hasMatchedPositional(1)) {
                return value.getBytes(StandardCharsets.UTF_8);
            }
            try {
                return terminal.in().readAllBytes();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }

        private static String revision(HttpResponse<byte[]> answer) {
            return answer.headers().firstValue("Parley-Revision").orElse("");
        }
    }

    @Command(name = "del", description = "Deletes a key and prints how many there were: 0 or 1.")
    static final class Delete implements Runnable {
        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Parameters(paramLabel = "<key>")
        String key = "";

        Delete(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            var answer = endpoint.ask(terminal, "DELETE", path(key), BodyPublishers.noBody(), Map.of());
            String deleted = answer.headers().firstValue("Parley-Deleted").orElse("0");
            terminal.out().println(endpoint.isJson() ? "{\"deleted\":" + deleted + "}" : deleted);
        }
    }

    @Command(
            name = "ls",
            description = "Lists keys, one a line, in order; with --json one item a line, with its value.")
    static final class ListKeys implements Runnable {
        private static final int PAGE = 1000;

        private final Terminal terminal;

        @Mixin
        Endpoint endpoint = new Endpoint();

        @Option(names = "--limit", paramLabel = "<count>", description = "At most so many.")
        long limit = Long.MAX_VALUE;

        @Parameters(arity = "0..1", paramLabel = "<prefix>", description = "Without it: every key.")
        String prefix = "";

        ListKeys(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            long left = limit;
            String after = "";
            boolean more = left > 0;
            while (more) {
                JsonNode page = page(Math.min(left, PAGE), after);
                for (JsonNode item : page.path("items")) {
                    terminal.out()
                            .println(endpoint.isJson() ? item : item.path("key").asText());
                    left--;
                }
                after = page.path("next").asText("");
                more = page.path("more").asBoolean() && left > 0;
            }
        }

        private JsonNode page(long size, String after) {
            String query = "?limit=" + size
                    + (prefix.isEmpty() ? "" : "&prefix=" + Endpoint.encode(prefix))
                    + (endpoint.isJson() ? "" : "&keys_only=true")
                    + (after.isEmpty() ? "" : "&after=" + Endpoint.encode(after));
            try {
                return Endpoint.JSON.readTree(
                        endpoint.get(terminal, "/v1/kv" + query).body());
            } catch (IOException malformed) {
                throw new UncheckedIOException(malformed);
            }
        }
    }
}
