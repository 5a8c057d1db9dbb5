package dev.parley.http.node;

import dev.parley.coordination.hook.HookDelivery.Message;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends an event to whoever asked for it. What is not answered with 2xx within five seconds was not taken. */
final class HookClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HookClient.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A redirect could lead to a host that is not allowed. */
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    boolean send(Message message) {
        try {
            var answer = client.send(request(message), HttpResponse.BodyHandlers.discarding());
            if (answer.statusCode() / 100 == 2) {
                return true;
            }
            notTaken(message, "HTTP " + answer.statusCode());
        } catch (IOException | IllegalArgumentException unreachable) {
            notTaken(message, String.valueOf(unreachable));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static HttpRequest request(Message message) {
        var request = HttpRequest.newBuilder(URI.create(message.url()))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Parley-Hook", message.hook())
                .header("Parley-Event", message.event().name())
                .header("Parley-Event-Id", message.event().id())
                .POST(HttpRequest.BodyPublishers.ofByteArray(message.json().unsafeArray()));
        Trace.of(message.event()).ifPresent(trace -> request.header("traceparent", trace));
        return request.build();
    }

    private static void notTaken(Message message, String why) {
        LOG.atWarn()
                .addKeyValue("hook", message.hook())
                .addKeyValue("event_id", message.event().id())
                .addKeyValue("why", why)
                .log("a hook did not take an event");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** The trace that the event belongs to, if a request with one caused it. */
    private static final class Trace {
        private static Optional<String> of(dev.parley.coordination.control.Event event) {
            String trace = event.correlation();
            return trace.matches("[0-9a-f]{32}")
                    ? Optional.of("00-" + trace + "-" + String.format("%016x", Math.max(1, event.stamp())) + "-01")
                    : Optional.empty();
        }
    }
}
