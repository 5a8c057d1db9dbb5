package dev.parley.coordination.election;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.TestConnections;
import dev.parley.coordination.TestServers;
import dev.parley.coordination.embedded.EmbeddedConfig;
import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import dev.parley.coordination.ensemble.EnsembleConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
final class LeaderHintTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private EmbeddedConfig config;
    private EmbeddedZooKeeper server;
    private EnsembleConnection first;
    private EnsembleConnection second;
    private final List<Boolean> toldFirst = new CopyOnWriteArrayList<>();
    private final List<Boolean> toldSecond = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        server = TestServers.startSingle(directory);
        config = TestServers.single(directory).withClientPort(server.clientPort());
        first = TestConnections.open(server.connectString());
        second = TestConnections.open(server.connectString());
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        server.close();
    }

    @Test
    void theOneThatResignsIsFollowedByTheOther() {
        try (LeaderHint one = LeaderHint.open(first, "n1", toldFirst::add);
                LeaderHint two = LeaderHint.open(second, "n2", toldSecond::add)) {
            one.stand();
            await().atMost(LIMIT).until(() -> toldFirst.equals(List.of(true)));
            two.stand();
            one.resign();
            await().atMost(LIMIT).until(() -> toldSecond.equals(List.of(true)));
            assertEquals(List.of(true, false), toldFirst);
            assertFalse(one.isStanding());
        }
    }

    @Test
    void theEndOfASessionEndsTheHintAndPassesItOn() {
        try (LeaderHint one = LeaderHint.open(first, "n1", toldFirst::add);
                LeaderHint two = LeaderHint.open(second, "n2", toldSecond::add)) {
            one.stand();
            await().atMost(LIMIT).until(() -> toldFirst.equals(List.of(true)));
            two.stand();
            TestConnections.expire(first);
            await().atMost(LIMIT).until(() -> toldFirst.contains(false));
            await().atMost(LIMIT)
                    .until(() -> toldSecond.contains(true) || toldFirst.equals(List.of(true, false, true)));
            assertTrue(one.isStanding());
        }
    }

    @Test
    void aBrokenConnectionEndsTheHintAtOnceAndItComesAnew() {
        try (LeaderHint one = LeaderHint.open(first, "n1", toldFirst::add)) {
            one.stand();
            await().atMost(LIMIT).until(() -> toldFirst.equals(List.of(true)));
            server.close();
            await().atMost(LIMIT).until(() -> toldFirst.equals(List.of(true, false)));
            server = TestServers.start(config, false);
            await().atMost(LIMIT).until(() -> toldFirst.equals(List.of(true, false, true)));
        }
    }
}
