package dev.parley.http.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.http.api.InternalAnswers;
import dev.parley.http.api.SnapshotOffers.Offer;
import dev.parley.store.replica.SnapshotSource.Wanted;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks other nodes for their tables. One thread. */
final class SnapshotClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/internal/v1/snapshots";
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);

    /** Also for a part of a file: some megabytes. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private final String secret;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .build();

    SnapshotClient(String secret) {
        this.secret = secret;
    }

    /** There was no answer, or not the one hoped for. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    Offer offer(String url, Wanted wanted) throws Refused {
        byte[] body = send(
                url,
                "?log=" + wanted.log() + "&above=" + wanted.above(),
                request -> request.POST(HttpRequest.BodyPublishers.noBody()));
        try {
            JsonNode json = JSON.readTree(body);
            return new Offer(
                    json.path("id").asText(),
                    json.path("applied").asLong(),
                    Base64.getDecoder().decode(json.path("manifest").asText()));
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new Refused("an offer that cannot be read: " + unreadable.getMessage());
        }
    }

    byte[] read(String url, Offer offer, String file, long from) throws Refused {
        String name = URLEncoder.encode(file, StandardCharsets.UTF_8);
        return send(url, "/" + offer.id() + "?file=" + name + "&from=" + from, HttpRequest.Builder::GET);
    }

    /** Best effort: an offer that is not used ends by itself. */
    void release(String url, Offer offer) {
        try {
            send(url, "/" + offer.id(), HttpRequest.Builder::DELETE);
        } catch (Refused unreachable) {
            // It will notice.
        }
    }

    private interface Method {
        HttpRequest.Builder of(HttpRequest.Builder request);
    }

    private byte[] send(String url, String path, Method method) throws Refused {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + PATH + path)).header(InternalAnswers.SECRET_HEADER, secret);
        // The client's own timeout ends with the headers; this one is for all of the answer.
        var sending = client.sendAsync(method.of(request).build(), HttpResponse.BodyHandlers.ofByteArray());
        try {
            var answer = sending.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() / 100 != 2) {
                throw new Refused("HTTP " + answer.statusCode() + " "
                        + JSON.readTree(answer.body()).path("detail").asText());
            }
            return answer.body();
        } catch (ExecutionException failure) {
            throw new Refused(String.valueOf(failure.getCause()));
        } catch (TimeoutException silence) {
            sending.cancel(true);
            throw new Refused("no answer within " + ANSWER_WITHIN.toSeconds() + " s");
        } catch (IOException noJson) {
            throw new Refused("an answer that no node gives");
        } catch (InterruptedException interrupted) {
            sending.cancel(true);
            Thread.currentThread().interrupt();
            throw new Refused("interrupted");
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
