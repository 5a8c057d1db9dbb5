package dev.parley.http.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Who a node is, over restarts: one small file for each fact, replaced as a whole and durable on return. */
public final class Identity {
    private static final int SECRET_BYTES = 24;
    private static final int NAME_BYTES = 4;
    private static final String NEW_LOG = "new-log";

    private final Path directory;

    Identity(Path directory) {
        this.directory = directory;
    }

    /**
     * The name of the node here, which is {@code configured} from the first start on.
     *
     * @throws StartFailure when another node lives here
     */
    String node(Optional<String> configured, RandomGenerator random) {
        return agreed("node", configured, "node.id", () -> "n-" + randomHex(random, NAME_BYTES));
    }

    /**
     * The cluster the node belongs to.
     *
     * @param otherwise at the first start, when none is configured
     * @throws StartFailure when it is another one
     */
    String cluster(Optional<String> configured, String otherwise) {
        return agreed("cluster", configured, "cluster.id", () -> otherwise);
    }

    private String agreed(
            String fact, Optional<String> configured, String key, java.util.function.Supplier<String> first) {
        Optional<String> kept = read(fact);
        if (kept.isPresent() && configured.isPresent() && !kept.equals(configured)) {
            throw new StartFailure(key + " must be " + kept.get() + " in the data directory " + directory.getParent()
                    + ", was " + configured.get() + "; choose another with --data");
        }
        return kept.orElseGet(() -> write(fact, configured.orElseGet(first)));
    }

    /** The configured secret, or one made up here at the first start. */
    String secret(Optional<String> configured, RandomGenerator random) {
        return configured.or(() -> read("secret")).orElseGet(() -> write("secret", randomHex(random, SECRET_BYTES)));
    }

    /** The cluster of an earlier start. */
    Optional<String> knownCluster() {
        return read("cluster");
    }

    /** The log this node followed last, even when its tables are gone. */
    Optional<String> knownLog() {
        return read("log");
    }

    void rememberLog(String log) {
        if (!read("log").equals(Optional.of(log))) {
            write("log", log);
        }
    }

    /** Where an external ZooKeeper was at the last start. */
    Optional<String> knownZooKeeper() {
        return read("zookeeper");
    }

    void rememberZooKeeper(String connect) {
        if (!read("zookeeper").equals(Optional.of(connect))) {
            write("zookeeper", connect);
        }
    }

    /** See {@link NewLog}. */
    Optional<String> newLog() {
        return read(NEW_LOG);
    }

    void rememberNewLog(String text) {
        write(NEW_LOG, text);
    }

    /** It is founded; from now on the node founds none. */
    void forgetNewLog() {
        try {
            Files.deleteIfExists(directory.resolve(NEW_LOG));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A text nobody can guess. */
    public static String newSecret(RandomGenerator random) {
        return randomHex(random, SECRET_BYTES);
    }

    private static String randomHex(RandomGenerator random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private Optional<String> read(String fact) {
        try {
            Path file = directory.resolve(fact);
            return Files.exists(file)
                    ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
                    : Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String write(String fact, String value) {
        replace(directory.resolve(fact), value + "\n");
        return value;
    }

    /** Writes a file that only this user reads, durably and as a whole. */
    public static void replace(Path file, String text) {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(aside);
            Files.createFile(aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel parent = FileChannel.open(file.toAbsolutePath().getParent())) {
                parent.force(true);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
