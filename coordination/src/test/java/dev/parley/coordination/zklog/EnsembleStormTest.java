package dev.parley.coordination.zklog;

import static org.awaitility.Awaitility.await;

import dev.parley.coordination.TestServers;
import dev.parley.coordination.embedded.EmbeddedConfig;
import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members, and a writer on each, while members stop and come back. */
final class EnsembleStormTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private List<EmbeddedConfig> configs;
    private final Map<Integer, EmbeddedZooKeeper> running = new TreeMap<>();
    private final Storm storm = new Storm();

    @BeforeEach
    void start() {
        configs = TestServers.ensemble(directory, 3);
        configs.forEach(config -> running.put(config.myId(), TestServers.start(config, true)));
        running.forEach((id, server) -> storm.add("n" + id, server.connectString()));
        storm.awaitProgress();
    }

    @AfterEach
    void stop() {
        storm.close();
        running.values().forEach(EmbeddedZooKeeper::close);
    }

    private int memberThat(EmbeddedZooKeeper.Mode mode) {
        await().atMost(LIMIT).until(() -> running.values().stream().anyMatch(server -> server.mode() == mode));
        return running.entrySet().stream()
                .filter(member -> member.getValue().mode() == mode)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private void stopAndStartAgain(int member) {
        running.get(member).close();
        running.put(member, TestServers.start(configs.get(member - 1), false));
    }

    @Test
    void everyMemberMayStopInTurnWithoutLoss() {
        storm.awaitReconnect(() -> stopAndStartAgain(memberThat(EmbeddedZooKeeper.Mode.LEADER)));
        storm.awaitProgress();
        int follower = memberThat(EmbeddedZooKeeper.Mode.FOLLOWER);
        stopAndStartAgain(follower);
        storm.awaitProgress();
        storm.awaitReconnect(() -> stopAndStartAgain(memberThat(EmbeddedZooKeeper.Mode.LEADER)));
        storm.awaitProgress();
        storm.judge(running.get(follower).connectString());
    }
}
