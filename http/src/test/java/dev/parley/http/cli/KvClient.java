package dev.parley.http.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A client that retries nothing and hides nothing. */
final class KvClient implements AutoCloseable {
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** What came back; status 0 when nothing did. */
    record Answer(int status, String body) {}

    Answer put(int port, String key, String value) {
        return send(request(port, "/v1/kv/" + key).PUT(BodyPublishers.ofString(value)));
    }

    Answer get(int port, String path) {
        return send(request(port, path));
    }

    /** Waits for a key that is not there. */
    Answer longPoll(int port, String key, Duration wait) {
        return send(request(port, "/v1/kv/" + key)
                .timeout(wait.plusSeconds(10))
                .header("If-None-Match", "\"0\"")
                .header("Prefer", "wait=" + wait.toSeconds()));
    }

    String value(int port, String key) {
        return get(port, "/v1/kv/" + key).body();
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException nobody) {
            return new Answer(0, String.valueOf(nobody.getMessage()));
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
