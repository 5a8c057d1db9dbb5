package dev.parley.coordination.embedded;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ZooKeeper server in this process: alone, or as a member of an ensemble. It answers clients once it is started
 * (alone) or once the ensemble has a leader and this member has its data.
 *
 * <p>Before it starts, its transaction logs are looked through. What ZooKeeper would take for the end of a file and
 * silently go on without is refused here, or fetched from the other members.
 */
public final class EmbeddedZooKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedZooKeeper.class);

    private final EmbeddedConfig config;
    private final Server server;
    private final Housekeeping housekeeping;
    private final IntConsumer exitListener;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedZooKeeper(
            EmbeddedConfig config, Server server, Housekeeping housekeeping, IntConsumer exitListener) {
        this.config = config;
        this.server = server;
        this.housekeeping = housekeeping;
        this.exitListener = exitListener;
    }

    /** What became of an attempt to start. */
    public sealed interface Opening {
        /** @param setAside where this member's damaged data went; it copies the others' before it votes */
        record Started(EmbeddedZooKeeper server, Optional<Path> setAside) implements Opening {}

        /**
         * Not started: the only copy of the data is damaged. Nothing was changed on disk.
         *
         * @param message one sentence for the operator
         */
        record Refused(LogVerdict.Damaged damage, String message) implements Opening {}
    }

    /**
     * Starts it. Returns once it listens for clients; a member of an ensemble may still be looking for a leader.
     *
     * @param firstFormation whether this is known to be the beginning: then an empty directory counts as an empty
     *     database. When false, an empty member waits for the others' data, and an empty server alone has forgotten
     *     everything, which the log's own identity check will say.
     * @param backups a directory whose newest entry is named when the data is damaged
     * @param onFault called at most once, from one of ZooKeeper's threads, when it cannot go on (its disk failed)
     * @throws IllegalStateException when it does not start; the cause says why
     * @throws java.io.UncheckedIOException when a port is taken or the directory cannot be used
     */
    public static Opening open(
            EmbeddedConfig config, boolean firstFormation, Optional<Path> backups, Consumer<String> onFault) {
        JvmSettings.apply();
        DataDirectory directory = new DataDirectory(config.dataDir());
        directory.create();
        Optional<LogVerdict.Damaged> damage = directory.inspect();
        Optional<Path> setAside = Optional.empty();
        if (damage.isPresent()) {
            if (config.isAlone()) {
                return new Opening.Refused(damage.get(), refusal(damage.get(), backups));
            }
            Path aside = directory.setAside();
            LOG.warn("event=zookeeper_data_damaged detail=\"{}\" set_aside={}", describe(damage.get()), aside);
            setAside = Optional.of(aside);
        }
        prepare(config, directory, firstFormation && setAside.isEmpty());
        return new Opening.Started(start(config, onFault), setAside);
    }

    /** Whether the directory holds no ZooKeeper data yet: one of the conditions of a first formation. */
    public static boolean isFresh(EmbeddedConfig config) {
        return new DataDirectory(config.dataDir()).isFresh();
    }

    /**
     * Whether this member never acknowledged anything to its ensemble. As {@link #isFresh}, but also true after a first
     * formation that was interrupted before there was a quorum.
     */
    public static boolean holdsNoTransaction(EmbeddedConfig config) {
        return new DataDirectory(config.dataDir()).holdsNoTransaction();
    }

    /**
     * What is wrong with the transaction logs in a directory that no server has open, in words; changes nothing.
     *
     * @return empty also when there are none
     */
    public static Optional<String> damage(Path dataDir) {
        return new DataDirectory(dataDir).damage().map(EmbeddedZooKeeper::describe);
    }

    private static void prepare(EmbeddedConfig config, DataDirectory directory, boolean firstFormation) {
        if (!config.isAlone()) {
            directory.writeMyId(config.myId());
        }
        // Alone there is nobody else to copy from and nobody to outvote.
        if (directory.isFresh() && (firstFormation || config.isAlone())) {
            directory.allowEmptyOnce();
        } else {
            directory.forbidEmpty();
        }
    }

    private static EmbeddedZooKeeper start(EmbeddedConfig config, Consumer<String> onFault) {
        AtomicBoolean told = new AtomicBoolean();
        IntConsumer listener = code -> {
            if (told.compareAndSet(false, true)) {
                onFault.accept("ZooKeeper gave up with exit code " + code);
            }
        };
        JvmSettings.onExitRequested(listener);
        try {
            Server server = config.isAlone() ? LoneServer.start(config) : QuorumMember.start(config);
            return new EmbeddedZooKeeper(config, server, Housekeeping.start(config.dataDir()), listener);
        } catch (RuntimeException failure) {
            JvmSettings.forgetExitListener(listener);
            throw failure;
        }
    }

    private static String refusal(LogVerdict.Damaged damage, Optional<Path> backups) {
        String hint = backups.flatMap(DataDirectory::newestIn)
                .map(backup -> "the newest backup is " + backup)
                .orElse("no backup was found");
        return "ZooKeeper's log is damaged and there is no other copy: " + describe(damage) + "; " + hint;
    }

    private static String describe(LogVerdict.Damaged damage) {
        return damage.file() + " at byte " + damage.offset() + ": " + damage.what();
    }

    /** What the server is in its ensemble right now. */
    public enum Mode {
        STANDALONE,
        LEADER,
        FOLLOWER,
        /** Without a leader; clients are not served. */
        LOOKING
    }

    public Mode mode() {
        return server.mode();
    }

    public int clientPort() {
        return server.clientPort();
    }

    /** Where this node's own clients connect, {@code host:port}. */
    public String connectString() {
        return config.clientHost() + ":" + clientPort();
    }

    /** Stops the server and its threads; clients lose their connection. May be called twice. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            housekeeping.close();
            JvmSettings.forgetExitListener(exitListener);
            server.close();
        }
    }
}
