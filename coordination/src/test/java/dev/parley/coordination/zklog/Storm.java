package dev.parley.coordination.zklog;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Several writers in tiny segments, and the verdict on what they were told. */
final class Storm implements AutoCloseable {
    private static final LogConfig TINY = LogConfig.of(1 << 20).withSegmentEntriesMax(40);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<StormWriter> writers = new ArrayList<>();

    void add(String name, String connectString) {
        writers.add(new StormWriter(name, connectString, TINY));
    }

    List<StormWriter> writers() {
        return List.copyOf(writers);
    }

    @Override
    public void close() {
        writers.forEach(StormWriter::close);
    }

    void awaitProgress() {
        Map<StormWriter, Integer> before = new HashMap<>();
        writers.forEach(writer -> before.put(writer, writer.storedCount()));
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> writers.stream()
                .allMatch(writer -> writer.storedCount() > before.get(writer) + 50));
    }

    void awaitReconnect(Runnable fault) {
        Map<StormWriter, Integer> before = new HashMap<>();
        writers.forEach(writer -> before.put(writer, writer.connectionCount()));
        fault.run();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> writers.stream()
                .allMatch(writer -> writer.connectionCount() > before.get(writer)));
    }

    /** Compares what was answered with what is in the log, and returns the number of entries. */
    int judge(String connectString) {
        writers.forEach(StormWriter::stop);
        Map<String, LogIndex> log = new HashMap<>();
        int count = 0;
        try (RecordedLog reader = new RecordedLog(connectString, TINY)) {
            for (LogEvent.StoredEntry entry : reader.readAll(1)) {
                LogIndex twice = log.put(entry.content().utf8(), entry.index());
                assertEquals(null, twice, entry.content() + " is there twice");
                count++;
            }
        }
        for (StormWriter writer : writers) {
            assertEquals(List.of(), writer.faults());
            writer.stored().forEach((ticket, index) -> assertEquals(index, log.get(writer.content(ticket))));
            writer.refused().forEach(ticket -> assertFalse(log.containsKey(writer.content(ticket))));
        }
        long answered = writers.stream().mapToLong(StormWriter::storedCount).sum();
        long lost = writers.stream().mapToLong(writer -> writer.lost().size()).sum();
        assertTrue(count >= answered && count <= answered + lost, count + " entries, " + answered + " answered");
        return count;
    }
}
