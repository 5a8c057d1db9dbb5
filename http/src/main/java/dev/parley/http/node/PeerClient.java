package dev.parley.http.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.http.api.InternalAnswers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks another node of the cluster. */
final class PeerClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final String secret;

    PeerClient(String secret) {
        this.secret = secret;
    }

    /** What came back. */
    sealed interface Reply {
        record Answer(JsonNode content) implements Reply {}

        /** The other node does not accept the secret. */
        record Forbidden() implements Reply {}

        /** Nobody there, or nobody that speaks as a node does. */
        record Nothing(String why) implements Reply {}
    }

    Reply get(String url, String path) {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build()) {
            var request = HttpRequest.newBuilder(URI.create(url + path))
                    .timeout(PATIENCE)
                    .header(InternalAnswers.SECRET_HEADER, secret)
                    .build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return switch (answer.statusCode()) {
                case 200 -> new Reply.Answer(JSON.readTree(answer.body()));
                case 403 -> new Reply.Forbidden();
                default -> new Reply.Nothing("HTTP " + answer.statusCode());
            };
        } catch (JsonProcessingException noNode) {
            return new Reply.Nothing("no JSON");
        } catch (IOException unreachable) {
            return new Reply.Nothing(unreachable.getClass().getSimpleName());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Reply.Nothing("interrupted");
        }
    }
}
