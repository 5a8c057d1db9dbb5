package dev.parley.coordination.gossip;

import dev.parley.coordination.gossip.FailureDetector.Change;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Malformed;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of this node to all others, and who of them answers. Needs no ZooKeeper: whom to connect to is what
 * {@link #members} was told last.
 *
 * <p>Any thread. Services are registered before {@link #start}.
 */
public final class Mesh implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mesh.class);
    private static final int LATE_TICKS = 3;

    private final MeshConfig config;
    private final Transport transport;
    private final Map<Integer, PeerService> services = new ConcurrentHashMap<>();
    private final Map<String, Map<Lane, Link>> links = new ConcurrentHashMap<>();
    private final Map<Seat, Inbound> seats = new ConcurrentHashMap<>();
    private final FailureDetector detector;
    private final Thread prober;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Where a peer's connection is served. */
    private record Seat(String node, Lane lane) {}

    public Mesh(MeshConfig config, Transport transport) {
        this.config = config;
        this.transport = transport;
        long tickNanos = config.probeEvery().toNanos();
        detector = new FailureDetector(config.suspectAfter().toNanos(), LATE_TICKS * tickNanos);
        prober = Thread.ofPlatform().daemon().name("peer-probes").unstarted(this::probe);
    }

    public PeerIdentity self() {
        return config.self();
    }

    /** @param service its number on the wire, 0 to 255 */
    public void register(int service, PeerService handler) {
        if (services.putIfAbsent(service, handler) != null) {
            throw new IllegalArgumentException("service " + service + " is registered already");
        }
    }

    public void start() {
        prober.start();
    }

    // -- who there is -----------------------------------------------------------------------------------------------

    /** Links go to these nodes, and no others; this node among them is passed over. */
    public synchronized void members(Collection<PeerAddress> members) {
        if (closed.get()) {
            return;
        }
        Map<String, PeerAddress> wanted = members.stream()
                .filter(member -> !member.node().equals(config.self().node()))
                .collect(Collectors.toMap(PeerAddress::node, Function.identity(), (first, second) -> second));
        List.copyOf(links.keySet()).stream()
                .filter(node -> !wanted.containsKey(node))
                .forEach(this::remove);
        wanted.values().forEach(this::add);
    }

    private void remove(String node) {
        links.remove(node).values().forEach(Link::close);
        synchronized (detector) {
            detector.forget(node);
        }
        services.values().forEach(service -> service.removed(node));
    }

    private void add(PeerAddress peer) {
        Map<Lane, Link> before = links.get(peer.node());
        if (before != null) {
            if (before.get(Lane.CONTROL).peer().equals(peer)) {
                return;
            }
            before.values().forEach(Link::close);
        }
        synchronized (detector) {
            detector.watch(peer.node(), config.nanos().getAsLong());
        }
        Map<Lane, Link> lanes = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            lanes.put(lane, link(peer, lane));
        }
        links.put(peer.node(), lanes);
        lanes.values().forEach(Link::start);
    }

    private Link link(PeerAddress peer, Lane lane) {
        Backoff backoff = new Backoff(MeshConfig.RECONNECT_FIRST, MeshConfig.RECONNECT_LAST, config.random());
        return new Link(
                peer, lane, new Frame.Hello(config.cluster(), config.self()), transport, backoff, new Reports());
    }

    /** Every other member, reachable or not. */
    public Set<String> peers() {
        return Set.copyOf(links.keySet());
    }

    /** Peers that answer probes, in both directions. */
    public Set<String> reachable() {
        synchronized (detector) {
            return detector.reachable();
        }
    }

    /** Peers that do not answer probes. They are members still. */
    public Set<String> suspected() {
        synchronized (detector) {
            return detector.suspected();
        }
    }

    // -- sending ----------------------------------------------------------------------------------------------------

    /**
     * Hands a message over to be sent. It arrives after those of the same priority that were taken before it, or is lost
     * with the connection.
     *
     * @return false when it is not sent: no connection, or too much waits for it
     */
    public boolean send(String node, int service, Priority priority, Bytes content) {
        return offer(node, priority, new Frame.Letter(service, content).encode());
    }

    /** {@link #send} to every peer. @return to how many */
    public int sendToAll(int service, Priority priority, Bytes content) {
        byte[] message = new Frame.Letter(service, content).encode();
        return (int) links.keySet().stream()
                .filter(node -> offer(node, priority, message))
                .count();
    }

    private boolean offer(String node, Priority priority, byte[] message) {
        if (message.length > Lane.MESSAGE_BYTES_MAX) {
            throw new IllegalArgumentException("a message of " + message.length + " bytes");
        }
        Map<Lane, Link> lanes = links.get(node);
        return lanes != null && lanes.get(priority.lane()).offer(priority, message);
    }

    // -- probes -----------------------------------------------------------------------------------------------------

    private void probe() {
        long sequence = 0;
        while (!closed.get()) {
            sequence++;
            byte[] ping = new Frame.Ping(sequence).encode();
            links.values().forEach(lanes -> {
                lanes.get(Lane.CONTROL).offer(Priority.PROBE, ping);
                lanes.get(Lane.DATA).offer(Priority.DATA_PROBE, ping);
            });
            tell(detected());
            LockSupport.parkNanos(config.probeEvery().toNanos());
        }
    }

    private List<Change> detected() {
        synchronized (detector) {
            return detector.tick(config.nanos().getAsLong());
        }
    }

    private void tell(List<Change> changes) {
        for (Change change : changes) {
            LOG.info("event={} node={}", change.reachable() ? "peer_reachable" : "peer_suspected", change.node());
            Map<Lane, Link> lanes = links.get(change.node());
            if (!change.reachable() && lanes != null) {
                lanes.values().forEach(Link::reset); // what hangs may hang for minutes
            }
            services.values().forEach(service -> service.reachable(change.node(), change.reachable()));
        }
    }

    /** What the links report. */
    private final class Reports implements Link.Owner {
        @Override
        public void connected(PeerIdentity peer, Lane lane) {
            services.values().forEach(service -> service.connected(peer, lane));
        }

        @Override
        public void answered(String node, Lane lane) {
            if (lane == Lane.CONTROL) {
                List<Change> changes;
                synchronized (detector) {
                    changes = detector.answered(node, config.nanos().getAsLong());
                }
                tell(changes);
            }
        }
    }

    // -- connections that others opened -----------------------------------------------------------------------------

    /** How to answer on a connection that a peer opened. */
    public interface Reply {
        /** Without waiting; what cannot be sent is lost. */
        void send(byte[] message);

        void close();
    }

    /** Serves a connection that a peer opened; the peer has shown the cluster's secret. */
    public Transport.Receiver accept(Lane lane, Reply reply) {
        return new Inbound(lane, reply);
    }

    private final class Inbound implements Transport.Receiver {
        private final Lane lane;
        private final Reply reply;
        private PeerIdentity from = new PeerIdentity("", new java.util.UUID(0, 0));
        private boolean greeted;

        Inbound(Lane lane, Reply reply) {
            this.lane = lane;
            this.reply = reply;
        }

        @Override
        public void received(byte[] message) {
            switch (Frame.decode(message)) {
                case Frame.Hello(String cluster, PeerIdentity peer) -> greet(cluster, peer);
                case Frame.Ping(long sequence) -> reply.send(new Frame.Pong(sequence).encode());
                case Frame.Pong pong -> throw new Malformed("an answer nobody asked for");
                case Frame.Letter(int service, Bytes content) -> {
                    PeerService handler = services.get(service);
                    if (!greeted) {
                        throw new Malformed("a letter before the hello");
                    }
                    if (handler != null) { // a later version may have services we do not know
                        handler.received(from, content);
                    }
                }
            }
        }

        private void greet(String cluster, PeerIdentity peer) {
            if (greeted
                    || !cluster.equals(config.cluster())
                    || peer.node().equals(config.self().node())) {
                throw new Malformed("a hello that is not for this node");
            }
            from = peer;
            greeted = true;
            Inbound before = seats.put(new Seat(peer.node(), lane), this);
            if (before != null) {
                before.reply.close(); // of an earlier life, or half open
            }
            reply.send(new Frame.Hello(config.cluster(), config.self()).encode());
        }

        @Override
        public void closed() {
            if (greeted) {
                seats.remove(new Seat(from.node(), lane), this);
            }
        }
    }

    /** May be called twice. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            LockSupport.unpark(prober);
            Map<String, Map<Lane, Link>> last = new HashMap<>();
            synchronized (this) {
                last.putAll(links);
                links.clear();
            }
            last.values().forEach(lanes -> lanes.values().forEach(Link::close));
            seats.values().forEach(inbound -> inbound.reply.close());
        }
    }
}
