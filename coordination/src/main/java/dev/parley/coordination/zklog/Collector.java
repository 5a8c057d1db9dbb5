package dev.parley.coordination.zklog;

import dev.parley.store.kv.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what was trimmed: on a thread of its own, one batch at a time, so that it never waits before an append for
 * more than one batch.
 *
 * <p>First the root's {@code trimmed} is raised; of all nodes told to collect, the one that raises it does the deleting.
 * What one leaves behind when it dies, the next one takes: entries go in ascending order, so the first that is left is
 * found by bisection.
 */
final class Collector {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
    private static final int BATCH_DELETES = 100;

    private final LogPaths paths;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("log-collector").daemon().factory());
    private final AtomicReference<Optional<ZooKeeper>> handle = new AtomicReference<>(Optional.empty());
    private final AtomicLong target = new AtomicLong();
    private final AtomicBoolean queued = new AtomicBoolean();

    /** Trim point this node raised and has not finished deleting up to. On the thread. */
    private long owed;

    Collector(LogPaths paths) {
        this.paths = paths;
    }

    void connected(Link link) {
        handle.set(Optional.of(link.handle()));
        if (target.get() > 0) {
            enqueue();
        }
    }

    void disconnected() {
        handle.set(Optional.empty());
    }

    void collect(long trimmed) {
        target.accumulateAndGet(trimmed, Math::max);
        enqueue();
    }

    void close() {
        thread.shutdownNow();
    }

    private void enqueue() {
        if (!thread.isShutdown() && queued.compareAndSet(false, true)) {
            thread.execute(this::run);
        }
    }

    private void run() {
        queued.set(false);
        Optional<ZooKeeper> connected = handle.get();
        if (connected.isEmpty()) {
            return;
        }
        try {
            long raised = raise(connected.get(), target.get());
            owed = Math.max(owed, raised);
            if (owed > 0) {
                sweep(connected.get(), owed);
                owed = 0;
            }
        } catch (KeeperException failure) {
            // Best effort: the next trim, or the next connection, tries again.
            LOG.debug("event=collect_interrupted reason={}", failure.code());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** The trim point if this call raised it, 0 if it stands high enough already. */
    private long raise(ZooKeeper zooKeeper, long wanted) throws KeeperException, InterruptedException {
        while (true) {
            Stat rootStat = new Stat();
            Optional<RootRecord> root = RootRecord.decode(zooKeeper.getData(paths.root(), false, rootStat));
            if (root.isEmpty()) {
                return 0;
            }
            Stat segment = zooKeeper.exists(paths.segment(root.get().segment()), false);
            if (segment == null) {
                continue; // rolled and trimmed since
            }
            long last = root.get().base() + SegmentRecord.creates(segment) - 1;
            long to = Math.min(wanted, last - Limits.ENTRIES_KEPT_MIN);
            if (to <= root.get().trimmed()) {
                return 0;
            }
            try {
                zooKeeper.setData(paths.root(), root.get().withTrimmed(to).encode(), rootStat.getVersion());
                return to;
            } catch (KeeperException.BadVersionException raced) {
                LOG.debug("event=trim_raced");
            }
        }
    }

    private void sweep(ZooKeeper zooKeeper, long to) throws KeeperException, InterruptedException {
        TreeMap<Long, Long> bases = bases(zooKeeper);
        for (Long segment : bases.keySet()) {
            long base = bases.get(segment);
            Long after = bases.higherKey(segment);
            OptionalLong end = after == null ? OptionalLong.empty() : OptionalLong.of(bases.get(after));
            if (base > to) {
                return;
            }
            long last = Math.min(to, end.isPresent() ? end.getAsLong() - 1 : to);
            deleteEntries(zooKeeper, segment, 0, last - base);
            if (end.isPresent() && end.getAsLong() - 1 <= to) {
                deleteSegment(zooKeeper, segment);
            }
        }
    }

    private TreeMap<Long, Long> bases(ZooKeeper zooKeeper) throws KeeperException, InterruptedException {
        TreeMap<Long, Long> bases = new TreeMap<>();
        for (String child : zooKeeper.getChildren(paths.root(), false)) {
            OptionalLong segment = LogPaths.segmentOf(child);
            if (segment.isPresent()) {
                try {
                    SegmentRecord.decode(zooKeeper.getData(paths.segment(segment.getAsLong()), false, null))
                            .ifPresent(record -> bases.put(segment.getAsLong(), record.base()));
                } catch (KeeperException.NoNodeException collected) {
                    LOG.debug("event=segment_gone segment={}", segment.getAsLong());
                }
            }
        }
        return bases;
    }

    private void deleteEntries(ZooKeeper zooKeeper, long segment, long from, long last)
            throws KeeperException, InterruptedException {
        long next = firstLeft(zooKeeper, segment, from, last);
        while (next <= last) {
            List<Op> deletes = new ArrayList<>(BATCH_DELETES);
            for (long sequence = next; sequence <= last && deletes.size() < BATCH_DELETES; sequence++) {
                deletes.add(Op.delete(paths.entry(segment, sequence), -1));
            }
            try {
                zooKeeper.multi(deletes);
                next += deletes.size();
            } catch (KeeperException.NoNodeException raced) {
                // Another node is at it too. At least the batch's first entry is dealt with.
                deleteIfThere(zooKeeper, paths.entry(segment, next));
                next = firstLeft(zooKeeper, segment, next + 1, last);
            }
        }
    }

    /** The lowest sequence in the range that is still there; behind the range when none is. */
    private long firstLeft(ZooKeeper zooKeeper, long segment, long from, long last)
            throws KeeperException, InterruptedException {
        long low = from;
        long high = last + 1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (zooKeeper.exists(paths.entry(segment, middle), false) != null) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private void deleteSegment(ZooKeeper zooKeeper, long segment) throws KeeperException, InterruptedException {
        try {
            for (String left : zooKeeper.getChildren(paths.segment(segment), false)) {
                deleteIfThere(zooKeeper, paths.segment(segment) + "/" + left);
            }
            zooKeeper.delete(paths.segment(segment), -1);
        } catch (KeeperException.NoNodeException raced) {
            LOG.debug("event=segment_gone segment={}", segment);
        }
    }

    private static void deleteIfThere(ZooKeeper zooKeeper, String path) throws KeeperException, InterruptedException {
        try {
            zooKeeper.delete(path, -1);
        } catch (KeeperException.NoNodeException already) {
            LOG.trace("event=already_deleted path={}", path);
        }
    }
}
