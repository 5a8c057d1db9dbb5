package dev.parley.http.node;

import dev.parley.coordination.process.command.Command;
import dev.parley.http.api.RequestLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything a node is told before it starts. Checked once, here; every later reader may trust it.
 *
 * @param nodeId empty: the one in the identity directory, or a new one
 * @param labels {@code key=value}
 * @param clusterId empty: the one in the identity directory, or the usual one
 * @param backups where backups are kept
 * @param secret empty: the one in the identity directory, or a new one
 */
public record NodeConfig(
        Optional<String> nodeId,
        List<String> labels,
        Optional<String> clusterId,
        Optional<String> secret,
        Path dataDirectory,
        Optional<Path> backups,
        Http http,
        ZooKeeper zookeeper,
        Storage storage,
        History history,
        RequestLimits limits,
        Requests requests,
        Processes processes,
        Logging logging) {

    /**
     * @param advertiseUrl where others reach this node
     * @param corsOrigins {@code *} is any
     * @param hookHosts that hooks may be sent to; empty: what {@link #allowedHookHosts} says
     */
    public record Http(
            String address, int port, String advertiseUrl, List<String> corsOrigins, List<String> hookHosts) {
        private static final List<String> THIS_MACHINE = List.of("localhost", "127.0.0.1");

        /** Whoever reaches a node that only this machine can reach, reaches what else there is on it. */
        public List<String> allowedHookHosts() {
            return hookHosts.isEmpty() && isLoopback() ? THIS_MACHINE : hookHosts;
        }

        /** Whether only this machine can connect. */
        public boolean isLoopback() {
            return address.equals("localhost")
                    || address.startsWith("127.")
                    || address.equals("::1")
                    || address.equals("[::1]");
        }

        /** Whether it stands for every address of the machine. */
        static boolean isWildcard(String address) {
            return address.equals("0.0.0.0") || address.equals("::") || address.equals("[::]");
        }
    }

    /** Where the ensemble is. */
    public sealed interface ZooKeeper {
        Duration sessionTimeout();

        /** How many nodes the cluster is meant to begin with, as far as the configuration says. */
        default int expectedNodes() {
            return switch (this) {
                case External external -> 1;
                case Embedded embedded -> embedded.peers().size();
            };
        }

        /**
         * Somewhere else.
         *
         * @param hosts {@code host:port,host:port}
         * @param path under which the clusters lie; empty: the usual one
         * @param mayFound whether this node may begin a log where there is none
         */
        record External(String hosts, Optional<String> path, boolean mayFound, Duration sessionTimeout)
                implements ZooKeeper {}

        /**
         * A server in this process.
         *
         * @param address where it listens
         * @param peers the whole ensemble, this node included; a single one is an ensemble of one
         */
        record Embedded(int serverId, List<Peer> peers, String address, Duration sessionTimeout) implements ZooKeeper {
            public Peer self() {
                return peers.stream()
                        .filter(peer -> peer.serverId() == serverId)
                        .findFirst()
                        .orElseThrow();
            }

            public List<Peer> others() {
                return peers.stream()
                        .filter(peer -> peer.serverId() != serverId)
                        .toList();
            }
        }
    }

    /**
     * @param logBytesMax bytes of the replicated log that are not trimmed
     * @param reserveBytes of the disk
     */
    public record Storage(long memtableBytes, Duration flushInterval, long logBytesMax, long reserveBytes) {}

    /**
     * What the cluster keeps of its history.
     *
     * @param age zero: however old
     * @param revisions zero: however much
     */
    public record History(Duration age, long revisions) {}

    public record Requests(int queueMax, Duration stopTimeout) {}

    /**
     * What processes on this node may do.
     *
     * @param guardTimeout how long this node may stand still before the guards of its programs kill them
     * @param callbackHosts {@code host} or {@code host:port} that may be called
     * @param outputFileBytesMax of what a process says
     */
    public record Processes(
            List<Command> commands,
            Duration guardTimeout,
            List<String> callbackHosts,
            long outputFileBytesMax,
            int outputFilesMax) {}

    public record Logging(Path file, boolean json, long fileBytesMax) {}

    /** @throws ConfigException when a rule is broken that concerns more than one value's shape */
    public static NodeConfig from(ConfigSources sources) {
        return new Assembly(sources).assemble();
    }

    private record Assembly(ConfigSources sources) {
        NodeConfig assemble() {
            Path data = Path.of(required(Setting.DATA_DIRECTORY));
            String address = required(Setting.HTTP_ADDRESS);
            int port = number(Setting.HTTP_PORT);
            ZooKeeper zookeeper = zookeeper(address, port);
            Http http = new Http(
                    address,
                    port,
                    advertiseUrl(address, port, zookeeper),
                    sources.list(Setting.CORS_ORIGINS),
                    sources.list(Setting.HOOKS_HOSTS));
            Optional<String> secret = secret();
            if (zookeeper instanceof ZooKeeper.Embedded embedded
                    && embedded.peers().size() > 1
                    && secret.isEmpty()) {
                throw new ConfigException(
                        "cluster.secret must be the same on every peer of an embedded ensemble, was not given;"
                                + " set PARLEY_CLUSTER_SECRET or cluster.secret-file");
            }
            return new NodeConfig(
                    sources.text(Setting.NODE_ID),
                    sources.list(Setting.NODE_LABELS),
                    sources.text(Setting.CLUSTER_ID),
                    secret,
                    data,
                    sources.text(Setting.BACKUP_DIRECTORY).map(Path::of),
                    http,
                    zookeeper,
                    new Storage(
                            bytes(Setting.STORAGE_MEMTABLE_BYTES, 1 << 20, 1 << 30),
                            duration(Setting.STORAGE_FLUSH_INTERVAL, Duration.ofMillis(100), Duration.ofHours(1)),
                            bytes(Setting.LOG_BYTES_MAX, 1 << 20, 1L << 36),
                            bytes(Setting.STORAGE_RESERVE, 1, 1L << 40)),
                    new History(
                            duration(Setting.COMPACTION_AGE, Duration.ZERO, Duration.ofHours(1_000_000)),
                            sources.text(Setting.COMPACTION_REVISIONS)
                                    .map(Long::parseLong)
                                    .orElse(0L)),
                    limits(),
                    new Requests(
                            number(Setting.REQUESTS_QUEUE_MAX),
                            duration(Setting.REQUESTS_STOP_TIMEOUT, Duration.ZERO, Duration.ofSeconds(8))),
                    processes(zookeeper.sessionTimeout()),
                    new Logging(
                            sources.text(Setting.LOGGING_FILE).map(Path::of).orElse(data.resolve("parley.log")),
                            required(Setting.LOGGING_FORMAT).equals("json"),
                            bytes(Setting.LOGGING_FILE_BYTES_MAX, 1 << 16, 1L << 40)));
        }

        private Processes processes(Duration sessionTimeout) {
            List<Command> commands = CommandSetting.all(sources.list(Setting.PROCESSES_COMMANDS));
            if (commands.stream().map(Command::name).distinct().count() != commands.size()) {
                throw sources.broken(Setting.PROCESSES_COMMANDS, "of different names");
            }
            // A node that stands still loses its session; by then its programs must be gone.
            Duration longest = sessionTimeout.dividedBy(2).minusMillis(1);
            Duration patience = sources.isGiven(Setting.PROCESSES_GUARD_TIMEOUT)
                    ? duration(Setting.PROCESSES_GUARD_TIMEOUT, Duration.ofMillis(100), longest)
                    : sessionTimeout.dividedBy(3);
            int files = number(Setting.PROCESSES_OUTPUT_FILES);
            if (files > 1_000) {
                throw sources.broken(Setting.PROCESSES_OUTPUT_FILES, "from 1 to 1000");
            }
            return new Processes(
                    commands,
                    patience,
                    sources.list(Setting.PROCESSES_CALLBACK_HOSTS),
                    bytes(Setting.PROCESSES_OUTPUT_FILE_BYTES_MAX, 1 << 10, 1 << 30),
                    files);
        }

        private RequestLimits limits() {
            RequestLimits most = RequestLimits.AGREED;
            int operations = number(Setting.LIMITS_OPERATIONS);
            if (operations > most.operations()) {
                throw sources.broken(Setting.LIMITS_OPERATIONS, "from 1 to " + most.operations());
            }
            RequestLimits limits = new RequestLimits(
                    (int) bytes(Setting.LIMITS_KEY_BYTES, 1, most.keyBytes()),
                    (int) bytes(Setting.LIMITS_VALUE_BYTES, 1, most.valueBytes()),
                    operations,
                    (int) bytes(Setting.LIMITS_REQUEST_BYTES, 1 << 10, most.requestBytes()));
            return limits.equals(most) ? most : limits;
        }

        /** An address that stands for all of them is none that others can use. */
        private String advertiseUrl(String address, int port, ZooKeeper zookeeper) {
            Optional<String> given = sources.text(Setting.HTTP_ADVERTISE_URL);
            if (given.isPresent()) {
                return given.get();
            }
            if (!Http.isWildcard(address)) {
                return "http://" + address + ":" + port;
            }
            if (zookeeper instanceof ZooKeeper.Embedded embedded && sources.isGiven(Setting.EMBEDDED_PEERS)) {
                return embedded.self().url();
            }
            throw sources.broken(Setting.HTTP_ADVERTISE_URL, "given when http.address is " + address);
        }

        private ZooKeeper zookeeper(String address, int port) {
            Duration timeout =
                    duration(Setting.ZOOKEEPER_SESSION_TIMEOUT, Duration.ofSeconds(2), Duration.ofSeconds(60));
            Optional<String> connect = sources.text(Setting.ZOOKEEPER_CONNECT);
            if (connect.isPresent()) {
                for (Setting embedded : List.of(
                        Setting.EMBEDDED_SERVER_ID,
                        Setting.EMBEDDED_PEERS,
                        Setting.EMBEDDED_ADDRESS,
                        Setting.EMBEDDED_CLIENT_PORT)) {
                    if (sources.isGiven(embedded)) {
                        throw sources.broken(embedded, "left out when zookeeper.connect is given");
                    }
                }
                return external(connect.get(), timeout);
            }
            return embedded(address, port, timeout);
        }

        private ZooKeeper.External external(String connect, Duration timeout) {
            int slash = connect.indexOf('/');
            String hosts = slash < 0 ? connect : connect.substring(0, slash);
            Optional<String> path = slash < 0 ? Optional.empty() : Optional.of(connect.substring(slash));
            boolean wellFormed = hosts.matches("[^,:/]+:\\d{1,5}(,[^,:/]+:\\d{1,5})*")
                    && path.map(text -> text.matches("(/[A-Za-z0-9_][A-Za-z0-9._-]*)+"))
                            .orElse(true);
            if (!wellFormed) {
                throw sources.broken(Setting.ZOOKEEPER_CONNECT, "host:port,host:port and perhaps a /path behind them");
            }
            return new ZooKeeper.External(
                    hosts, path, required(Setting.CLUSTER_MAY_BEGIN).equals("true"), timeout);
        }

        private ZooKeeper.Embedded embedded(String httpAddress, int httpPort, Duration timeout) {
            String address = sources.text(Setting.EMBEDDED_ADDRESS).orElse(httpAddress);
            int serverId = sources.text(Setting.EMBEDDED_SERVER_ID)
                    .map(Integer::parseInt)
                    .orElse(1);
            List<Peer> peers = sources.list(Setting.EMBEDDED_PEERS).stream()
                    .map(Peer::parse)
                    .flatMap(Optional::stream)
                    .toList();
            if (peers.isEmpty()) {
                Ports derived = Ports.derivedFrom(httpPort);
                int client = sources.text(Setting.EMBEDDED_CLIENT_PORT)
                        .map(Integer::parseInt)
                        .orElse(derived.client());
                Peer alone = new Peer(serverId, address, derived.quorum(), derived.election(), client, httpPort);
                return new ZooKeeper.Embedded(serverId, List.of(alone), address, timeout);
            }
            checkPeers(serverId, peers);
            return new ZooKeeper.Embedded(serverId, peers, address, timeout);
        }

        private void checkPeers(int serverId, List<Peer> peers) {
            if (peers.size() != 1 && peers.size() != 3 && peers.size() != 5) {
                throw new ConfigException("zookeeper.embedded.peers must be 1, 3 or 5 servers, was " + peers.size());
            }
            if (peers.stream().map(Peer::serverId).distinct().count() != peers.size()) {
                throw new ConfigException("zookeeper.embedded.peers must be of different server ids, was " + peers);
            }
            if (!sources.isGiven(Setting.EMBEDDED_SERVER_ID)
                    || peers.stream().noneMatch(peer -> peer.serverId() == serverId)) {
                throw sources.broken(Setting.EMBEDDED_SERVER_ID, "the server id of one of the peers");
            }
            if (sources.isGiven(Setting.EMBEDDED_CLIENT_PORT)) {
                throw sources.broken(Setting.EMBEDDED_CLIENT_PORT, "left out when peers are given, which name it");
            }
        }

        private Optional<String> secret() {
            Optional<String> file = sources.text(Setting.CLUSTER_SECRET_FILE);
            if (file.isEmpty()) {
                return sources.text(Setting.CLUSTER_SECRET);
            }
            if (sources.isGiven(Setting.CLUSTER_SECRET)) {
                throw sources.broken(Setting.CLUSTER_SECRET_FILE, "left out when cluster.secret is given");
            }
            return Optional.of(readSecret(Path.of(file.get())));
        }

        private String readSecret(Path file) {
            try {
                String secret =
                        Files.readString(file).lines().findFirst().orElse("").strip();
                if (!Kind.SECRET.admits(secret)) {
                    throw sources.broken(Setting.CLUSTER_SECRET_FILE, "a file whose first line is " + Kind.SECRET.rule);
                }
                return secret;
            } catch (IOException unreadable) {
                throw sources.broken(Setting.CLUSTER_SECRET_FILE, "a file that can be read");
            }
        }

        private String required(Setting setting) {
            return sources.text(setting).orElseThrow(() -> sources.broken(setting, setting.kind().rule));
        }

        private int number(Setting setting) {
            return Integer.parseInt(required(setting));
        }

        private Duration duration(Setting setting, Duration min, Duration max) {
            Duration value = Units.duration(required(setting)).orElseThrow();
            if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw sources.broken(setting, "from " + Units.format(min) + " to " + Units.format(max));
            }
            return value;
        }

        private long bytes(Setting setting, long min, long max) {
            long value = Units.bytes(required(setting)).orElseThrow();
            if (value < min || value > max) {
                throw sources.broken(setting, "from " + Units.formatBytes(min) + " to " + Units.formatBytes(max));
            }
            return value;
        }
    }
}
