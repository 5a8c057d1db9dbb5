package dev.parley.http.node;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every setting of a node: the one definition from which the parser, the flags, the environment variables and
 * {@code node.example.yaml} are made. An empty default means that there is none, or that the text says what happens.
 */
public enum Setting {
    NODE_ID(
            "node.id",
            Kind.NAME,
            "",
            "Names this node in answers and in the member list. Without it a name is made up at the first start and kept"
                    + " in <data>/identity."),
    NODE_LABELS(
            "node.labels",
            Kind.LABELS,
            "",
            "What is to be known of this node, such as zone=a; shown in the member list."),
    CLUSTER_ID(
            "cluster.id",
            Kind.NAME,
            "",
            "Names the cluster. A data directory of another cluster is refused. Without it: the one the data directory"
                    + " belongs to, as after a restore; a new one belongs to parley."),
    CLUSTER_SECRET(
            "cluster.secret",
            Kind.SECRET,
            "",
            "What nodes of one cluster show each other under /internal. Without it and without secret-file, a node makes"
                    + " one for itself in <data>/identity/secret. Better given by environment or by file than here."),
    CLUSTER_SECRET_FILE("cluster.secret-file", Kind.PATH, "", "A file whose first line is the secret."),
    CLUSTER_MAY_BEGIN(
            "cluster.may-begin",
            Kind.BOOLEAN,
            "true",
            "Whether this node may begin the cluster where an external ZooKeeper knows none yet; false for one that joins"
                    + " nodes that run already."),
    DATA_DIRECTORY(
            "data.directory", Kind.PATH, "./data/node", "Holds tables, zookeeper and identity. One process at a time."),
    HTTP_ADDRESS(
            "http.address",
            Kind.HOST,
            "127.0.0.1",
            "Where to listen. There is no authentication yet: an address others can reach lets anyone read and write"
                    + " everything, and logs one warning."),
    HTTP_PORT("http.port", Kind.PORT, "7070", "Where to listen."),
    HTTP_ADVERTISE_URL(
            "http.advertise-url",
            Kind.URL,
            "",
            "Where others reach this node. Without it: http://<http.address>:<http.port>."),
    CORS_ORIGINS(
            "cors.origins",
            Kind.ORIGINS,
            "",
            "Web pages that may call this node from a browser; * is any. The members' own addresses always may."),
    HOOKS_HOSTS(
            "hooks.hosts",
            Kind.HOSTS,
            "",
            "Where events may be sent to by hooks: hosts, for each of their ports, or host:port. Without it: nowhere; but to"
                    + " localhost and 127.0.0.1 when http.address is one that only this machine can reach."),
    ZOOKEEPER_CONNECT(
            "zookeeper.connect",
            Kind.TEXT,
            "",
            "An external ZooKeeper: host:port,host:port/path. Without it the node runs a ZooKeeper server of its own, as"
                    + " zookeeper.embedded says. Never both."),
    ZOOKEEPER_SESSION_TIMEOUT(
            "zookeeper.session-timeout",
            Kind.DURATION,
            "6s",
            "How long ZooKeeper waits for a silent node before it counts as gone; 2s to 60s."),
    EMBEDDED_SERVER_ID(
            "zookeeper.embedded.server-id", Kind.SERVER_ID, "", "Which of the peers this node is. Without peers: 1."),
    EMBEDDED_PEERS(
            "zookeeper.embedded.peers",
            Kind.PEERS,
            "",
            "The members of the embedded ensemble, this node included, the same list on each of them: 3 or 5, written"
                    + " <server-id>=<host>:<quorum-port>:<election-port>:<client-port>/<http-port>. Without it the"
                    + " ensemble is this one server."),
    EMBEDDED_ADDRESS(
            "zookeeper.embedded.address",
            Kind.HOST,
            "",
            "Where the embedded server listens. Without it: http.address."),
    EMBEDDED_CLIENT_PORT(
            "zookeeper.embedded.client-port",
            Kind.PORT,
            "",
            "Where the embedded server serves clients when there are no peers. Without it: http.port and 10000."),
    LOG_BYTES_MAX(
            "log.bytes-max",
            Kind.BYTES,
            "64MiB",
            "Bytes of the replicated log that are not trimmed yet. Beyond it writes are refused with 503. At half of it"
                    + " the log is trimmed to what most registered nodes have on disk, and the others need a snapshot."),
    STORAGE_MEMTABLE_BYTES(
            "storage.memtable-bytes",
            Kind.BYTES,
            "16MiB",
            "Changes kept in memory before they are written to a table file."),
    STORAGE_FLUSH_INTERVAL(
            "storage.flush-interval", Kind.DURATION, "5s", "Changes are written to a table file at least this often."),
    COMPACTION_AGE(
            "compaction.age",
            Kind.DURATION,
            "168h",
            "History older than this is given up; 0s keeps it however old. The same on every node: the one that leads"
                    + " decides."),
    COMPACTION_REVISIONS(
            "compaction.revisions",
            Kind.COUNT,
            "",
            "Of the history at most so many revisions are kept. Without it their number does not count."),
    BACKUP_DIRECTORY(
            "backup.directory",
            Kind.PATH,
            "",
            "Where backups are kept. Nothing is written there; its newest file is named when this node's ZooKeeper data is"
                    + " damaged and there is no other copy."),
    STORAGE_RESERVE(
            "storage.reserve",
            Kind.BYTES,
            "256MiB",
            "While less than this is free on the disk, writes that take room are refused with 507."),
    LIMITS_KEY_BYTES("limits.key-bytes", Kind.BYTES, "1KiB", "Largest key that can be put; 1B to 1KiB."),
    LIMITS_VALUE_BYTES("limits.value-bytes", Kind.BYTES, "1000000B", "Largest value; 1B to 1000000B."),
    LIMITS_OPERATIONS("limits.operations", Kind.COUNT, "128", "Operations in each branch of a transaction; 1 to 128."),
    LIMITS_REQUEST_BYTES(
            "limits.request-bytes",
            Kind.BYTES,
            "8MiB",
            "Largest body of a request, and largest line of a bulk load; 1KiB to 8MiB."),
    REQUESTS_QUEUE_MAX(
            "requests.queue-max",
            Kind.COUNT,
            "16384",
            "Writes that may wait to be proposed. One more is refused with 503."),
    REQUESTS_STOP_TIMEOUT(
            "requests.stop-timeout",
            Kind.DURATION,
            "5s",
            "How long a stopping node lets running requests end; 0s to 8s."),
    PROCESSES_COMMANDS(
            "processes.commands",
            Kind.COMMANDS,
            "",
            "Programs that processes of kind command may run, by name, each a list of the program and its arguments:"
                    + " resize: [/usr/bin/resize, --width, '{width}']. {width} is a place for a parameter of the"
                    + " specification. In the variable one name=[\"program\",\"argument\"] in each line."),
    PROCESSES_GUARD_TIMEOUT(
            "processes.guard-timeout",
            Kind.DURATION,
            "",
            "How long this node may stand still before the guards of its programs kill them; 100ms to less than half of"
                    + " zookeeper.session-timeout. Without it: a third of that."),
    PROCESSES_CALLBACK_HOSTS(
            "processes.callback-hosts",
            Kind.HOSTS,
            "",
            "Where processes of kind callback and cron may call from this node: host, any port, or host:port. Without it:"
                    + " nowhere."),
    PROCESSES_OUTPUT_FILE_BYTES_MAX(
            "processes.output-file-bytes-max",
            Kind.BYTES,
            "1MiB",
            "A file of what a process says is set aside at this size and a new one begun; 1KiB to 1GiB."),
    PROCESSES_OUTPUT_FILES(
            "processes.output-files", Kind.COUNT, "4", "How many of these files are kept of each process; 1 to 1000."),
    LOGGING_FILE("logging.file", Kind.PATH, "", "Without it: <data>/parley.log."),
    LOGGING_FORMAT("logging.format", Kind.FORMAT, "text", "text: lines of key=value. json: one object in a line."),
    LOGGING_FILE_BYTES_MAX(
            "logging.file-bytes-max",
            Kind.BYTES,
            "16MiB",
            "A log file of this size is set aside and a new one begun; three are kept.");

    private final String key;
    private final Kind kind;
    private final String fallback;
    private final String doc;

    Setting(String key, Kind kind, String fallback, String doc) {
        this.key = key;
        this.kind = kind;
        this.fallback = fallback;
        this.doc = doc;
    }

    /** Dotted, as in YAML and, behind two dashes, on the command line. */
    public String key() {
        return key;
    }

    /** {@code PARLEY_HTTP_PORT} for {@code http.port}. */
    public String environmentVariable() {
        return "PARLEY_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** In words, for help texts: {@code a duration}. */
    public String unit() {
        return kind.unit;
    }

    /** As it would be written; empty when there is none. */
    public String fallback() {
        return fallback;
    }

    /** What it does, in sentences. */
    public String doc() {
        return doc;
    }

    Kind kind() {
        return kind;
    }

    static Optional<Setting> named(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(Setting::key).toList();
    }
}
