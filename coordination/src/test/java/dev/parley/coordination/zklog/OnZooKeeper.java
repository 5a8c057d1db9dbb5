package dev.parley.coordination.zklog;

import dev.parley.coordination.TestConnections;
import dev.parley.coordination.TestServers;
import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import dev.parley.coordination.ensemble.EnsembleConnection;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.ReplicatedLog;
import dev.parley.store.log.ReplicatedLogContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The log on a real server does what every log does. */
abstract class OnZooKeeper extends ReplicatedLogContract {
    static final LogConfig CONFIG = LogConfig.of(1 << 20);

    @TempDir
    Path directory;

    private EmbeddedZooKeeper server;
    private final List<EnsembleConnection> connections = new ArrayList<>();

    abstract LogConfig config();

    @BeforeEach
    void start() {
        server = TestServers.startSingle(directory);
    }

    @AfterEach
    void stop() {
        connections.forEach(EnsembleConnection::close);
        server.close();
    }

    @Override
    protected ReplicatedLog open(Consumer<LogEvent> listener) {
        EnsembleConnection connection = TestConnections.open(server.connectString());
        connections.add(connection);
        UUID log = RecordedLog.logOf(LogFormation.form(connection, Optional.empty(), () -> true, UUID::randomUUID));
        return ZooKeeperLog.open(connection, log, config(), listener);
    }
}
