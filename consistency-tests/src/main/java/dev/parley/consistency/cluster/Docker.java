package dev.parley.consistency.cluster;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A cluster of containers in a network of their own. Each node has a fixed address, a fixed port on this machine and its data in a directory of this machine,
 * so that all three stay the same while it is killed and started, and its disk can be reached while it is down. Needs root for what is done to disks.
 */
public final class Docker implements Cluster {
    private static final int HTTP_PORT = 7070;
    private static final int USER = 7070;
    private static final int DISK_MIB = 192;
    private static final String OVERLAY = "/opt/parley/overlay";

    /** The image's own entry point, but for the class path. */
    private static final String WRONG_NODE = "exec java --enable-native-access=ALL-UNNAMED"
            + " --sun-misc-unsafe-memory-access=allow -Djava.net.preferIPv4Stack=true $PARLEY_JAVA_OPTIONS -cp "
            + OVERLAY + ":/opt/parley/parley.jar dev.parley.http.cli.Main node";

    private final Path directory;
    private final Network network;
    private final boolean smallDisks;
    private final List<DockerMachine> machines = new ArrayList<>();
    private final List<DockerMachine> servers = new ArrayList<>();
    private final List<DockerMachine> guests = new ArrayList<>();
    private final Kind kind;
    private final String prefix;
    private final AtomicBoolean closed = new AtomicBoolean();
    private int joined;

    /**
     * What the nodes are like.
     *
     * @param image made by docker/build, with iptables and libfaketime inside
     * @param servers how many servers of ZooKeeper run apart from the nodes; 0: nodes embed them
     * @param environment more settings for every node
     * @param shiftableClocks run the nodes under libfaketime
     * @param smallDisks give each node a disk of {@value #DISK_MIB} MiB, which can be filled
     * @param overlay classes that go before those of the image's jar and make the nodes wrong on purpose
     */
    public record Kind(
            String image,
            int nodes,
            int servers,
            Map<String, String> environment,
            boolean shiftableClocks,
            boolean smallDisks,
            Optional<Path> overlay) {}

    /** Starts the containers; {@code directory} takes their data and is created. They are removed when this process is told to end, too. */
    public Docker(Kind kind, Path directory) {
        this.directory = directory.toAbsolutePath();
        this.kind = kind;
        this.smallDisks = kind.smallDisks();
        int subnet = (int) (ProcessHandle.current().pid() % 250);
        this.prefix = "10.217." + subnet + ".";
        this.network = Network.builder()
                .createNetworkCmdModifier(command -> command.withIpam(new com.github.dockerjava.api.model.Network.Ipam()
                        .withConfig(
                                new com.github.dockerjava.api.model.Network.Ipam.Config().withSubnet(prefix + "0/24"))))
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        try {
            for (int i = 1; i <= kind.servers(); i++) {
                servers.add(server(i));
            }
            for (int i = 1; i <= kind.nodes(); i++) {
                machines.add(machine("n" + i, prefix + (10 + i), place(i)));
            }
            servers.parallelStream().forEach(DockerMachine::create);
            machines.parallelStream().forEach(DockerMachine::create);
        } catch (RuntimeException notStarted) {
            close();
            throw notStarted;
        }
    }

    /** Where the node finds ZooKeeper. */
    private Map<String, String> place(int node) {
        if (kind.servers() > 0) {
            return Map.of("PARLEY_ZOOKEEPER_CONNECT", connect());
        }
        String peers = IntStream.rangeClosed(1, kind.nodes())
                .mapToObj(i -> i + "=n" + i + ":2888:3888:2181/" + HTTP_PORT)
                .collect(Collectors.joining(","));
        return kind.nodes() == 1
                ? Map.of()
                : Map.of(
                        "PARLEY_ZOOKEEPER_EMBEDDED_SERVER_ID",
                        Integer.toString(node),
                        "PARLEY_ZOOKEEPER_EMBEDDED_PEERS",
                        peers);
    }

