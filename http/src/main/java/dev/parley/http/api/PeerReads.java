package dev.parley.http.api;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks other members how far they are: a stale read there that waits for a revision. Any thread. */
final class PeerReads {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration SLACK = Duration.ofMillis(500);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** @return whether the member has applied the revision within the time; completes a little later at the latest */
    CompletableFuture<Boolean> hasApplied(String url, long revision, Duration timeout) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/members?consistency=stale&min_revision="
                            + revision + "&timeout=" + timeout.toMillis() + "ms"))
                    .timeout(timeout.plus(SLACK))
                    .build();
            return http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .handle((answer, failure) -> failure == null && answer.statusCode() == 200);
        } catch (IllegalArgumentException noUrl) {
            return CompletableFuture.completedFuture(false);
        }
    }
}
