package dev.parley.consistency.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Local nodes and the servers of their ZooKeeper as processes of their own, with a {@link Link} wherever one of them
 * talks to a server. Nodes are started by whoever uses it.
 */
public final class Linked implements Cluster {
    private static final Duration START = Duration.ofSeconds(60);

    /** How long a leader of ZooKeeper that hears nothing believes that it leads. */
    public static final Duration DEPOSED_AFTER = Duration.ofSeconds(10);

    private final Path directory;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final List<Machine> servers = new ArrayList<>();
    private final List<Integer> clientPorts = new ArrayList<>();
    private final Map<Integer, List<Link>> toServer = new HashMap<>();
    private final Map<Integer, List<Link>> fromServer = new HashMap<>();
    private final Map<String, List<Link>> toZooKeeper = new HashMap<>();
    private final List<Machine> nodes = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private final NodeBuild build;

    /** Starts that many servers and waits until they serve. */
    public Linked(NodeBuild build, int serverCount, Path directory) {
        this.build = build;
        this.directory = directory.toAbsolutePath();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        try {
            makeServers(serverCount);
            // The last one comes too late to lead, so that a leader can be deposed whose number is not the highest: its
            // voice counts more in an election and would keep the others from agreeing for a long time.
            int early = Math.max(1, serverCount - 1);
            servers.subList(0, early).forEach(Machine::start);
            awaitServing(early);
            servers.subList(early, serverCount).forEach(Machine::start);
            awaitServing();
        } catch (RuntimeException notStarted) {
            close();
            throw notStarted;
        }
    }

    private void makeServers(int count) {
        List<int[]> ports =
                IntStream.range(0, count).mapToObj(i -> Processes.freePorts(3)).toList();
        for (int i = 0; i < count; i++) {
            clientPorts.add(ports.get(i)[0]);
            toServer.put(i, new ArrayList<>());
            fromServer.put(i, new ArrayList<>());
        }
        for (int i = 0; i < count; i++) {
            Path own = directory.resolve("zk" + (i + 1));
            Path file = own.resolve("zoo.cfg");
            try {
                Files.createDirectories(own.resolve("data"));
                Files.writeString(own.resolve("data/myid"), Integer.toString(i + 1));
                Files.writeString(file, configuration(i, own.resolve("data"), ports));
            } catch (IOException notWritten) {
                throw new UncheckedIOException(notWritten);
            }
            servers.add(new Processes.Local(
                    "zk" + (i + 1),
                    URI.create("http://127.0.0.1:" + ports.get(i)[0]),
                    build.zookeeperCommand(file),
                    Map.of("PARLEY_DATA_DIRECTORY", own.toString()),
                    directory.resolve("zk" + (i + 1) + ".out"),
                    ports.get(i)[0]));
        }
    }

    private String configuration(int server, Path data, List<int[]> ports) {
        StringBuilder text = new StringBuilder("tickTime=1000\ninitLimit=10\nsyncLimit=" + DEPOSED_AFTER.toSeconds()
                + "\nforceSync=no\nminSessionTimeout=2000\nmaxSessionTimeout=120000\nclientPortAddress=127.0.0.1\nclientPort="
                + ports.get(server)[0] + "\ndataDir=" + data + "\n");
        for (int other = 0; other < ports.size() && ports.size() > 1; other++) {
            int quorum = ports.get(other)[1];
            int election = ports.get(other)[2];
            if (other != server) {
                quorum = between(server, other, quorum).port();
                election = between(server, other, election).port();
            }
            text.append("server.%d=127.0.0.1:%d:%d%n".formatted(other + 1, quorum, election));
        }
        return text.toString();
    }

    private Link between(int from, int to, int port) {
        Link link = new Link(port, Link.Delay.NONE);
        links.add(link);
        toServer.get(to).add(link);
        fromServer.get(from).add(link);
        return link;
    }

    /** Waits until every server serves clients. */
    public void awaitServing() {
        awaitServing(servers.size());
    }

    private void awaitServing(int count) {
        long end = System.nanoTime() + START.toNanos();
        while (!IntStream.range(0, count).allMatch(i -> !mode(i).isEmpty())) {
            if (System.nanoTime() - end > 0) {
                throw new ClusterException("ZooKeeper did not serve within " + START.toSeconds() + " s");
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    /** {@code leader}, {@code follower} or {@code standalone}; empty when it does not serve. */
    public String mode(int server) {
        return FourLetters.mode("127.0.0.1", clientPorts.get(server));
    }

    /**
     * Makes one more node, down at first, that knows one server.
     *
     * @param jvmOptions more options for its JVM
     * @return the node's link to that server
     */
    public Link node(int server, Link.Delay delay, Map<String, String> settings, String... jvmOptions) {
        return linksOf(node(List.of(server), delay, settings, jvmOptions)).getFirst();
    }

    /** Makes one more node, down at first, that knows several servers. */
    public Machine node(List<Integer> servers, Link.Delay delay, Map<String, String> settings, String... jvmOptions) {
        List<Link> own = servers.stream()
                .map(server -> new Link(clientPorts.get(server), delay))
                .toList();
        links.addAll(own);
        String name = "n" + (nodes.size() + 1);
        toZooKeeper.put(name, own);
        int port = Processes.freePorts(1)[0];
        Map<String, String> all = new HashMap<>(settings);
        all.put("PARLEY_NODE_ID", name);
        all.put("PARLEY_CLUSTER_ID", "consistency");
        all.put("PARLEY_CLUSTER_SECRET", "a-secret-for-the-suite-only");
        all.put("PARLEY_DATA_DIRECTORY", directory.resolve(name).toString());
        all.put("PARLEY_HTTP_PORT", Integer.toString(port));
        all.put(
                "PARLEY_ZOOKEEPER_CONNECT",
                own.stream().map(link -> "127.0.0.1:" + link.port()).collect(Collectors.joining(",")));
        Machine node = new Processes.Local(
                name,
                URI.create("http://127.0.0.1:" + port),
                build.nodeCommand(jvmOptions),
                all,
                directory.resolve(name + ".out"),
                0);
        nodes.add(node);
        return node;
    }

    /** What a node reaches its servers through. */
    public List<Link> linksOf(Machine node) {
        return toZooKeeper.get(node.name());
    }

    /** A port for something that a node is to listen for. */
    public int freePort() {
        return Processes.freePorts(1)[0];
    }

    @Override
    public List<Machine> servers() {
        return List.copyOf(servers);
    }

    /** What the other servers call a server through. */
    public List<Link> linksTo(int server) {
        return toServer.get(server);
    }

    /** What a server calls the others through. */
    public List<Link> linksFrom(int server) {
        return fromServer.get(server);
    }

    @Override
    public List<Machine> machines() {
        return List.copyOf(nodes);
    }

    @Override
    public Set<Ability> abilities() {
        return Set.of(Ability.PROCESS, Ability.DISK);
    }

    @Override
    public String describe() {
        return nodes.size() + " local processes and " + servers.size() + " of ZooKeeper, "
                + Stream.of(nodes, servers)
                        .flatMap(List::stream)
                        .map(Machine::name)
                        .collect(Collectors.joining(" "));
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Stream.of(nodes, servers)
                .flatMap(List::stream)
                .filter(machine -> machine.state() != Machine.State.DOWN)
                .forEach(Machine::kill);
        links.forEach(Link::close);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
