package dev.parley.coordination.zklog;

import dev.parley.coordination.ensemble.EnsembleConnection;
import dev.parley.store.log.LogIndex;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the cluster's log, or founds it, once in a cluster's life. Blocks; call it from a thread that may.
 *
 * <p>A log is only ever founded where there is none, by a node that knows none, when every configured peer says the
 * same of itself. A wiped ensemble beside nodes with data is a loss to be told, not a beginning.
 */
public final class LogFormation {
    private static final Logger LOG = LoggerFactory.getLogger(LogFormation.class);
    private static final int ATTEMPTS_MAX = 20;

    private LogFormation() {}

    /** How it went. */
    public sealed interface Formed {
        /** The log this node's tables belong to, or for a fresh node the one in use, whose beginning may be gone. */
        record Found(UUID log) implements Formed {}

        /** There was none; now there is. */
        record Founded(UUID log) implements Formed {}

        /** Nothing was changed. */
        record Refused(Reason reason, String detail) implements Formed {}

        /** The ensemble did not answer, or not for long enough; try again. */
        record Unavailable(String why) implements Formed {}
    }

    /** Why a node must not join now. */
    public enum Reason {
        /** This node has applied a log that the ensemble does not know (any more). */
        LOG_BEHIND_REPLICA("log-behind-replica"),
        /** There is no log, this node has nothing, but not every peer says the same. */
        PEERS_NOT_FRESH("peers-not-fresh");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** As shown to people. */
        public String code() {
            return code;
        }
    }

    /**
     * @param manifestLog the log named by this node's manifest; empty for a node without data
     * @param everyPeerIsFresh asked only when there is no log at all; true when each configured peer answered that it
     *     has no data either. May block.
     * @param newLog makes the identity of a log to be founded
     */
    public static Formed form(
            EnsembleConnection connection,
            Optional<UUID> manifestLog,
            BooleanSupplier everyPeerIsFresh,
            Supplier<UUID> newLog) {
        return attempted(() -> new Attempt(connection).form(manifestLog, everyPeerIsFresh, newLog));
    }

    /**
     * Gives up the log in use, if there is one, for a new one that goes on behind {@code applied}. Only the most
     * advanced node may do this: what the others applied beyond is lost to them. May be called again after a crash: the
     * log is found then.
     */
    public static Formed refound(EnsembleConnection connection, UUID newLog, LogIndex applied) {
        return attempted(() -> new Attempt(connection).refound(newLog, applied.value()));
    }

    /**
     * As {@link #refound}, but only where there is no log, for tables that came out of a backup. May be called again
     * after a crash: the log is found then.
     *
     * @param everyPeerIsFresh asked only when there is no log; true when no configured peer has data. May block.
     */
    public static Formed foundBehind(
            EnsembleConnection connection, UUID newLog, LogIndex applied, BooleanSupplier everyPeerIsFresh) {
        return attempted(() -> new Attempt(connection).foundBehind(newLog, applied.value(), everyPeerIsFresh));
    }

    private interface Trial {
        Formed run() throws KeeperException, InterruptedException;
    }

    private static Formed attempted(Trial trial) {
        try {
            return trial.run();
        } catch (KeeperException failure) {
            return new Formed.Unavailable("ZooKeeper answered " + failure.code());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Formed.Unavailable("interrupted");
        }
    }

    private static final class Attempt {
        private final EnsembleConnection connection;
        private final String logs;

        Attempt(EnsembleConnection connection) {
            this.connection = connection;
            this.logs = connection.path("/log");
        }

        Formed form(Optional<UUID> manifestLog, BooleanSupplier everyPeerIsFresh, Supplier<UUID> newLog)
                throws KeeperException, InterruptedException {
            ZooKeeper zooKeeper = handle();
            for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
                Stat stat = new Stat();
                Optional<UUID> current = inUse(zooKeeper, stat);
                if (manifestLog.isPresent()) {
                    return resume(manifestLog.get(), current);
                }
                if (current.isPresent()) {
                    return new Formed.Found(current.get());
                }
                if (!everyPeerIsFresh.getAsBoolean()) {
                    return new Formed.Refused(
                            Reason.PEERS_NOT_FRESH, "there is no log, but not every peer says that it has no data");
                }
                createParents(zooKeeper);
                UUID log = newLog.get();
                if (found(zooKeeper, log, new RootRecord(0, 1, 0), 0)) {
                    return new Formed.Founded(log);
                }
            }
            return new Formed.Unavailable("the log was founded and removed again and again");
        }

