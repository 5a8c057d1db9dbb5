package dev.parley.coordination.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.server.PurgeTxnLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes old snapshots and the logs before them. ZooKeeper's own does it once an hour at most: too rarely here. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final int SNAPSHOTS_KEPT = 3;
    private static final long PERIOD_SECONDS = 60;

    private final ScheduledExecutorService executor;

    private Housekeeping(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    static Housekeeping start(Path dataDir) {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("zookeeper-purge").daemon().factory());
        executor.scheduleWithFixedDelay(
                () -> purge(dataDir.toFile()), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        return new Housekeeping(executor);
    }

    static void purge(File dataDir) {
        try {
            PurgeTxnLog.purge(dataDir, dataDir, SNAPSHOTS_KEPT);
        } catch (IOException | RuntimeException failure) {
            // The next round tries again; a disk that fills up shows elsewhere.
            LOG.warn("event=zookeeper_purge_failed directory={}", dataDir, failure);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
