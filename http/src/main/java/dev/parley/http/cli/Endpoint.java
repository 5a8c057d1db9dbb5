package dev.parley.http.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Options of every command that talks to a running node, and the one way it is asked. */
final class Endpoint {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final String DEFAULT = "http://127.0.0.1:7070";
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(70);

    @Option(
            names = "--endpoint",
            paramLabel = "<url>",
            description = "A node; else PARLEY_ENDPOINT, else " + DEFAULT + ".")
    private String url = "";

    @Option(names = "--json", description = "Prints one JSON object, for programs.")
    private boolean json;

    static Endpoint at(String url) {
        var endpoint = new Endpoint();
        endpoint.url = url;
        return endpoint;
    }

    boolean isJson() {
        return json;
    }

    private String base(Terminal terminal) {
        String chosen = url.isEmpty() ? terminal.environment().getOrDefault("PARLEY_ENDPOINT", DEFAULT) : url;
        return chosen.endsWith("/") ? chosen.substring(0, chosen.length() - 1) : chosen;
    }

    HttpResponse<byte[]> get(Terminal terminal, String path) {
        return ask(terminal, "GET", path, BodyPublishers.noBody(), Map.of());
    }

    /**
     * One request.
     *
     * @param path encoded already
     * @throws CommandFailure when nobody answers, or with the problem's own words when the answer is an error
     */
    HttpResponse<byte[]> ask(
            Terminal terminal, String method, String path, BodyPublisher body, Map<String, String> headers) {
        return ask(
                terminal,
                request -> {
                    var built = request.uri(URI.create(base(terminal) + path))
                            .timeout(ANSWER_WITHIN)
                            .method(method, body);
                    headers.forEach(built::header);
                    return built.build();
                },
                BodyHandlers.ofByteArray(),
                bytes -> bytes);
    }

    /**
     * Writes the body of an answer into a file, however long that takes.
     *
     * @param file must not exist
     * @throws CommandFailure as {@link #ask}, also when the answer breaks off; the file is there then, and incomplete
     */
    HttpResponse<Path> download(Terminal terminal, String path, Path file) {
        return ask(
                terminal,
                request -> request.uri(URI.create(base(terminal) + path)).build(),
                answer -> answer.statusCode() >= 400
                        ? BodySubscribers.mapping(BodySubscribers.ofByteArray(), body -> writeAll(file, body))
                        : BodySubscribers.ofFile(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                Endpoint::readAll);
    }

    private static Path writeAll(Path file, byte[] body) {
        try {
            return Files.write(file, body, StandardOpenOption.CREATE_NEW);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] readAll(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private <T> HttpResponse<T> ask(
            Terminal terminal,
            Function<HttpRequest.Builder, HttpRequest> request,
            HttpResponse.BodyHandler<T> handler,
            Function<T, byte[]> bytes) {
        String base = base(terminal);
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            var response = client.send(request.apply(HttpRequest.newBuilder()), handler);
            if (response.statusCode() >= 400) {
                throw refused(response.statusCode(), bytes.apply(response.body()));
            }
            return response;
        } catch (IllegalArgumentException malformed) {
            throw new CommandFailure(ExitCode.USAGE, "--endpoint must be a URL such as " + DEFAULT + ", was " + base);
        } catch (IOException unreachable) {
            throw new CommandFailure(
                    ExitCode.UNAVAILABLE,
                    "no node answers at " + base + "; start one with parley dev, or name one with --endpoint");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.UNAVAILABLE, "stopped before " + base + " answered");
        }
    }

    private CommandFailure refused(int status, byte[] answer) {
        int exitCode = status == 503 || status == 504 ? ExitCode.UNAVAILABLE : ExitCode.FAILED;
        String body = new String(answer, StandardCharsets.UTF_8).strip();
        if (json && !body.isEmpty()) {
            return new CommandFailure(exitCode, body);
        }
        try {
            JsonNode problem = JSON.readTree(body);
            String title = problem.path("title").asText("HTTP " + status);
            String detail = problem.path("detail").asText("");
            String outcome =
                    problem.has("outcome") ? " (" + problem.get("outcome").asText() + ")" : "";
            return new CommandFailure(
                    exitCode, status + " " + title + (detail.isEmpty() ? "" : ": " + detail) + outcome);
        } catch (JsonProcessingException noProblem) {
            return new CommandFailure(exitCode, "HTTP " + status);
        }
    }

    /** Every byte that could mean something else in a URL is escaped; slashes of a key stay. */
    static String encode(String text) {
        var out = new StringBuilder();
        for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (unit & 0xff);
            boolean plain =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-_~/".indexOf(c) >= 0;
            out.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return out.toString();
    }
}
