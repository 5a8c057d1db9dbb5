package dev.parley.consistency.client;

import dev.parley.consistency.json.Json;
import dev.parley.consistency.json.JsonParser;
import dev.parley.consistency.json.JsonSyntaxException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Reads one stream of server-sent events for a while. What came before a connection broke counts. */
public final class EventStream implements AutoCloseable {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** One message; {@code name} is empty when it had none. */
    public record Message(String name, Json.Obj data) {}

    /**
     * What came.
     *
     * @param status of the answer; 0 when there was none
     * @param refusal the body, when the status is not 200
     */
    public record Session(int status, List<Message> messages, Json refusal) {
        public Session {
            messages = List.copyOf(messages);
        }
    }

    /** Reads until a message is the last one wanted, the stream ends, or the time is over. */
    public Session read(URI url, Map<String, String> headers, Duration time, Predicate<Message> last) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(time.plusSeconds(2));
        headers.forEach(request::header);
        List<Message> messages = new ArrayList<>();
        int status = 0;
        try {
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            status = response.statusCode();
            try (InputStream body = response.body()) {
                if (status != 200) {
                    return new Session(
                            status, List.of(), parse(new String(body.readAllBytes(), StandardCharsets.UTF_8)));
                }
                CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(() -> closeQuietly(body));
                read(body, messages, last);
            }
        } catch (IOException brokenOrOver) {
            // what came, came
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return new Session(status, messages, Json.NULL);
    }

    private static void read(InputStream body, List<Message> into, Predicate<Message> last) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        String name = "";
        String data = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && !data.isEmpty()) {
                if (parse(data) instanceof Json.Obj object) {
                    Message message = new Message(name, object);
                    into.add(message);
                    if (last.test(message)) {
                        return;
                    }
                }
                name = "";
                data = "";
            }
        }
    }

    private static Json parse(String text) {
        try {
            return JsonParser.parse(text);
        } catch (JsonSyntaxException cut) {
            return Json.NULL;
        }
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException closed) {
            // it was over already
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
