package dev.parley.http.node;

import dev.parley.coordination.config.ConfigJudge;
import dev.parley.coordination.config.ConfigNews;
import dev.parley.coordination.config.Voting;
import dev.parley.coordination.control.ControlBoard;
import dev.parley.coordination.control.Event;
import dev.parley.coordination.control.EventLog;
import dev.parley.coordination.control.NodeReports;
import dev.parley.coordination.control.Roster;
import dev.parley.coordination.control.Subsystems;
import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.http.api.HttpConfig;
import dev.parley.http.api.ParleyHttp;
import dev.parley.http.api.SnapshotOffers;
import dev.parley.store.kv.ClusterEvents.Field;
import dev.parley.store.table.TableStore;
import io.javalin.util.JavalinBindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node, from the disk outwards: directory, tables, ZooKeeper, log, replica, office. HTTP listens early, because the
 * others must be able to ask whether this node is fresh, and says 503 until there is something behind it. Stops from the
 * network inwards. Any thread.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final String USUAL_CLUSTER = "parley";
    private static final List<String> SUBSYSTEMS =
            List.of("persistence", "store", "cluster", "notification", "gateway");
    private static final long LOOK_EVERY_NANOS = 5_000_000;
    private static final Duration JOINING_STOPS_WITHIN = Duration.ofSeconds(3);

    private final NodeConfig config;
    private final String version;
    private final Ambient ambient;
    private final Resources resources = new Resources();
    private final Gate gate = new Gate();
    private final Pause pause = new Pause();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Freshness> freshness = new CompletableFuture<>();
    private final CompletableFuture<SnapshotLender> lender = new CompletableFuture<>();
    private final CompletableFuture<ParleyHttp> http = new CompletableFuture<>();
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private Optional<ControlBoard> board = Optional.empty();
    private Optional<ControlPlane> control = Optional.empty();
    private Optional<ProcessPlane> processes = Optional.empty();
    private final StoreFiles storeFiles;
    private final DataDirectory directory;
    private final Identity identity;
    private final String id;

    private Node(NodeConfig config, String version, Ambient ambient) {
        this.config = config;
        this.version = version;
        this.ambient = ambient;
        storeFiles = new StoreFiles(ambient.nanos());
        directory = DataDirectory.open(config.dataDirectory());
        resources.own(directory);
        identity = directory.identity();
        try {
            id = identity.node(config.nodeId(), ambient.secrets());
        } catch (RuntimeException failure) {
            resources.close();
            throw failure;
        }
    }

    /**
     * Starts a node. Returns when its port is open and so are its tables; it joins the cluster in the background, see
     * {@link #awaitReady}.
     *
     * @param version shown to others
     * @throws StartFailure when it cannot start; what was opened is closed again
     */
    public static Node open(NodeConfig config, String version, Ambient ambient) {
        var node = new Node(config, version, ambient);
        try {
            node.start();
            return node;
        } catch (RuntimeException failure) {
            try {
                node.close();
            } catch (RuntimeException unwinding) {
                failure.addSuppressed(unwinding);
            }
            throw failure;
        }
    }

    private void start() {
        String clusterId = identity.cluster(config.clusterId(), USUAL_CLUSTER);
        Logs.open(config.logging(), id);
        LOG.atInfo()
                .addKeyValue("version", version)
                .addKeyValue("data", directory.path())
                .addKeyValue("continued", directory.isContinued())
                .log("starting");
        warnOfOpenDoor();
        var cluster = new Cluster(config, clusterId, identity.secret(config.secret(), ambient.secrets()));
        var surroundings =
                new Surroundings(ambient.nanos(), config.zookeeper() instanceof NodeConfig.ZooKeeper.Embedded);
        if (config.zookeeper() instanceof NodeConfig.ZooKeeper.External) {
            identity.rememberZooKeeper(cluster.connectForOthers());
        }
        var self = new PeerIdentity(id, ambient.ids().get());
        board = Optional.of(board(self));
        var gossiped = resources.own(GossipedPlane.open(
                cluster, self, directory.gossip(), gate, board.get().reports(), ambient));
        surroundings.suspected(gossiped.mesh()::suspected);
        control = Optional.of(control(self, surroundings, gossiped));
        control.get().start();
        ProcessPlane running = ProcessPlane.open(
                id, config.processes(), gate, board.get(), surroundings, directory.processes(), new Halt(), ambient);
        processes = Optional.of(running);
        // Both take their time, and neither needs the other to begin.
        Thread.ofPlatform()
                .daemon()
                .name("listen")
                .start(() -> complete(http, () -> listen(cluster, surroundings, gossiped, running)));
        List<String> others = urlsKnownOfOthers();
        TableStore store = LocalTables.open(
                directory.tables(), config.storage(), others.isEmpty() && !isJoined(), resources, ambient);
        surroundings.setAsideIn(directory.tables());
        Optional<NewLog> newLog = NewLog.in(identity);
        newLog.ifPresent(pending -> pending.checkTables(store, directory));
        storeFiles.open(store);
        freshness.complete(freshness(cluster, store, newLog));
        lender.complete(resources.own(new SnapshotLender(storeFiles, gate, ambient)));
        var fetch = new SnapshotFetch(
                directory.tables(),
                cluster.secret(),
                () -> Stream.concat(surroundings.urlsOfOthers(id).stream(), others.stream())
                        .distinct()
                        .toList(),
                ambient.ids(),
                pause,
                surroundings::rebuild);
        var joining = new Joining(new Joining.Parts(
                config,
                cluster,
                self,
                version,
                directory.zookeeper(),
                store,
                newLog,
                fetch,
                lender.join(),
                identity,
                gate,
                freshness.join(),
                surroundings,
                board.get()::isDraining,
                resources,
                new Halt(),
                ambient,
                ambient.nanos().getAsLong(),
                pause));
        Thread.ofPlatform()
                .daemon()
                .name("joining")
                .start(() -> complete(joined, () -> {
                    joining.run();
                    return null;
                }));
        resources.own(Voting.start(
                gate,
                id,
                ConfigJudge.withInstalledValidators(),
                ambient.nanos(),
                new ConfigNews(gossiped.forRequests().channels())));
        EventLog events = board.get().events();
        resources.own(Telling.start(gate, events, config.http().allowedHookHosts(), ambient));
        var digests = new DigestWatch(
                id,
                gate,
                new PeerClient(cluster.secret())::get,
                what -> events.add(Event.INTEGRITY, "digest_differs", "", new Field("what", what)),
                storeFiles::giveUp);
        Thread.ofPlatform().daemon().name("digests").start(() -> digests.run(pause));
        join(http);
    }

    /** By hearsay: there is a cluster, whatever this directory holds. */
    private boolean isJoined() {
        return config.zookeeper() instanceof NodeConfig.ZooKeeper.External external && !external.mayFound();
    }

    private ControlBoard board(PeerIdentity self) {
        return new ControlBoard(
                new EventLog(id, self.incarnation().toString(), ambient.epochMillis()),
                new NodeReports(),
                Subsystems.starting(SUBSYSTEMS));
    }

    private ControlPlane control(PeerIdentity self, Surroundings surroundings, GossipedPlane gossiped) {
        var roster =
                new Roster(self, version, config.labels(), config.zookeeper().expectedNodes());
        ControlBoard shown = board.orElseThrow();
        Map<String, BooleanSupplier> working = Map.of(
                "persistence", storeFiles::isOpen,
                "store", () -> gate.status().ready(),
                "cluster", () -> surroundings.zookeeper().state().equals("connected"),
                "notification", () -> !gossiped.mesh().self().node().isEmpty(),
                "gateway", () -> http.isDone() && !shown.isDraining());
        return new ControlPlane(
                new ControlPlane.Parts(self, roster, gate, gossiped.mesh(), surroundings, shown, working, ambient));
    }

    private static <T> void complete(CompletableFuture<T> future, java.util.function.Supplier<T> work) {
        try {
            future.complete(work.get());
        } catch (Throwable failure) {
            future.completeExceptionally(failure);
        }
    }

    private void warnOfOpenDoor() {
        if (!config.http().isLoopback()) {
            LOG.atWarn()
                    .addKeyValue("address", config.http().address())
                    .log("whoever reaches this address can read and write everything: there is no authentication yet");
        }
    }

    /** The other nodes that are known without ZooKeeper: configured, or members when this node ran last. */
    private List<String> urlsKnownOfOthers() {
        List<String> urls = new ArrayList<>();
        if (config.zookeeper() instanceof NodeConfig.ZooKeeper.Embedded embedded) {
            embedded.others().forEach(peer -> urls.add(peer.url()));
        }
        new MemberFile(directory.gossip())
                .read().stream().filter(member -> !member.node().equals(id)).forEach(member -> urls.add(member.url()));
        return List.copyOf(urls);
    }

    private Freshness freshness(Cluster cluster, TableStore store, Optional<NewLog> newLog) {
        boolean bringsData = newLog.map(NewLog::bringsData).orElse(false);
        // Tables that are gone are no beginning: what they followed may be all that is left.
        boolean hasFollowed = store.log().isPresent() || identity.knownLog().isPresent();
        boolean followsLog = hasFollowed && !bringsData;
        var client = new PeerClient(cluster.secret());
        return switch (config.zookeeper()) {
            case NodeConfig.ZooKeeper.External external ->
                new Freshness(external.mayFound(), false, followsLog, bringsData, List.of(), client);
            case NodeConfig.ZooKeeper.Embedded embedded ->
                new Freshness(
                        true,
                        EmbeddedZooKeeper.holdsNoTransaction(
                                cluster.embedded(directory.zookeeper()).orElseThrow()),
                        followsLog,
                        bringsData,
                        embedded.others(),
                        client);
        };
    }

    private ParleyHttp listen(
            Cluster cluster, Surroundings surroundings, GossipedPlane gossiped, ProcessPlane running) {
        var internal = new InternalApi(
                cluster.secret(),
                cluster.id(),
                cluster.connectForOthers(),
                freshness::join,
                () -> lender.isDone() ? lender.join() : SnapshotOffers.none());
        try {
            return ParleyHttp.listen(
                    new HttpConfig(
                                    config.http().address(),
                                    config.http().port(),
                                    id,
                                    cluster.id(),
                                    version,
                                    config.http().corsOrigins(),
                                    config.limits())
                            .withHookHosts(config.http().allowedHookHosts()),
                    gate,
                    surroundings,
                    internal,
                    gossiped.forRequests(),
                    storeFiles,
                    board.orElseThrow(),
                    running,
                    new dev.parley.http.api.Ambient(ambient.nanos(), ambient.epochMillis(), () -> ambient.ids()
                            .get()
                            .toString()));
        } catch (JavalinBindException taken) {
            throw new StartFailure(
                    "port " + config.http().port() + " of " + config.http().address()
                            + " is taken; choose another with --port",
                    taken);
        }
    }

    /** The failure itself, not wrapped. */
    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }

    public String id() {
        return id;
    }

    /** Whether a node lived in this directory before. */
    public boolean isContinued() {
        return directory.isContinued();
    }

    /** What the node waits for; empty when it is ready. */
    public String missing() {
        return gate.missing();
    }

    /**
     * Waits until linearizable reads and writes are served.
     *
     * @return false when the time ran out or the node was closed
     * @throws StartFailure when it never will be
     */
    public boolean awaitReady(Duration timeout) {
        long deadline = ambient.nanos().getAsLong() + timeout.toNanos();
        while (!closed.get() && ambient.nanos().getAsLong() - deadline < 0) {
            if (joined.isCompletedExceptionally()) {
                join(joined);
            }
            if (gate.status().ready()) {
                return true;
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        return false;
    }

    /**
     * Not ready from the first moment on; running requests end, then everything closes. Takes at most 10 seconds. May be
     * called twice.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        LOG.atInfo().log("stopping");
        board.ifPresent(ControlBoard::drain);
        processes.ifPresent(ProcessPlane::close);
        control.ifPresent(ControlPlane::close);
        gate.close();
        http.handle((listening, failure) -> {
                    if (listening != null) {
                        listening.close();
                    }
                    return null;
                })
                .join();
        pause.end();
        joined.completeOnTimeout(null, JOINING_STOPS_WITHIN.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                .handle((done, failure) -> done)
                .join();
        resources.close();
        LOG.atInfo().log("stopped");
    }
}
