package dev.parley.consistency.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A cluster of local processes, for machines without containers: nodes can be killed, stopped and paused, and their disks damaged, and nothing else. */
public final class Processes implements Cluster {
    private static final int STOP_SECONDS = 20;

    private final Path directory;
    private final List<Machine> machines = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Starts that many nodes of the build with an embedded ensemble.
     *
     * @param directory for data and logs; created
     * @param environment more settings for every node
     */
    public Processes(NodeBuild build, int nodes, Path directory, Map<String, String> environment) {
        this.directory = directory;
        List<int[]> ports =
                IntStream.range(0, nodes).mapToObj(i -> freePorts(4)).toList();
        String peers = IntStream.range(0, nodes)
                .mapToObj(i -> (i + 1) + "=127.0.0.1:" + ports.get(i)[1] + ":" + ports.get(i)[2] + ":" + ports.get(i)[3]
                        + "/" + ports.get(i)[0])
                .collect(Collectors.joining(","));
        for (int i = 0; i < nodes; i++) {
            Map<String, String> settings = new HashMap<>(environment);
            settings.put("PARLEY_NODE_ID", "n" + (i + 1));
            settings.put("PARLEY_CLUSTER_ID", "consistency");
            settings.put("PARLEY_CLUSTER_SECRET", "a-secret-for-the-suite-only");
            settings.put(
                    "PARLEY_DATA_DIRECTORY", directory.resolve("n" + (i + 1)).toString());
            settings.put("PARLEY_HTTP_PORT", Integer.toString(ports.get(i)[0]));
            settings.putIfAbsent("PARLEY_ZOOKEEPER_SESSION_TIMEOUT", "4s");
            if (nodes > 1) {
                settings.put("PARLEY_ZOOKEEPER_EMBEDDED_SERVER_ID", Integer.toString(i + 1));
                settings.put("PARLEY_ZOOKEEPER_EMBEDDED_PEERS", peers);
            }
            Path log = directory.resolve("n" + (i + 1) + ".out");
            machines.add(new Local(
                    "n" + (i + 1),
                    URI.create("http://127.0.0.1:" + ports.get(i)[0]),
                    build.nodeCommand(),
                    settings,
                    log,
                    nodes > 1 ? ports.get(i)[3] : 0));
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException notCreated) {
            throw new UncheckedIOException(notCreated);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        machines.forEach(Machine::start);
    }

    /** Ports that were free a moment ago, below those the kernel hands out. */
    static int[] freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int port = 21_000 + (int) (ProcessHandle.current().pid() % 5_000); sockets.size() < count; port++) {
                try {
                    if (RESERVED.add(port)) {
                        sockets.add(new ServerSocket(port));
                    }
                } catch (IOException taken) {
                    // The next one, then.
                }
            }
            return sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        } finally {
            sockets.forEach(Processes::closeQuietly);
        }
    }

    private static final Set<Integer> RESERVED = java.util.concurrent.ConcurrentHashMap.newKeySet();

    private static void closeQuietly(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // Nothing is lost.
        }
    }

    @Override
    public List<Machine> machines() {
        return List.copyOf(machines);
    }

    @Override
    public Set<Ability> abilities() {
        return Set.of(Ability.PROCESS, Ability.DISK);
    }

    @Override
    public String describe() {
        return machines.size() + " local processes";
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        machines.stream()
                .filter(machine -> machine.state() != Machine.State.DOWN)
                .forEach(Machine::kill);
        delete();
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }

    static final class Local implements Machine {
        private static final int LOG_BYTES = 256 << 10;

        private final String name;
        private final URI url;
        private final List<String> command;
        private final Map<String, String> settings;
        private final Path log;
        private final int zooKeeperPort;
        private Process process;
        private boolean paused;

        /** @param zooKeeperPort where its server of ZooKeeper serves clients; 0 when there is none */
        Local(String name, URI url, List<String> command, Map<String, String> settings, Path log, int zooKeeperPort) {
            this.name = name;
            this.url = url;
            this.command = command;
            this.settings = settings;
            this.log = log;
            this.zooKeeperPort = zooKeeperPort;
        }

        @Override
        public boolean leadsZooKeeper() {
            return zooKeeperPort > 0
                    && state() == State.RUNNING
                    && FourLetters.mode("127.0.0.1", zooKeeperPort).equals("leader");
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public URI url() {
            return url;
        }

        @Override
        public State state() {
            if (process == null || !process.isAlive()) {
                return State.DOWN;
            }
            return paused ? State.PAUSED : State.RUNNING;
        }

        @Override
        public void start() {
            if (state() != State.DOWN) {
                throw new ClusterException(name + " runs already");
            }
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().keySet().removeIf(variable -> variable.startsWith("PARLEY_"));
            builder.environment().putAll(settings);
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            try {
                process = builder.start();
                paused = false;
            } catch (IOException notStarted) {
                throw new ClusterException(name + " could not be started", notStarted);
            }
        }

        @Override
        public void kill() {
            process.destroyForcibly();
            await();
        }

        @Override
        public void stop() {
            process.destroy();
            await();
        }

        private void await() {
            try {
                if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    throw new ClusterException(name + " did not end within " + STOP_SECONDS + " s");
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ClusterException(name + " was not awaited", interrupted);
            }
            paused = false;
        }

        @Override
        public void pause() {
            Shell.run(List.of("kill", "-STOP", Long.toString(process.pid())));
            paused = true;
        }

        @Override
        public void resume() {
            Shell.run(List.of("kill", "-CONT", Long.toString(process.pid())));
            paused = false;
        }

        @Override
        public String log() {
            Path written = Path.of(settings.get("PARLEY_DATA_DIRECTORY"), "parley.log");
            return end(log) + "\n-- parley.log, the end of it --\n" + end(written);
        }

        private static String end(Path file) {
            try {
                byte[] bytes = Files.readAllBytes(file);
                int from = Math.max(0, bytes.length - LOG_BYTES);
                return new String(bytes, from, bytes.length - from, java.nio.charset.StandardCharsets.UTF_8);
            } catch (IOException none) {
                return "";
            }
        }

        @Override
        public String shell(String script) {
            throw new ClusterException("local processes share this machine; nothing is run on it");
        }

        @Override
        public String onDisk(String script) {
            return Shell.run(
                    List.of("sh", "-c", "cd '" + settings.get("PARLEY_DATA_DIRECTORY") + "' || exit 1\n" + script));
        }

        @Override
        public String address() {
            return "127.0.0.1";
        }
    }
}
