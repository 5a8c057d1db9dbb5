package dev.parley.http.api;

import dev.parley.coordination.channel.Channels;
import dev.parley.coordination.chat.Chat;
import dev.parley.coordination.control.ControlBoard;
import dev.parley.coordination.control.EventLog;
import dev.parley.coordination.control.NodeReports;
import dev.parley.coordination.control.Subsystems;
import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.gossip.MeshConfig;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.gossip.Transport;
import dev.parley.coordination.group.Groups;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Reading;
import dev.parley.store.replica.SingleNode;
import dev.parley.store.replica.StateView;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A listening server on a cluster of one in memory, and a client that sends exactly the bytes it is told to. */
final class TestServer implements AutoCloseable {
    private static final Path SCRATCH = scratch();

    private static final int PATIENCE_MILLIS = 20_000;

    private final Optional<SingleNode> node;
    private final ParleyHttp http;
    final Set<String> alive;

    private TestServer(Optional<SingleNode> node, ParleyHttp http, Set<String> alive) {
        this.node = node;
        this.http = http;
        this.alive = alive;
    }

    static TestServer start() {
        return start(List.of());
    }

    static TestServer start(List<String> origins) {
        SingleNode node = SingleNode.start();
        Set<String> alive = new ConcurrentSkipListSet<>();
        return new TestServer(Optional.of(node), listen(node.replica(), origins, alive), alive);
    }

    /** A client of a server that somebody else made; closes it. */
    static TestServer of(ParleyHttp http) {
        return new TestServer(Optional.empty(), http, Set.of());
    }

    static TestServer start(RequestLimits limits) {
        return start(limits, WatchResource.SILENCE_MAX);
    }

    static TestServer start(RequestLimits limits, Duration silenceMax) {
        SingleNode node = SingleNode.start();
        ParleyHttp http = listen(node.replica(), List.of(), Set.of(), Checkpoints.NONE, limits, silenceMax);
        return new TestServer(Optional.of(node), http, Set.of());
    }

    static ParleyHttp listen(Replica replica, List<String> origins, Set<String> alive) {
        return listen(replica, origins, alive, Checkpoints.NONE);
    }

    static ParleyHttp listen(Replica replica, List<String> origins, Set<String> alive, Checkpoints checkpoints) {
        return listen(replica, origins, alive, checkpoints, RequestLimits.AGREED, WatchResource.SILENCE_MAX);
    }

    /** Of nothing. */
    static Meters meters() {
        return new Meters(
                new FixedReplica(
                        submission -> new Replica.Result.Unknown(), new Reading.Unavailable(Replica.Refusal.NOT_READY)),
                new Facts(Set.of()),
                board(),
                new Watches(() -> false));
    }

    /** Of a node whose parts are not looked at. */
    static ControlBoard board() {
        return new ControlBoard(
                new EventLog("n1", "12345678", System::currentTimeMillis),
                new NodeReports(),
                Subsystems.starting(List.of("gateway", "store")));
    }

    private static ParleyHttp listen(
            Replica replica,
            List<String> origins,
            Set<String> alive,
            Checkpoints checkpoints,
            RequestLimits limits,
            Duration silenceMax) {
        return listen(replica, origins, alive, checkpoints, limits, silenceMax, board());
    }

    static ParleyHttp listen(
            Replica replica,
            List<String> origins,
            Set<String> alive,
            Checkpoints checkpoints,
            RequestLimits limits,
            Duration silenceMax,
            ControlBoard board) {
        return listen(
                replica, origins, alive, checkpoints, limits, silenceMax, board, gossipedAlone(), ProcessDesk.NONE);
    }

    /** With a gossiped plane that the test knows. */
    static TestServer start(Gossiped gossiped) {
        SingleNode node = SingleNode.start();
        ParleyHttp http = listen(
                node.replica(),
                List.of(),
                Set.of(),
                Checkpoints.NONE,
                RequestLimits.AGREED,
                WatchResource.SILENCE_MAX,
                board(),
                gossiped,
                ProcessDesk.NONE);
        return new TestServer(Optional.of(node), http, Set.of());
    }

    static ParleyHttp listen(Replica replica, ProcessDesk processes) {
        return listen(
                replica,
                List.of(),
                Set.of(),
                Checkpoints.NONE,
                RequestLimits.AGREED,
                WatchResource.SILENCE_MAX,
                board(),
                gossipedAlone(),
                processes);
    }

    private static ParleyHttp listen(
            Replica replica,
            List<String> origins,
            Set<String> alive,
            Checkpoints checkpoints,
            RequestLimits limits,
            Duration silenceMax,
            ControlBoard board,
            Gossiped gossiped,
            ProcessDesk processes) {
        AtomicLong ids = new AtomicLong();
        return ParleyHttp.listen(
                new HttpConfig("127.0.0.1", 0, "n1", "test", "1.2.3", origins, limits, silenceMax)
                        .withHookHosts(List.of("127.0.0.1")),
                replica,
                new Facts(alive),
                new Internal(),
                gossiped,
                checkpoints,
                board,
                processes,
                new Ambient(System::nanoTime, System::currentTimeMillis, () -> "r" + ids.incrementAndGet()));
    }

