package dev.parley.coordination.zklog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.TcpProxy;
import dev.parley.coordination.TestConnections;
import dev.parley.coordination.TestServers;
import dev.parley.coordination.embedded.EmbeddedConfig;
import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three writers in tiny segments, while what they stand on breaks. */
@Tag("processes")
final class StormTest {
    @TempDir
    Path directory;

    private EmbeddedConfig config;
    private EmbeddedZooKeeper server;
    private TcpProxy proxy;
    private final Storm storm = new Storm();

    @BeforeEach
    void start() {
        server = TestServers.startSingle(directory);
        config = TestServers.single(directory).withClientPort(server.clientPort());
        proxy = TcpProxy.to(server.clientPort());
        for (String name : List.of("a", "b", "c")) {
            storm.add(name, proxy.connectString());
        }
        storm.awaitProgress();
    }

    @AfterEach
    void stop() {
        storm.close();
        proxy.close();
        server.close();
    }

    @Test
    void segmentsRollUnderThreeWritersWithoutHoleOrDuplicate() {
        for (int i = 0; i < 5; i++) {
            storm.awaitProgress();
        }
        int stored = storm.judge(server.connectString());
        assertTrue(stored > 10 * 40, "only " + stored + " entries: hardly a segment was rolled");
    }

    @Test
    void cutConnectionsLoseNothingThatWasAnswered() {
        for (int i = 0; i < 5; i++) {
            storm.awaitReconnect(proxy::cut);
            storm.awaitProgress();
        }
        storm.judge(server.connectString());
        assertTrue(
                storm.writers().stream().anyMatch(writer -> !writer.lost().isEmpty()), "no cut hit anything in flight");
        storm.writers().forEach(writer -> assertEquals(1, writer.sessions().size(), "a cut ended the session"));
    }

    @Test
    void aServerStoppedAndStartedAgainLosesNothingThatWasAnswered() {
        for (int i = 0; i < 3; i++) {
            storm.awaitReconnect(() -> {
                server.close();
                server = TestServers.start(config, false);
            });
            storm.awaitProgress();
        }
        storm.judge(server.connectString());
    }

    @Test
    void anExpiredSessionIsFollowedByALargerOne() {
        for (int i = 0; i < 3; i++) {
            storm.awaitReconnect(() -> storm.writers().forEach(writer -> TestConnections.expire(writer.connection())));
            storm.awaitProgress();
        }
        storm.judge(server.connectString());
        storm.writers().forEach(writer -> assertTrue(writer.sessions().size() > 1, "still the first session"));
    }
}
