package dev.parley.coordination.embedded;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import org.apache.jute.BinaryInputArchive;
import org.apache.zookeeper.server.ZKDatabase;
import org.apache.zookeeper.util.ServiceUtils;

/**
 * ZooKeeper's settings that hold for the whole JVM. It reads most of them once, when its classes are loaded, so {@link
 * #apply()} comes before the first use of any of its classes, server or client.
 */
public final class JvmSettings {
    /** Largest packet of either side. Far above a batch; an oversized request would cut the connection. */
    public static final int PACKET_BYTES_MAX = 8 << 20;

    /** What path, ACL and envelope of an append may add to its content, generously. */
    public static final int PACKET_OVERHEAD_BYTES = 16 << 10;

    /** Without these, acknowledged writes can be lost; a -D on the command line does not change them. */
    private static final Map<String, String> SAFETY = Map.of(
            "jute.maxbuffer", Integer.toString(PACKET_BYTES_MAX),
            "zookeeper.db.autocreate", "false",
            "zookeeper.snapshot.trust.empty", "false",
            "zookeeper.forceSync", "yes",
            "zookeeper.admin.enableServer", "false",
            "zookeeper.4lw.commands.whitelist", "");

    /** What keeps heap, disk and start small. A -D on the command line wins. */
    private static final Map<String, String> TUNING = Map.ofEntries(
            Map.entry("zookeeper.snapCount", "50000"),
            Map.entry("zookeeper.snapSizeLimitInKb", "131072"),
            Map.entry("zookeeper.preAllocSize", "8192"),
            // Every entry is read once by each node through its own server: nothing to gain from caching answers.
            Map.entry("zookeeper.maxResponseCacheSize", "0"),
            Map.entry("zookeeper.maxGetChildrenResponseCacheSize", "0"),
            // A handful of clients: every hand-over between threads costs more than it gives. A fifth less CPU an
            // append.
            Map.entry("zookeeper.nio.numSelectorThreads", "1"),
            Map.entry("zookeeper.nio.numWorkerThreads", "0"),
            Map.entry("zookeeper.commitProcessor.numWorkerThreads", "0"),
            Map.entry("zookeeper.fastleader.maxNotificationInterval", "1000"),
            // A member whose host is gone answers nothing at all, and an election waits for that one after the other.
            Map.entry("zookeeper.cnxTimeout", "1000"),
            Map.entry("zookeeper.jmx.log4j.disable", "true"));

    /** Committed proposals kept in the heap for lagging followers; each may be a batch of 128 KiB. */
    private static final int COMMITTED_PROPOSALS_KEPT = 150;

    private static final List<IntConsumer> EXIT_LISTENERS = new CopyOnWriteArrayList<>();

    private JvmSettings() {}

    /**
     * Sets them. May be called any number of times.
     *
     * @throws IllegalStateException when somebody else loaded ZooKeeper's classes before, with other settings
     */
    public static void apply() {
        TUNING.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        SAFETY.forEach(System::setProperty);
        if (BinaryInputArchive.maxBuffer != PACKET_BYTES_MAX) {
            throw new IllegalStateException("ZooKeeper's classes were loaded with jute.maxbuffer="
                    + BinaryInputArchive.maxBuffer + " before Parley could set " + PACKET_BYTES_MAX);
        }
        // ZooKeeper leaves the process by System.exit when its disk fails; the node decides that, not a library.
        ServiceUtils.setSystemExitProcedure(code -> EXIT_LISTENERS.forEach(listener -> listener.accept(code)));
    }

    /** Its system property takes no count below 500, which are 64 MiB of the heap under bulk loads; the field does. */
    static ZKDatabase withShortCommitLog(ZKDatabase database) {
        database.commitLogCount = COMMITTED_PROPOSALS_KEPT;
        return database;
    }

    static void onExitRequested(IntConsumer listener) {
        EXIT_LISTENERS.add(listener);
    }

    static void forgetExitListener(IntConsumer listener) {
        EXIT_LISTENERS.remove(listener);
    }
}
