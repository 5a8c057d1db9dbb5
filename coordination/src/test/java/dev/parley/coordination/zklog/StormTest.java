package dev.parley.coordination.zklog;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.TcpProxy;
import dev.parley.coordination.TestConnections;
import dev.parley.coordination.TestServers;
import dev.parley.coordination.embedded.EmbeddedConfig;
import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three writers in tiny segments, while what they stand on breaks. */
@Tag("processes")
final class StormTest {
    private static final LogConfig TINY = LogConfig.of(1 << 20).withSegmentEntriesMax(40);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private EmbeddedConfig config;
    private EmbeddedZooKeeper server;
    private TcpProxy proxy;
    private final List<StormWriter> writers = new ArrayList<>();

    @BeforeEach
    void start() {
        server = TestServers.startSingle(directory);
        config = TestServers.single(directory).withClientPort(server.clientPort());
        proxy = TcpProxy.to(server.clientPort());
        for (String name : List.of("a", "b", "c")) {
            writers.add(new StormWriter(name, proxy.connectString(), TINY));
        }
        awaitProgress();
    }

    @AfterEach
    void stop() {
        writers.forEach(StormWriter::close);
        proxy.close();
        server.close();
    }

    @Test
    void segmentsRollUnderThreeWritersWithoutHoleOrDuplicate() {
        for (int i = 0; i < 5; i++) {
            awaitProgress();
        }
        int stored = judge();
        assertTrue(stored > 10 * 40, "only " + stored + " entries: hardly a segment was rolled");
    }

    @Test
    void cutConnectionsLoseNothingThatWasAnswered() {
        for (int i = 0; i < 8; i++) {
            awaitReconnect(proxy::cut);
            awaitProgress();
        }
        judge();
        assertTrue(writers.stream().anyMatch(writer -> !writer.lost().isEmpty()), "no cut hit anything in flight");
        writers.forEach(writer -> assertEquals(1, writer.sessions().size(), "a cut ended the session"));
    }

    @Test
    void aServerStoppedAndStartedAgainLosesNothingThatWasAnswered() {
        for (int i = 0; i < 3; i++) {
            awaitReconnect(() -> {
                server.close();
                server = TestServers.start(config, false);
            });
            awaitProgress();
        }
        judge();
    }

    @Test
    void anExpiredSessionIsFollowedByALargerOne() {
        for (int i = 0; i < 3; i++) {
            awaitReconnect(() -> writers.forEach(writer -> TestConnections.expire(writer.connection())));
            awaitProgress();
        }
        judge();
        writers.forEach(writer -> assertTrue(writer.sessions().size() > 1, "still the first session"));
    }

    private void awaitProgress() {
        Map<StormWriter, Integer> before = new HashMap<>();
        writers.forEach(writer -> before.put(writer, writer.storedCount()));
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> writers.stream()
                .allMatch(writer -> writer.storedCount() > before.get(writer) + 50));
    }

    private void awaitReconnect(Runnable fault) {
        Map<StormWriter, Integer> before = new HashMap<>();
        writers.forEach(writer -> before.put(writer, writer.connectionCount()));
        fault.run();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> writers.stream()
                .allMatch(writer -> writer.connectionCount() > before.get(writer)));
    }

    /** Compares what was answered with what is in the log, and returns the number of entries. */
    private int judge() {
        writers.forEach(StormWriter::stop);
        Map<String, LogIndex> log = new HashMap<>();
        int count = 0;
        try (RecordedLog reader = new RecordedLog(server.connectString(), TINY)) {
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
