package dev.parley.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

final class LogLinesTest {
    private static final String NASTY = "two\nlines \"quoted\" \\ and\u0001\ud800";

    @Test
    void anEventIsOneLineOfKeysAndValues() {
        assertEquals(
                "at=2026-01-02T03:04:05.006Z level=WARN node=n1 logger=Node msg=\"no answer\" tries=3\n",
                line(false, "no answer", new KeyValuePair("tries", 3)));
    }

    @Test
    void whateverAClientSendsALineStaysOneLine() {
        String line = line(false, "seen", new KeyValuePair("key", NASTY));
        assertEquals(1, line.lines().count(), line);
        assertEquals(
                "key=\"two\\nlines \\\"quoted\\\" \\\\ and\\u0001\\ud800\"\n", line.substring(line.indexOf("key=")));
    }

    @Test
    void asJsonItReadsBackTheSame() throws IOException {
        var json = new ObjectMapper().readTree(line(true, NASTY, new KeyValuePair("tries", 3)));
        assertEquals(NASTY, json.path("msg").asText());
        assertEquals("n1", json.path("node").asText());
        assertEquals("3", json.path("tries").asText());
    }

    private static String line(boolean json, String message, KeyValuePair pair) {
        var event = new LoggingEvent(
                "",
                new LoggerContext().getLogger("dev.parley.http.node.Node"),
                Level.WARN,
                message,
                null,
                new Object[0]);
        event.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
        event.setKeyValuePairs(List.of(pair));
        return new String(new LogLines("n1", json).encode(event), StandardCharsets.UTF_8);
    }
}
