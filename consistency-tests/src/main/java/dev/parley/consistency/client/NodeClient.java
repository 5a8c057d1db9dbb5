package dev.parley.consistency.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Sends requests to one node, each exactly once. Nothing is retried, redirected or answered from a cache: what a test sees is what happened. Safe for use by
 * many threads.
 */
public final class NodeClient implements AutoCloseable {
    static {
        // The JDK's client would send some requests a second time.
        System.setProperty("jdk.httpclient.disableRetryConnect", "true");
        System.setProperty("jdk.httpclient.enableAllMethodRetry", "false");
    }

    private final String name;
    private final URI base;
    private final Duration timeout;
    private final HttpClient http;

    /** @param timeout how long to wait for an answer; beyond it the outcome of a write is unknown */
    public NodeClient(String name, URI base, Duration timeout) {
        this.name = name;
        this.base = base;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout.compareTo(Duration.ofSeconds(2)) < 0 ? timeout : Duration.ofSeconds(2))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    public String name() {
        return name;
    }

    public URI base() {
        return base;
    }

    /** Sends a request without a body. {@code path} is everything behind the host, encoded. */
    public Reply send(String method, String path) {
        return send(method, path, Map.of(), "");
    }

    /** Sends a request; an empty body is none. */
    public Reply send(String method, String path, Map<String, String> headers, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout);
        headers.forEach(request::header);
        boolean bodiless = method.equals("GET") || method.equals("DELETE");
        request.method(method, bodiless ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return exchange(request.build(), BodyHandlers.ofByteArray(), bytes -> bytes);
    }

    /**
     * Gets what may be large into a file; the answer then has no body. An answer that is no success is read as usual.
     *
     * @param time for all of it; when that is over, or the answer breaks off, the file is of no use and the reply is lost
     */
    public Reply save(String path, Path file, Duration time) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(time).build();
        BodyHandler<InputStream> streamed = BodyHandlers.ofInputStream();
        BodyHandler<Body> handler = head -> head.statusCode() == 200
                ? BodySubscribers.mapping(streamed.apply(head), Body.Streamed::new)
                : BodySubscribers.mapping(BodySubscribers.ofByteArray(), Body.Whole::new);
        return exchange(request, handler, body -> switch (body) {
            case Body.Whole(byte[] bytes) -> bytes;
            case Body.Streamed(InputStream stream) -> {
                Download.copy(stream, file, time);
                yield new byte[0];
            }
        });
    }

    private sealed interface Body {
        record Whole(byte[] bytes) implements Body {}

        record Streamed(InputStream stream) implements Body {}
    }

    /** What is left to do with a body that came. */
    private interface Taker<T> {
        byte[] take(T body) throws IOException;
    }

    private <T> Reply exchange(HttpRequest request, BodyHandler<T> handler, Taker<T> taker) {
        try {
            HttpResponse<T> response = http.send(request, handler);
            Map<String, String> received = new HashMap<>();
            response.headers().map().forEach((header, values) -> received.put(header, values.getFirst()));
            return new Reply.Answer(response.statusCode(), received, taker.take(response.body()));
        } catch (ConnectException | HttpConnectTimeoutException notConnected) {
            return new Reply.Lost(false, "not connected");
        } catch (HttpTimeoutException slow) {
            return new Reply.Lost(true, "timeout");
        } catch (IOException broken) {
            return new Reply.Lost(true, "connection lost: " + broken.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Reply.Lost(true, "interrupted");
        }
    }

    /** The path of a key. */
    public static String key(String key) {
        return "/v1/kv/" + encode(key).replace("%2F", "/");
    }

    /** Percent-encodes for a query or a path. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
