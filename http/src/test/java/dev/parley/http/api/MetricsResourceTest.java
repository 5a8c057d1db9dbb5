package dev.parley.http.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class MetricsResourceTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static double value(String scrape, String line) {
        Matcher found =
                Pattern.compile("(?m)^" + Pattern.quote(line) + " (\\S+)$").matcher(scrape);
        assertTrue(found.find(), () -> line + " is not in " + scrape);
        return Double.parseDouble(found.group(1));
    }

    @Test
    @DisplayName("N6: what is measured follows what happens")
    void whatIsMeasuredFollowsWhatHappens() {
        server.put("/v1/kv/a", "1");
        server.get("/v1/kv/missing");
        // A node looks at the log's size ten times a second.
        await().until(() -> value(server.get("/metrics").body(), "parley_log_live_bytes") > 0);
        HttpReply reply = server.get("/metrics");
        assertEquals(200, reply.status());
        assertTrue(reply.header("Content-Type").orElseThrow().startsWith("text/plain"));
        String scrape = reply.body();
        assertEquals(1, value(scrape, "parley_ready"));
        assertEquals(1, value(scrape, "parley_zookeeper_connected"));
        assertTrue(value(scrape, "parley_revision") >= 1);
        assertTrue(value(scrape, "parley_applied_index") >= 1);
        assertTrue(value(scrape, "parley_log_live_bytes") > 0);
        assertEquals(42, value(scrape, "parley_uptime_seconds"));
        assertEquals(
                1,
                value(
                        scrape,
                        "parley_http_requests_seconds_count{method=\"PUT\",route=\"/v1/kv/<key>\",status=\"201\"}"));
        assertEquals(
                1,
                value(
                        scrape,
                        "parley_http_requests_seconds_count{method=\"GET\",route=\"/v1/kv/<key>\",status=\"404\"}"));
    }

    @Test
    void everyMeasureIsDocumentedAndEveryDocumentedOneIsThere() throws IOException {
        server.get("/v1/kv?count_only=true");
        Set<String> there =
                names("(?m)^# TYPE (parley_\\w+)", server.get("/metrics").body());
        Set<String> documented =
                names("(?m)^\\| `(parley_\\w+)", Files.readString(Path.of("..", "docs", "operating", "metrics.md")));
        documented.remove("parley_trim_held_by"); // only while somebody holds it
        there.remove("parley_http_requests_seconds_max");
        assertEquals(documented, there);
    }

    private static Set<String> names(String form, String text) {
        return Pattern.compile(form)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
