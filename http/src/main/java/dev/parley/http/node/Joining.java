package dev.parley.http.node;

import dev.parley.coordination.embedded.EmbeddedConfig;
import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import dev.parley.coordination.ensemble.Ensemble;
import dev.parley.coordination.ensemble.EnsembleConnection;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.membership.Member;
import dev.parley.coordination.membership.Presence;
import dev.parley.coordination.zklog.EntrySizeProbe;
import dev.parley.coordination.zklog.LogConfig;
import dev.parley.coordination.zklog.LogFormation;
import dev.parley.coordination.zklog.LogFormation.Formed;
import dev.parley.coordination.zklog.ZooKeeperLog;
import dev.parley.store.replica.FaultHandler;
import dev.parley.store.replica.ReplicaConfig;
import dev.parley.store.replica.ReplicaThread;
import dev.parley.store.replica.SnapshotSource;
import dev.parley.store.replica.StateStore;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from tables on disk into the cluster: ZooKeeper, the log, the replica, the office. Runs on a thread of its
 * own, because it takes as long as the other nodes take to appear. What it opens is owned by the node at once.
 */
final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final long CONNECT_MILLIS_MAX = 2_000;
    private static final Duration AGAIN_SOON = Duration.ofMillis(100);
    private static final Duration AGAIN_LATER = Duration.ofSeconds(1);

    /**
     * What it is made of.
     *
     * @param zookeeperDirectory of the embedded server
     * @param newLog a log to be founded for these tables
     * @param standsAside whether this node is not to lead
     * @param startNanos of the process
     */
    record Parts(
            NodeConfig config,
            Cluster cluster,
            PeerIdentity self,
            String version,
            Path zookeeperDirectory,
            StateStore store,
            Optional<NewLog> newLog,
            SnapshotSource snapshots,
            SnapshotLender lender,
            Identity identity,
            Gate gate,
            Freshness freshness,
            Surroundings surroundings,
            BooleanSupplier standsAside,
            Resources resources,
            FaultHandler faults,
            Ambient ambient,
            long startNanos,
            Pause pause) {}

    private final Parts parts;
    private String told = "";

    Joining(Parts parts) {
        this.parts = parts;
    }

    /** Returns when the node has joined, or stops. @throws StartFailure when it cannot */
    void run() {
        ensemble().ifPresent(this::join);
    }

    private void join(Ensemble ensemble) {
        parts.gate().shut("zookeeper");
        var connection = own(EnsembleConnection.open(ensemble, parts.cluster().connection()));
        parts.surroundings().connected(connection::isConnected);
        parts.surroundings().sessionTimeout(connection::sessionTimeout);
        log(connection).ifPresent(log -> entryBytes(ensemble).ifPresent(bytes -> follow(connection, log, bytes)));
    }

    private <R extends AutoCloseable> R own(R resource) {
        return parts.resources().own(resource);
    }

    private Optional<Ensemble> ensemble() {
        return switch (parts.config().zookeeper()) {
            case NodeConfig.ZooKeeper.External external -> Optional.of(new Ensemble.External(external.hosts()));
            case NodeConfig.ZooKeeper.Embedded embedded -> {
                parts.gate().shut("peers");
                EmbeddedConfig config =
                        parts.cluster().embedded(parts.zookeeperDirectory()).orElseThrow();
                yield parts.freshness()
                        .isFirstFormation(parts.pause())
                        .map(first -> new Ensemble.Embedded(own(serve(config, first))));
            }
        };
    }

    private EmbeddedZooKeeper serve(EmbeddedConfig config, boolean firstFormation) {
        try {
            var opening = EmbeddedZooKeeper.open(
                    config, firstFormation, parts.config().backups(), why -> parts.faults()
                            .fault(why, new IllegalStateException(why)));
            return switch (opening) {
                case EmbeddedZooKeeper.Opening.Started started -> started.server();
                case EmbeddedZooKeeper.Opening.Refused refused -> throw new StartFailure(refused.message());
            };
        } catch (UncheckedIOException taken) {
            throw new StartFailure(
                    "port " + config.clientPort()
                            + ", which the embedded ZooKeeper wants, is taken; choose another with"
                            + " --zookeeper.embedded.client-port, or with --port, from which it is derived",
                    taken);
        }
    }

    // -- the log ----------------------------------------------------------------------------------------------------

    private Optional<UUID> log(EnsembleConnection connection) {
        Optional<UUID> known = parts.store().log();
        while (!parts.pause().isOver()) {
            Formed formed = connection.awaitConnected(CONNECT_MILLIS_MAX)
                    ? form(connection, known)
                    : new Formed.Unavailable("no answer");
            switch (formed) {
                case Formed.Found(UUID log) -> {
                    return Optional.of(log);
                }
                case Formed.Founded(UUID log) -> {
                    LOG.atInfo().addKeyValue("log", log).log("founded the cluster's log");
                    return Optional.of(log);
                }
                case Formed.Refused(var reason, String detail) -> refused(reason, detail);
                case Formed.Unavailable(String why) -> unavailable(known.isPresent(), why);
            }
        }
        return Optional.empty();
    }

    private Formed form(EnsembleConnection connection, Optional<UUID> known) {
        if (parts.newLog().isEmpty()) {
            return LogFormation.form(
                    connection,
                    known,
                    parts.freshness()::mayFound,
                    parts.ambient().ids());
        }
        Formed formed = parts.newLog()
                .get()
                .form(connection, parts.store().durable().applied(), parts.freshness()::mayFoundForOwnData);
        if (formed instanceof Formed.Found || formed instanceof Formed.Founded) {
            parts.identity().forgetNewLog();
        }
        return formed;
    }

    private void refused(LogFormation.Reason reason, String detail) {
        switch (reason) {
            case LOG_BEHIND_REPLICA -> {
                parts.gate().shutBroken(reason.code());
                tellOnce(reason.code(), detail + "; an operator must decide, nothing was changed");
                parts.pause().of(AGAIN_LATER);
            }
            case PEERS_NOT_FRESH -> {
                parts.gate().shut(reason.code());
                tellOnce(reason.code(), detail);
                parts.pause().of(AGAIN_SOON);
            }
        }
    }

    private void unavailable(boolean hasData, String why) {
        if (hasData) {
            parts.gate()
                    .read(
                            "zookeeper",
                            new TablesOnly(parts.store(), parts.ambient().nanos(), parts.startNanos()));
        }
        tellOnce("zookeeper", why);
        parts.pause().of(AGAIN_SOON);
    }

    private void tellOnce(String state, String detail) {
        if (!told.equals(state)) {
            told = state;
            LOG.atWarn()
                    .addKeyValue("state", state)
                    .addKeyValue("detail", detail)
                    .log("not joined yet");
        }
    }

    private OptionalInt entryBytes(Ensemble ensemble) {
        while (!parts.pause().isOver()) {
            OptionalInt bytes = EntrySizeProbe.largestEntryBytes(
                    ensemble,
                    parts.cluster().connection(),
                    parts.ambient().ids().get());
            if (bytes.isPresent()) {
                return bytes;
            }
            tellOnce("zookeeper", "it did not say how large an entry it takes");
            parts.pause().of(AGAIN_SOON);
        }
        return OptionalInt.empty();
    }

    // -- the replica ------------------------------------------------------------------------------------------------

    private void follow(EnsembleConnection connection, UUID log, int entryBytesMax) {
        Ambient ambient = parts.ambient();
        String url = parts.config().http().advertiseUrl();
        var replica = own(ReplicaThread.start(new ReplicaThread.Parts(
                replicaConfig(url),
                parts.store(),
                listener -> ZooKeeperLog.open(connection, log, LogConfig.of(entryBytesMax), listener),
                parts.snapshots(),
                ambient.nanos(),
                ambient.epochMillis(),
                ambient.ids(),
                parts.faults())));
        parts.identity().rememberLog(log.toString());
        parts.lender().holdBy(replica::holdLog);
        parts.freshness().ended();
        parts.gate().open(replica);
        own(Office.open(connection, parts.self().node(), replica, parts.standsAside()));
        var self = new Member(parts.self().node(), parts.self().incarnation(), url, parts.version(), false);
        var presence = own(Presence.open(connection, self, parts.surroundings()::present));
        // The first thing to go when the node stops, so that the others know that it is on purpose.
        own(presence::leave);
        LOG.atInfo()
                .addKeyValue("log", log)
                .addKeyValue("entry_bytes_max", entryBytesMax)
                .log("following the log");
    }

    private ReplicaConfig replicaConfig(String url) {
        var waiting = ReplicaConfig.Waiting.DEFAULT;
        return ReplicaConfig.of(parts.self().node(), url)
                .withLogBytesMax(parts.config().storage().logBytesMax())
                .withHistory(new ReplicaConfig.History(
                        parts.config().history().age(), parts.config().history().revisions()))
                .withWaiting(new ReplicaConfig.Waiting(
                        parts.config().requests().queueMax(),
                        waiting.submissionBytesMax(),
                        waiting.readsMax(),
                        waiting.interestsMax()));
    }
}