    /** The gossiped plane of a node that has no peers. */
    static Gossiped gossipedAlone() {
        return gossiped("n1");
    }

    static Gossiped gossiped(String node) {
        Mesh mesh = new Mesh(
                MeshConfig.of(
                        "test", new PeerIdentity(node, UUID.randomUUID()), System::nanoTime, new SplittableRandom(7)),
                (peer, lane, receiver) -> {
                    throw new Transport.LinkFailure("there is nobody else");
                });
        return new Gossiped(
                mesh,
                Groups.open(mesh, System::nanoTime, System::currentTimeMillis),
                Channels.open(mesh, System::currentTimeMillis),
                Chat.open(mesh, chatDirectory(), System::nanoTime, System::currentTimeMillis));
    }

    private static Path chatDirectory() {
        try {
            return Files.createTempDirectory(SCRATCH, "node");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** For all servers of this JVM, which takes it along when it ends. */
    private static Path scratch() {
        try {
            Path scratch = Files.createTempDirectory("parley-chat");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(scratch)));
            return scratch;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> below = Files.walk(directory)) {
            below.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Knows one secret. */
    private static final class Internal implements InternalAnswers {
        @Override
        public boolean admits(Optional<String> shownSecret) {
            return shownSecret.equals(Optional.of("the-secret"));
        }

        @Override
        public List<String> paths() {
            return List.of("/internal/v1/freshness");
        }

        @Override
        public String answer(String path) {
            return "{\"fresh\":false}";
        }
    }

    private record Facts(Set<String> alive) implements NodeFacts {
        @Override
        public Duration uptime() {
            return Duration.ofSeconds(42);
        }

        @Override
        public Set<String> suspected() {
            return Set.of("n-suspected");
        }

        @Override
        public ZooKeeper zookeeper() {
            return new ZooKeeper("connected", "embedded");
        }
    }

    SingleNode node() {
        return node.orElseThrow();
    }

    ParleyHttp http() {
        return http;
    }

    int port() {
        return http.port();
    }

    /** Reflects every request answered before. */
    long revision() {
        Reading reading = node().replica().readLinearizable(0, Duration.ofSeconds(10));
        if (reading instanceof Reading.Ready(StateView view, long age)) {
            try (view) {
                return view.position().revision();
            }
        }
        throw new AssertionError(reading);
    }

    // -- requests -------------------------------------------------------------------------------------------------

    HttpReply get(String target, String... headers) {
        return send("GET", target, "", headers);
    }

    HttpReply put(String target, String body, String... headers) {
        return send("PUT", target, body, headers);
    }

    HttpReply post(String target, String body, String... headers) {
        return send("POST", target, body, headers);
    }

    HttpReply delete(String target, String... headers) {
        return send("DELETE", target, "", headers);
    }

    /** @param headers whole lines */
    HttpReply send(String method, String target, String body, String... headers) {
        return send(method, target, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    HttpReply send(String method, String target, byte[] body, String... headers) {
        StringBuilder head =
                new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (body.length > 0 || !method.equals("GET") && !method.equals("HEAD")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(body);
        return raw(bytes.toByteArray(), method.equals("HEAD"));
    }

    HttpReply raw(String bytes) {
        return raw(bytes.getBytes(StandardCharsets.ISO_8859_1), false);
    }

    /** Sends these bytes and reads one answer. */
    HttpReply raw(byte[] bytes, boolean head) {
        try (Socket socket = connect()) {
            Thread writer = Thread.ofVirtual().start(() -> write(socket, bytes));
            HttpReply reply = HttpReply.read(socket.getInputStream(), head);
            writer.join();
            return reply;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Sends these bytes, and no more, and reads whatever comes until the server closes. */
    byte[] rawUntilClosed(byte[] bytes) {
        try (Socket socket = connect()) {
            Thread writer = Thread.ofVirtual().start(() -> {
                write(socket, bytes);
                try {
                    socket.shutdownOutput();
                } catch (IOException closed) {
                    // the server was faster
                }
            });
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8 << 10];
            try {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    answer.write(buffer, 0, read);
                }
            } catch (java.net.SocketException reset) {
                // a connection may be reset when there is nothing left to say
            }
            writer.join();
            return answer.toByteArray();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException closed) {
            // the server answered and closed before it had everything: what it said is what matters
        }
    }

    static List<String> lines(String text) {
        return new ArrayList<>(text.lines().toList());
    }

    @Override
    public void close() {
        http.close();
        node.ifPresent(SingleNode::close);
    }
}
