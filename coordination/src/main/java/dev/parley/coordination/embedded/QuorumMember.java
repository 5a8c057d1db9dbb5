package dev.parley.coordination.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.security.sasl.SaslException;
import org.apache.zookeeper.server.ZKDatabase;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** This process' member of an ensemble of three or five. */
final class QuorumMember implements Server {
    static final int CLIENTS_MAX = 200;
    private static final long START_MILLIS_MAX = 60_000;
    private static final long STOP_MILLIS_MAX = 10_000;

    private final Main main;
    private final Thread thread;

    private QuorumMember(Main main, Thread thread) {
        this.main = main;
        this.thread = thread;
    }

    /** ZooKeeper's own main class, which runs the peer to its end; this one also says when it has begun. */
    private static final class Main extends QuorumPeerMain {
        private final CountDownLatch decided = new CountDownLatch(1);
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final AtomicReference<QuorumPeer> peer = new AtomicReference<>();

        @Override
        protected QuorumPeer getQuorumPeer() throws SaslException {
            QuorumPeer made = new QuorumPeer() {
                @Override
                public synchronized void start() {
                    super.start();
                    decided.countDown();
                }

                @Override
                public void setZKDatabase(ZKDatabase database) {
                    super.setZKDatabase(JvmSettings.withShortCommitLog(database));
                }
            };
            peer.set(made);
            return made;
        }

        void run(QuorumPeerConfig config) {
            try {
                runFromConfig(config);
            } catch (Exception | Error thrown) {
                failure.set(thrown);
            } finally {
                decided.countDown();
            }
        }
    }

    static QuorumMember start(EmbeddedConfig config) {
        QuorumPeerConfig parsed = new QuorumPeerConfig();
        try {
            parsed.parseProperties(properties(config));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (QuorumPeerConfig.ConfigException invalid) {
            throw new IllegalArgumentException("ZooKeeper refuses its settings: " + invalid.getMessage(), invalid);
        }
        Main main = new Main();
        Thread thread =
                Thread.ofPlatform().name("zookeeper-" + config.myId()).daemon().start(() -> main.run(parsed));
        QuorumMember member = new QuorumMember(main, thread);
        member.awaitStart();
        return member;
    }

    private void awaitStart() {
        try {
            if (!main.decided.await(START_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                close();
                throw new IllegalStateException("ZooKeeper did not start within " + START_MILLIS_MAX + " ms");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            close();
            throw new IllegalStateException("interrupted while ZooKeeper was starting", interrupted);
        }
        Throwable failure = main.failure.get();
        if (failure != null) {
            close();
            throw new IllegalStateException("ZooKeeper did not start: " + failure.getMessage(), failure);
        }
    }

    private static Properties properties(EmbeddedConfig config) {
        Properties properties = new Properties();
        properties.setProperty("dataDir", config.dataDir().toString());
        properties.setProperty("clientPortAddress", config.clientHost());
        properties.setProperty("clientPort", Integer.toString(config.clientPort()));
        properties.setProperty("tickTime", Integer.toString(config.tickTimeMillis()));
        properties.setProperty("initLimit", Integer.toString(config.initLimitTicks()));
        properties.setProperty("syncLimit", Integer.toString(config.syncLimitTicks()));
        properties.setProperty("connectToLearnerMasterLimit", Integer.toString(config.initLimitTicks()));
        properties.setProperty("minSessionTimeout", Integer.toString(config.sessionTimeoutMinMillis()));
        properties.setProperty("maxSessionTimeout", Integer.toString(config.sessionTimeoutMaxMillis()));
        properties.setProperty("maxClientCnxns", Integer.toString(CLIENTS_MAX));
        for (EmbeddedConfig.Peer peer : config.peers()) {
            properties.setProperty(
                    "server." + peer.id(), peer.host() + ":" + peer.quorumPort() + ":" + peer.electionPort());
        }
        return properties;
    }

    @Override
    public int clientPort() {
        QuorumPeer peer = main.peer.get();
        return peer == null ? 0 : peer.getClientPort();
    }

    @Override
    public EmbeddedZooKeeper.Mode mode() {
        QuorumPeer peer = main.peer.get();
        if (peer == null) {
            return EmbeddedZooKeeper.Mode.LOOKING;
        }
        return switch (peer.getPeerState()) {
            case LEADING -> EmbeddedZooKeeper.Mode.LEADER;
            case FOLLOWING, OBSERVING -> EmbeddedZooKeeper.Mode.FOLLOWER;
            case LOOKING -> EmbeddedZooKeeper.Mode.LOOKING;
        };
    }

    @Override
    public void close() {
        QuorumPeer peer = main.peer.get();
        if (peer != null) {
            peer.shutdown();
        }
        try {
            thread.join(STOP_MILLIS_MAX);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
