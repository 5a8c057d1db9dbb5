package dev.parley.coordination.zklog;

import dev.parley.coordination.embedded.JvmSettings;
import dev.parley.coordination.ensemble.ConnectionConfig;
import dev.parley.coordination.ensemble.Ensemble;
import dev.parley.coordination.ensemble.EnsembleConnection;
import java.util.OptionalInt;
import java.util.UUID;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out how large an entry the ensemble takes. A request above its {@code jute.maxbuffer} is not refused: the
 * connection is closed, and again for every repetition. So this is tried once, at the start, on a connection of its own,
 * with a znode that nobody needs.
 */
public final class EntrySizeProbe {
    private static final Logger LOG = LoggerFactory.getLogger(EntrySizeProbe.class);

    /** The largest value, its key, and the batch around them. */
    public static final int ENTRY_BYTES_WANTED = 1_000_000 + JvmSettings.PACKET_OVERHEAD_BYTES;

    private static final int[] SIZES = {ENTRY_BYTES_WANTED, 768 << 10, 512 << 10, 256 << 10, 128 << 10, 32 << 10};
    private static final long CONNECT_MILLIS_MAX = 15_000;

    private EntrySizeProbe() {}

    /**
     * Blocks. The namespace must exist, see {@link LogFormation}.
     *
     * @param probe names the znode; different for every call
     * @return bytes; empty when the ensemble did not answer, or takes not even 32 KiB
     */
    public static OptionalInt largestEntryBytes(Ensemble ensemble, ConnectionConfig config, UUID probe) {
        return switch (ensemble) {
            case Ensemble.Embedded embedded ->
                OptionalInt.of(JvmSettings.PACKET_BYTES_MAX - JvmSettings.PACKET_OVERHEAD_BYTES);
            case Ensemble.External external -> tryAll(external, config, probe);
        };
    }

    private static OptionalInt tryAll(Ensemble ensemble, ConnectionConfig config, UUID probe) {
        for (int bytes : SIZES) {
            try (EnsembleConnection connection = EnsembleConnection.open(ensemble, config)) {
                if (!connection.awaitConnected(CONNECT_MILLIS_MAX)) {
                    return OptionalInt.empty();
                }
                if (takes(connection, connection.path("/probe-" + probe), bytes)) {
                    return OptionalInt.of(bytes);
                }
            }
        }
        return OptionalInt.empty();
    }

    private static boolean takes(EnsembleConnection connection, String path, int bytes) {
        try {
            ZooKeeper zooKeeper = connection.curator().getZookeeperClient().getZooKeeper();
            // Ephemeral: if the deleting fails, the end of this session does it.
            zooKeeper.create(path, new byte[bytes], connection.acl(), CreateMode.EPHEMERAL);
            zooKeeper.delete(path, -1);
            return true;
        } catch (KeeperException.ConnectionLossException tooLarge) {
            LOG.info("event=entry_size_refused bytes={}", bytes);
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception failure) {
            throw new IllegalStateException("the ensemble does not let this cluster write at " + path, failure);
        }
    }
}
