package dev.parley.coordination.process.callback;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Posts JSON to services. Follows no redirect: it could lead to where this node may not call. Any thread. */
public final class Calls implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_WITHIN)
            .build();

    /** What came back. */
    public sealed interface Reply {
        /** @param body at most {@value BoundedBody#BYTES_MAX} bytes, cut when it was more */
        record Answered(int status, byte[] body) implements Reply {
            public boolean isGood() {
                return status >= 200 && status < 300;
            }
        }

        /** No answer; whether the service has done anything is not known. */
        record Nothing(String why) implements Reply {}
    }

    /** Blocks, at most as long as {@code within}; less when the thread is interrupted. */
    public Reply post(String url, String json, Duration within) {
        CompletableFuture<HttpResponse<byte[]>> call;
        try {
            call = client.sendAsync(
                    HttpRequest.newBuilder(URI.create(url))
                            .header("Content-Type", "application/json")
                            .timeout(within.isPositive() ? within : Duration.ofMillis(1))
                            .POST(HttpRequest.BodyPublishers.ofString(json))
                            .build(),
                    head -> new BoundedBody());
        } catch (IllegalArgumentException malformed) {
            return new Reply.Nothing("no usable address: " + url);
        }
        try {
            HttpResponse<byte[]> answer = call.get(within.toNanos(), TimeUnit.NANOSECONDS);
            return new Reply.Answered(answer.statusCode(), answer.body());
        } catch (TimeoutException silence) {
            call.cancel(true);
            return new Reply.Nothing("no answer within " + within.toMillis() + " ms");
        } catch (InterruptedException interrupted) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            return new Reply.Nothing("interrupted");
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            return new Reply.Nothing(
                    cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : ": " + cause.getMessage()));
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
