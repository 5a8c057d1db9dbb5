package dev.parley.http.api;

import dev.parley.coordination.config.ConfigJudge;
import dev.parley.coordination.config.ConfigNews;
import dev.parley.coordination.control.ControlBoard;
import dev.parley.store.replica.Replica;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The HTTP server of a node. Serves each request on a virtual thread of its own.
 *
 * <p>To stop: {@link #stopServing()} makes {@code /readyz} say so and ends long polls and watches; {@link #close()} lets running
 * requests end and closes the port.
 */
public final class ParleyHttp implements AutoCloseable {
    /** What {@link #close()} gives running requests at most. */
    public static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private static final int REQUEST_HEAD_BYTES_MAX = 32 << 10;
    private static final int CONNECTIONS_MAX = 20_000;
    private static final Duration IDLE_MAX = Duration.ofSeconds(60);

    private final Javalin javalin;
    private final Api api;
    private final AtomicBoolean stopping;
    private final Watches watches;
    private final Sockets sockets;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ParleyHttp(Javalin javalin, Api api, AtomicBoolean stopping, Watches watches, Sockets sockets) {
        this.sockets = sockets;
        this.javalin = javalin;
        this.api = api;
        this.stopping = stopping;
        this.watches = watches;
    }

    /**
     * Opens the port and serves.
     *
     * @throws io.javalin.util.JavalinBindException when the port is taken
     */
    public static ParleyHttp listen(
            HttpConfig config,
            Replica replica,
            NodeFacts facts,
            InternalAnswers internal,
            Gossiped gossiped,
            Checkpoints checkpoints,
            ControlBoard board,
            ProcessDesk processes,
            Ambient ambient) {
        AtomicBoolean stopping = new AtomicBoolean();
        Watches watches = new Watches(stopping::get);
        Meters meters = new Meters(replica, facts, board, watches);
        List<Route> routes = routes(
                config, replica, facts, internal, gossiped, checkpoints, board, processes, ambient, watches, meters);
        Cors cors = new Cors(config.corsOrigins(), replica);
        Api api = new Api(new Router(routes), cors, replica, config.node(), meters, ambient.nanos());
        RequestIds ids = new RequestIds(ambient.requestIds());
        Sockets sockets = new Sockets();
        Edge edge = new Edge(api, config.node(), ids, ambient.nanos(), config.limits(), sockets);
        Javalin javalin =
                Javalin.create(settings -> configure(settings, config, edge, new ServerErrors(config.node(), ids)));
        javalin.start();
        return new ParleyHttp(javalin, api, stopping, watches, sockets);
    }

    static List<Route> routes(
            HttpConfig config,
            Replica replica,
            NodeFacts facts,
            InternalAnswers internal,
            Gossiped gossiped,
            Checkpoints checkpoints,
            ControlBoard board,
            ProcessDesk processes,
            Ambient ambient,
            Watches watches,
            Meters meters) {
        LockResource locks =
                new LockResource(replica, new LockWait.Parts(replica, ambient.nanos(), watches::isStopping));
        MemberStates states = new MemberStates(config.node(), replica, facts, board);
        ProcessWait processWait = new ProcessWait(replica, ambient.nanos(), watches::isStopping);
        LongPoll longPoll = new LongPoll(replica, ambient.nanos(), watches::isStopping);
        WatchDesk desk = new WatchDesk(replica, watches, ambient, config.silenceMax());
        List<Resource> resources = List.of(
                new KeyResource(replica, longPoll),
                new KeyListResource(replica, new RangeDelete(replica, ambient.nanos())),
                new TransactionResource(replica),
                new BulkResource(replica, config.node()),
                new ExportResource(replica),
                new BackupResource(config.cluster(), replica, checkpoints, ambient),
                new HistoryResource(replica),
                new CompactResource(replica),
                new RestoreResource(replica, ambient.nanos()),
                new ProofResource(replica),
                new ScrubResource(replica, checkpoints),
                new LedgerResource(desk),
                new WatchResource(desk, config.node()),
                new WatchesResource(replica, watches),
                new LeaseResource(replica),
                locks,
                new ElectionResource(replica, locks, watches, ambient),
                new GuardResource(replica),
                new ProcessBatch(replica, processes, processWait, config.node()),
                new ProcessLogs(replica, processes, config.node(), ambient.nanos(), watches::isStopping),
                new ProcessResource(replica, processes, processWait),
                new HookResource(replica, config.hookHosts()),
                new MemberResource(replica, facts, states, board, ambient.nanos()),
                new LeaderResource(replica, board),
                new EventsResource(board.events(), watches::isStopping, ambient.nanos()),
                new QueueResource(board.events(), ambient),
                new MetricsResource(meters),
                new SystemResource(replica, states, board),
                new ConfigResource(replica, config(config, replica, gossiped, ambient), longPoll),
                new ConfigReleaseResource(replica, config(config, replica, gossiped, ambient)),
                new ConfigListResource(replica),
                new ConfigHistoryResource(replica),
                new ConfigProposalResource(replica),
                new ConfigAckResource(replica),
                new ConfigSchemaResource(replica, ConfigJudge.withInstalledValidators(), ambient.nanos()),
                new InternalResource(internal),
                new SnapshotResource(internal),
                new LinkResource(internal, gossiped.mesh()),
                new GroupResource(gossiped.groups(), ambient.nanos(), watches::isStopping),
                new ChannelResource(gossiped.channels(), ambient.nanos(), watches::isStopping),
                new ChatResource(
                        new ChatDesk(gossiped.chat(), gossiped.groups(), ambient.nanos(), watches::isStopping)),
                new ChatPage(),
                new StatusResource(config, replica, facts, watches::isStopping, board));
        List<Route> routes = new ArrayList<>();
        resources.forEach(resource -> routes.addAll(resource.routes()));
        return List.copyOf(routes);
    }

    private static ConfigAgreement config(HttpConfig config, Replica replica, Gossiped gossiped, Ambient ambient) {
        return new ConfigAgreement(
                replica,
                ConfigJudge.withInstalledValidators(),
                ambient.nanos(),
                new PeerReads(),
                config.node(),
                new ConfigNews(gossiped.channels()));
    }

    private static void configure(JavalinConfig settings, HttpConfig config, Edge edge, ServerErrors errors) {
        settings.startup.showJavalinBanner = false;
        settings.startup.showOldJavalinVersionWarning = false;
        settings.startup.startupWatcherEnabled = false;
        settings.http.generateEtags = false;
        settings.http.compressionStrategy = CompressionStrategy.NONE;
        settings.concurrency.useVirtualThreads = true;
        settings.jetty.threadPool = threads();
        settings.jetty.modifyServer(server -> {
            server.setErrorHandler(errors);
            server.insertHandler(new GracefulHandler());
            server.setStopTimeout(STOP_PATIENCE.toMillis());
        });
        settings.jetty.modifyServletContextHandler(handler -> handler.setErrorHandler(errors));
        settings.jetty.modifyHttpConfiguration(ParleyHttp::configure);
        settings.jetty.addConnector((server, http) -> connector(server, http, config));
        // Every request looks like this one to Javalin, see RawRequest; what it is about is for the router to find.
        settings.routes.post("/", edge::serve);
        settings.routes.head("/", edge::serve);
    }

    /** Jetty's own way to virtual threads: platform threads select, each request gets a virtual one. */
    private static QueuedThreadPool threads() {
        QueuedThreadPool pool = new QueuedThreadPool(32, 4);
        pool.setName("parley-http");
        pool.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("parley-http-request-"));
        return pool;
    }

    private static void configure(HttpConfiguration http) {
        http.setUriCompliance(UriCompliance.UNSAFE);
        // Without it a value comes out in the case of an earlier one on the same connection: an Idempotency-Key too.
        http.setHeaderCacheCaseSensitive(true);
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(REQUEST_HEAD_BYTES_MAX);
        http.setResponseHeaderSize(REQUEST_HEAD_BYTES_MAX);
        http.addCustomizer(RawRequest.CUSTOMIZER);
    }

    private static ServerConnector connector(Server server, HttpConfiguration http, HttpConfig config) {
        ServerConnector connector = new LivelyConnector(server, new HttpConnectionFactory(http));
        connector.setHost(config.address());
        connector.setPort(config.port());
        connector.setIdleTimeout(IDLE_MAX.toMillis());
        connector.setAcceptQueueSize(1_024);
        connector.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, connector));
        return connector;
    }

    /** The port it listens on. */
    public int port() {
        return javalin.port();
    }

    /** Requests that ended in a fault of ours since the start; stays 0 unless there is a bug. */
    public long faults() {
        return api.faults();
    }

    /** From now on the node is not ready and long polls end; everything else goes on. */
    public void stopServing() {
        stopping.set(true);
        watches.wakeAll();
    }

    /** Lets running requests end, for {@link #STOP_PATIENCE} at most, and closes the port. May be called twice. */
    @Override
    public void close() {
        stopServing();
        if (closed.compareAndSet(false, true)) {
            sockets.closeAll();
            javalin.stop();
        }
    }
}