    private String connect() {
        String letters = kind.servers() > 0 ? "zk" : "n";
        return IntStream.rangeClosed(1, kind.servers() > 0 ? kind.servers() : kind.nodes())
                .mapToObj(i -> letters + i + ":2181")
                .collect(Collectors.joining(","));
    }

    /** One server of ZooKeeper, of the image's own, for the image of servers alone has no iptables. */
    private DockerMachine server(int number) {
        String name = "zk" + number;
        Path disk = disk(name);
        Map<String, String> settings = Map.of(
                "ZOOKEEPER_SERVER_ID",
                Integer.toString(number),
                "ZOOKEEPER_SERVERS",
                IntStream.rangeClosed(1, kind.servers())
                        .mapToObj(i -> i + "=zk" + i + ":2888:3888")
                        .collect(Collectors.joining(" ")),
                "ZOOKEEPER_JAVA_OPTIONS",
                "-Xmx192m -XX:+UseSerialGC");
        List<Bind> binds = List.of(new Bind(disk.toString(), new Volume("/var/lib/zookeeper")));
        String address = prefix + (30 + number);
        // The container is closed by its machine.
        @SuppressWarnings("resource")
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(kind.image()))
                .withNetwork(network)
                .withNetworkAliases(name)
                .withEnv(settings)
                .withCreateContainerCmdModifier(command -> {
                    HostConfig host =
                            Optional.ofNullable(command.getHostConfig()).orElseGet(HostConfig::newHostConfig);
                    command.withHostName(name)
                            .withIpv4Address(address)
                            .withWorkingDir("/var/lib/zookeeper")
                            .withEntrypoint("zookeeper-server")
                            .withCmd(List.of())
                            .withHostConfig(host.withBinds(binds).withCapAdd(Capability.NET_ADMIN));
                })
                .waitingFor(new StartedIsEnough());
        return new DockerMachine(name, URI.create("tcp://" + address + ":2181"), address, disk, container);
    }

    private DockerMachine machine(String name, String address, Map<String, String> place) {
        Path disk = disk(name);
        int port = freePort();
        Map<String, String> settings = new HashMap<>(kind.environment());
        settings.put("PARLEY_NODE_ID", name);
        settings.put("PARLEY_CLUSTER_ID", "consistency");
        settings.put("PARLEY_CLUSTER_SECRET", "a-secret-for-the-suite-only");
        settings.put("PARLEY_HTTP_ADVERTISE_URL", "http://" + name + ":" + HTTP_PORT);
        settings.putIfAbsent("PARLEY_ZOOKEEPER_SESSION_TIMEOUT", "4s");
        settings.putIfAbsent("PARLEY_STORAGE_RESERVE", "16MiB"); // the disks are small
        settings.putIfAbsent("PARLEY_JAVA_OPTIONS", "-Xmx320m -XX:+UseSerialGC");
        settings.putAll(place);
        List<Bind> binds = new ArrayList<>(List.of(new Bind(disk.toString(), new Volume("/var/lib/parley"))));
        kind.overlay()
                .ifPresent(overlay -> binds.add(new Bind(overlay.toString(), new Volume(OVERLAY), AccessMode.ro)));
        if (kind.shiftableClocks()) {
            binds.add(new Bind(clock(name).toString(), new Volume("/faketime")));
            String architecture = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
            settings.put("LD_PRELOAD", "/usr/lib/" + architecture + "-linux-gnu/faketime/libfaketimeMT.so.1");
            settings.put("FAKETIME_TIMESTAMP_FILE", "/faketime/offset");
            settings.put("FAKETIME_CACHE_DURATION", "1");
            settings.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            // Its cure for hanging waits makes the JVM's timed waits return at once.
            settings.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
            settings.put("DONT_FAKE_MONOTONIC", "1");
        }
        // The container is closed by its machine.
        @SuppressWarnings("resource")
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(kind.image()))
                .withNetwork(network)
                .withNetworkAliases(name)
                .withEnv(settings)
                .withExposedPorts(HTTP_PORT)
                .withCreateContainerCmdModifier(command -> {
                    configure(command, name, address, port, binds);
                    kind.overlay().ifPresent(overlay -> command.withEntrypoint("sh", "-c", WRONG_NODE));
                })
                .waitingFor(new StartedIsEnough());
        return new DockerMachine(name, URI.create("http://127.0.0.1:" + port), address, disk, container);
    }

    private static void configure(CreateContainerCmd command, String name, String address, int port, List<Bind> binds) {
        HostConfig host = command.getHostConfig() == null ? HostConfig.newHostConfig() : command.getHostConfig();
        command.withHostName(name)
                .withIpv4Address(address)
                .withHostConfig(host.withPortBindings(new PortBinding(
                                Ports.Binding.bindIpAndPort("127.0.0.1", port), ExposedPort.tcp(HTTP_PORT)))
                        .withBinds(binds)
                        .withCapAdd(Capability.NET_ADMIN));
    }

    /** Whether a node is ready is for the run to find out. */
    private static final class StartedIsEnough extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {
            // It was started, and nothing more is asked.
        }
    }

    private Path disk(String name) {
        Path disk = directory.resolve(name);
        create(disk);
        if (smallDisks) {
            Path image = directory.resolve(name + ".ext4");
            Shell.run(List.of("truncate", "-s", DISK_MIB + "M", image.toString()));
            Shell.run(List.of("mkfs.ext4", "-q", "-F", "-m", "0", image.toString()));
            Shell.run(List.of("mount", "-o", "loop", image.toString(), disk.toString()));
        }
        Shell.run(List.of("chown", USER + ":" + USER, disk.toString()));
        return disk;
    }

    private Path clock(String name) {
        Path clock = directory.resolve(name + "-clock");
        create(clock);
        try {
            Files.writeString(clock.resolve("offset"), "+0");
        } catch (IOException notWritten) {
            throw new UncheckedIOException(notWritten);
        }
        return clock;
    }

    private static void create(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException notCreated) {
            throw new UncheckedIOException(notCreated);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    @Override
    public List<Machine> machines() {
        return List.copyOf(machines);
    }

    @Override
    public List<Machine> servers() {
        return List.copyOf(servers);
    }

    @Override
    public SlowNetwork slow(Duration delay, long bytesPerSecond) {
        return new DockerSlowNetwork(
                Stream.of(machines, servers).<Machine>flatMap(List::stream).toList(),
                prefix + "1",
                new Link.Delay(delay, delay),
                bytesPerSecond);
    }

    @Override
    public Set<Ability> abilities() {
        Set<Ability> abilities = EnumSet.of(Ability.PROCESS, Ability.NETWORK, Ability.DISK, Ability.MEMBERSHIP);
        if (smallDisks) {
            abilities.add(Ability.SMALL_DISK);
        }
        if (Files.isDirectory(directory.resolve("n1-clock"))) {
            abilities.add(Ability.CLOCK);
        }
        return abilities;
    }

    @Override
    public Machine grow() {
        joined++;
        DockerMachine guest =
                machine("g" + joined, prefix + (100 + joined % 100), Map.of("PARLEY_ZOOKEEPER_CONNECT", connect()));
        guests.add(guest);
        guest.create();
        return guest;
    }

    @Override
    public void shrink(Machine guest) {
        guests.stream()
                .filter(machine -> machine.name().equals(guest.name()))
                .toList()
                .forEach(machine -> {
                    machine.remove();
                    guests.remove(machine);
                    unmount(machine);
                });
    }

    private void unmount(DockerMachine machine) {
        if (smallDisks) {
            Shell.run(List.of("umount", machine.disk().toString()));
        }
    }

    @Override
    public String describe() {
        return machines.size() + " containers" + (servers.isEmpty() ? "" : " and " + servers.size() + " of ZooKeeper");
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List.copyOf(guests).forEach(this::shrink);
        machines.forEach(DockerMachine::remove);
        servers.forEach(DockerMachine::remove);
        network.close();
        machines.forEach(this::unmount);
        servers.forEach(this::unmount);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