        Formed refound(UUID newLog, long applied) throws KeeperException, InterruptedException {
            ZooKeeper zooKeeper = handle();
            createParents(zooKeeper);
            Stat stat = new Stat();
            if (inUse(zooKeeper, stat).equals(Optional.of(newLog))) {
                return new Formed.Found(newLog);
            }
            return foundBehind(zooKeeper, newLog, applied, stat);
        }

        Formed foundBehind(UUID newLog, long applied, BooleanSupplier everyPeerIsFresh)
                throws KeeperException, InterruptedException {
            ZooKeeper zooKeeper = handle();
            createParents(zooKeeper);
            Stat stat = new Stat();
            Optional<UUID> current = inUse(zooKeeper, stat);
            if (current.isPresent()) {
                return resume(newLog, current);
            }
            if (!everyPeerIsFresh.getAsBoolean()) {
                return new Formed.Refused(
                        Reason.PEERS_NOT_FRESH,
                        "this node's data comes out of a backup, but not every peer says that it has none");
            }
            return foundBehind(zooKeeper, newLog, applied, stat);
        }

        private Formed foundBehind(ZooKeeper zooKeeper, UUID newLog, long applied, Stat stat)
                throws KeeperException, InterruptedException {
            return found(zooKeeper, newLog, new RootRecord(0, applied + 1, applied), stat.getVersion())
                    ? new Formed.Founded(newLog)
                    : new Formed.Unavailable("somebody else changed the log in use at the same moment");
        }

        private static Formed resume(UUID known, Optional<UUID> current) {
            if (current.isPresent() && current.get().equals(known)) {
                return new Formed.Found(known);
            }
            String instead = current.map(other -> "the log in use is " + other).orElse("there is no log");
            return new Formed.Refused(
                    Reason.LOG_BEHIND_REPLICA, "this node's data comes from log " + known + ", but " + instead);
        }

        private Optional<UUID> inUse(ZooKeeper zooKeeper, Stat stat) throws KeeperException, InterruptedException {
            try {
                byte[] data = zooKeeper.getData(logs, false, stat);
                return data == null || data.length == 0
                        ? Optional.empty()
                        : Optional.of(UUID.fromString(new String(data, java.nio.charset.StandardCharsets.US_ASCII)));
            } catch (KeeperException.NoNodeException none) {
                return Optional.empty();
            }
        }

        private void createParents(ZooKeeper zooKeeper) throws KeeperException, InterruptedException {
            int slash = 0;
            while (slash >= 0) {
                slash = logs.indexOf('/', slash + 1);
                String parent = slash < 0 ? logs : logs.substring(0, slash);
                try {
                    zooKeeper.create(parent, new byte[0], connection.aclFor(parent), CreateMode.PERSISTENT);
                } catch (KeeperException.NodeExistsException there) {
                    LOG.trace("event=exists path={}", parent);
                }
            }
        }

        /** All or nothing; false when somebody else was first. */
        private boolean found(ZooKeeper zooKeeper, UUID log, RootRecord root, int logsVersion)
                throws KeeperException, InterruptedException {
            LogPaths paths = new LogPaths(logs, log);
            byte[] name = log.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            byte[] segment = new SegmentRecord(root.base(), false).encode();
            List<Op> founding = List.of(
                    Op.setData(logs, name, logsVersion),
                    Op.create(paths.root(), root.encode(), connection.acl(), CreateMode.PERSISTENT),
                    Op.create(paths.segment(0), segment, connection.acl(), CreateMode.PERSISTENT));
            try {
                zooKeeper.multi(founding);
                return true;
            } catch (KeeperException.BadVersionException raced) {
                return false;
            } catch (KeeperException.ConnectionLossException ambiguous) {
                // Either it is there now, or it is not: the name is ours alone.
                return inUse(handle(), new Stat()).equals(Optional.of(log));
            }
        }

        private ZooKeeper handle() throws KeeperException, InterruptedException {
            CuratorFramework curator = connection.curator();
            try {
                return curator.getZookeeperClient().getZooKeeper();
            } catch (KeeperException | InterruptedException failure) {
                throw failure;
            } catch (Exception failure) {
                throw new IllegalStateException("Curator has no handle", failure);
            }
        }
    }
}
