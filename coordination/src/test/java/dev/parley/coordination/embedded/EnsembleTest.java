package dev.parley.coordination.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.TestConnections;
import dev.parley.coordination.TestServers;
import dev.parley.coordination.ensemble.Ensemble;
import dev.parley.coordination.ensemble.EnsembleConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members in one JVM. */
@Tag("processes")
final class EnsembleTest {
    @TempDir
    Path directory;

    private List<EmbeddedConfig> configs;
    private final Map<Integer, EmbeddedZooKeeper> running = new HashMap<>();

    @BeforeEach
    void form() {
        configs = TestServers.ensemble(directory, 3);
        for (int id = 1; id <= 3; id++) {
            start(id, true);
        }
        awaitServing(1);
        awaitServing(2);
        awaitServing(3);
    }

    @AfterEach
    void stopAll() {
        new ArrayList<>(running.keySet()).forEach(this::stop);
    }

    private EmbeddedConfig config(int id) {
        return configs.get(id - 1);
    }

    private void start(int id, boolean firstFormation) {
        running.put(id, TestServers.start(config(id), firstFormation));
    }

    private void stop(int id) {
        running.remove(id).close();
    }

    private void awaitServing(int id) {
        TestConnections.open(running.get(id).connectString()).close();
    }

    private boolean serves(int id, long withinMillis) {
        Ensemble one = new Ensemble.External(running.get(id).connectString());
        try (EnsembleConnection connection = EnsembleConnection.open(one, TestConnections.CONFIG)) {
            return connection.awaitConnected(withinMillis);
        }
    }

    @Test
    void aWipedMemberAndALaggingOneDoNotServeAndLoseNothing() throws Exception {
        stop(3);
        EmbeddedZooKeeperTest.write(running.get(1), "kept", 10);
        stop(1);
        stop(2);
        Files.move(config(2).dataDir(), directory.resolve("wiped"));

        start(2, false);
        start(3, false);
        assertFalse(serves(3, 4_000), "a member without data and one without the last writes made a quorum");
        assertFalse(serves(2, 1_000));

        start(1, false);
        awaitServing(2);
        awaitServing(3);
        assertEquals(10, EmbeddedZooKeeperTest.count(running.get(2), "kept"));
        assertEquals(10, EmbeddedZooKeeperTest.count(running.get(3), "kept"));
    }

    @Test
    void aMemberWhoseLogIsDamagedIsSetAsideAndCopiesTheOthers() throws Exception {
        EmbeddedZooKeeperTest.write(running.get(2), "kept", 100);
        stop(2);
        EmbeddedZooKeeperTest.flipALengthBit(config(2).dataDir(), 30);

        EmbeddedZooKeeper.Opening.Started started = assertInstanceOf(
                EmbeddedZooKeeper.Opening.Started.class,
                EmbeddedZooKeeper.open(config(2), false, Optional.empty(), fault -> {}));
        running.put(2, started.server());

        Path aside = started.setAside().orElseThrow();
        assertEquals("version-2.damaged-1", aside.getFileName().toString());
        assertTrue(Files.isDirectory(aside));
        assertEquals(100, EmbeddedZooKeeperTest.count(running.get(2), "kept"));
    }

    @Test
    void theSurvivorsGoOnWhenOneStops() throws Exception {
        stop(3);
        EmbeddedZooKeeperTest.write(running.get(1), "without", 5);
        assertEquals(5, EmbeddedZooKeeperTest.count(running.get(2), "without"));
        start(3, false);
        awaitServing(3);
        assertEquals(5, EmbeddedZooKeeperTest.count(running.get(3), "without"));
    }
}
