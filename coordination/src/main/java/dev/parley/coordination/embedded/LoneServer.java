package dev.parley.coordination.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZKDatabase;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.auth.ProviderRegistry;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;

/**
 * An ensemble of one. It needs no election and no port for others, and so starts in a tenth of the time a quorum peer
 * takes to elect itself; the data it keeps is the same.
 */
final class LoneServer implements Server {
    private final FileTxnSnapLog storage;
    private final ZooKeeperServer server;
    private final ServerCnxnFactory connections;

    private LoneServer(FileTxnSnapLog storage, ZooKeeperServer server, ServerCnxnFactory connections) {
        this.storage = storage;
        this.server = server;
        this.connections = connections;
    }

    static LoneServer start(EmbeddedConfig config) {
        File directory = config.dataDir().toFile();
        try {
            ProviderRegistry.initialize();
            FileTxnSnapLog storage = new FileTxnSnapLog(directory, directory);
            ZooKeeperServer server = new ZooKeeperServer(
                    null,
                    storage,
                    config.tickTimeMillis(),
                    config.sessionTimeoutMinMillis(),
                    config.sessionTimeoutMaxMillis(),
                    -1,
                    JvmSettings.withShortCommitLog(new ZKDatabase(storage)),
                    "");
            storage.setServerStats(server.serverStats());
            ServerCnxnFactory connections = ServerCnxnFactory.createFactory();
            LoneServer started = new LoneServer(storage, server, connections);
            try {
                InetAddress host = InetAddress.getByName(config.clientHost());
                connections.configure(
                        new InetSocketAddress(host, config.clientPort()), QuorumMember.CLIENTS_MAX, -1, false);
                connections.startup(server);
            } catch (IOException | RuntimeException failure) {
                started.close();
                throw failure;
            }
            return started;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ZooKeeper was starting", interrupted);
        }
    }

    @Override
    public int clientPort() {
        return connections.getLocalPort();
    }

    @Override
    public EmbeddedZooKeeper.Mode mode() {
        return EmbeddedZooKeeper.Mode.STANDALONE;
    }

    @Override
    public void close() {
        connections.shutdown();
        try {
            connections.join();
            if (server.isRunning()) {
                server.shutdown(true);
            }
            storage.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
