package dev.parley.store.table;

import dev.parley.store.kv.StateMap;
import dev.parley.store.replica.StateStore;
import dev.parley.store.replica.StateView;
import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.FlushRun.Flushed;
import dev.parley.store.table.MergeRun.Merged;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The map in immutable tables in one directory, and what is newer than they in memory. After a crash the newest
 * manifest tells up to which entry of the log it is all there; the rest is applied again.
 *
 * <pre>
 *   put ──► active memtable ──(flush: size, time, log entries)──► frozen ──► table ──► manifest
 *                                                                     tables ──(merge)──► table ──► manifest
 * </pre>
 */
public final class TableStore implements StateStore {
    private final Disk disk;
    private final TableConfig config;
    private final Executor background;
    private final Catalog catalog;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean flushAsked = new AtomicBoolean();
    private final LayeredStateMap map;
    private final FlushSchedule schedule;
    private Optional<BackgroundTask<Flushed>> flushing = Optional.empty();
    private Optional<BackgroundTask<Merged>> merging = Optional.empty();
    private boolean mergeMayBeDue = true;
    private List<Table> heldForMerge = List.of();
    private final Reclaimer reclaimer;
    private long durableCompaction;
    private Position durable;

    /** What views are made of; replaced as a whole. Holds the layers once. */
    private volatile Published published;

    private record Published(Position position, Layers layers) {}

    /**
     * Opens the directory, or makes it.
     *
     * @param background runs a flush, a merge and the reclaiming of room after a compaction, with at least three
     *     threads, or these delay flushes; it must not refuse
     * @param freshId names a new directory
     * @throws StoreFailure when another store has the directory open, or something in it does not verify, naming the
     *     file; the directory is as it was
     */
    public static TableStore open(Path directory, TableConfig config, Executor background, Supplier<UUID> freshId) {
        Disk disk = FileDisk.open(directory);
        try {
            return open(disk, config, background, freshId);
        } catch (RuntimeException failure) {
            disk.close();
            throw failure;
        }
    }

    /** Takes over {@code disk} when it returns. */
    static TableStore open(Disk disk, TableConfig config, Executor background, Supplier<UUID> freshId) {
        Catalog catalog = Catalog.open(disk, freshId);
        List<Table> tables = new ArrayList<>();
        try {
            for (TableInfo info : catalog.manifest().tables()) {
                tables.add(Table.open(disk, info));
            }
            return new TableStore(disk, config, background, catalog, tables);
        } finally {
            tables.forEach(Table::release);
        }
    }

    private TableStore(Disk disk, TableConfig config, Executor background, Catalog catalog, List<Table> tables) {
        this.disk = disk;
        this.config = config;
        this.background = background;
        this.catalog = catalog;
        this.durable = catalog.manifest().position();
        this.schedule = new FlushSchedule(config, durable);
        this.reclaimer = new Reclaimer(disk, catalog, config.spillBytes(), background, closed::get);
        this.durableCompaction = Reclaimer.durableCompaction(tables);
        Layers layers = new Layers(new MemTable(), Optional.empty(), tables);
        this.map = new LayeredStateMap(layers);
        this.published = new Published(durable, layers);
    }

    @Override
    public UUID id() {
        return catalog.manifest().store();
    }

    @Override
    public Optional<UUID> log() {
        return catalog.manifest().log();
    }

    @Override
    public void bind(UUID log) {
        Optional<UUID> bound = log();
        if (bound.isPresent() && !bound.get().equals(log)) {
            throw new IllegalStateException("bound to log " + bound.get() + ", not to " + log);
        }
        if (bound.isEmpty()) {
            catalog.commit(manifest -> manifest.withLog(log));
        }
    }

    @Override
    public StateMap map() {
        return map;
    }

    @Override
    public void publish(Position position) {
        published = new Published(position, published.layers());
        map.published();
    }

    @Override
    public Position position() {
        return published.position();
    }

    @Override
    public Position durable() {
        return durable;
    }

    @Override
    public StateView view() {
        while (true) {
            Published newest = published;
            if (newest.layers().retain()) {
                return new TableView(newest.position(), newest.layers());
            }
            if (newest == published) {
                throw new IllegalStateException("the store is closed");
            }
        }
    }

    /**
     * What is durable by now, as files that stay until it is closed: for those who copy them. Any thread.
     *
     * @throws IllegalStateException when the store is closed
     */
    public Checkpoint checkpoint() {
        if (closed.get()) {
            throw new IllegalStateException("the store is closed");
        }
        return catalog.checkpoint();
    }

    @Override
    public void maintain(long nowNanos) {
        takeNotice();
        reclaimer.take(nowNanos).ifPresent(this::replaceMerged);
        reclaimer.letGo();
        if (!map.isPublished()) {
            return; // a manifest names the end of an entry, never its middle
        }
        MemTable active = published.layers().active();
        if (flushing.isPresent() && active.heapBytes() > config.memtableBytesMax()) {
            flushing.get().result(); // the disk does not keep up: apply waits for it here, and the heap does not grow
            takeNotice();
        }
        if (flushing.isEmpty() && (schedule.isDue(nowNanos, position(), active) || isFlushAsked())) {
            startFlush();
        }
        if (merging.isPresent() && published.layers().tables().size() > 2 * config.tablesMax()) {
            merging.get().result(); // merges do not keep up
            takeNotice();
        }
        if (merging.isEmpty()) {
            reclaimer.startIfDue(published.layers().tables(), durableCompaction, nowNanos);
            if (mergeMayBeDue) {
                startMerge();
            }
        }
    }

    /**
     * Makes what is published by now durable soon, without waiting for its time. Any thread.
     *
     * @see #checkpoint
     */
    public void flushSoon() {
        flushAsked.set(true);
    }

    private boolean isFlushAsked() {
        return flushAsked.getAndSet(false) && !position().equals(durable);
    }

    private void startFlush() {
        Layers before = published.layers();
        MemTable frozen = before.active();
        Position position = position();
        replace(new Layers(new MemTable(), Optional.of(frozen), before.tables()));
        schedule.frozen(position);
        FlushRun run = new FlushRun(disk, catalog, config.spillBytes(), frozen, position);
        flushing = Optional.of(BackgroundTask.start(background, run::run));
    }

    private void startMerge() {
        mergeMayBeDue = false;
        List<Table> tables = published.layers().tables();
        List<Long> sizes = reclaimer.others(tables).stream()
                .map(table -> table.info().totalBytes())
                .toList();
        MergePlan.choose(sizes, config.mergeWidth(), config.tablesMax()).ifPresent(plan -> startMerge(tables, plan));
    }

    private void startMerge(List<Table> tables, MergePlan plan) {
        List<Table> chosen = tables.subList(plan.from(), plan.to());
        List<Table> older = tables.subList(plan.to(), tables.size());
        Retention retention = new Retention(
                durableCompaction, older.isEmpty(), hash -> older.stream().anyMatch(table -> table.mayHold(hash)));
        heldForMerge = List.copyOf(tables.subList(plan.from(), tables.size()));
        heldForMerge.forEach(Table::retain);
        MergeRun run = new MergeRun(disk, catalog, config.spillBytes(), chosen, retention, closed::get);
        merging = Optional.of(BackgroundTask.start(background, run::run));
    }

    private void letGoAfterMerge() {
        heldForMerge.forEach(Table::release);
        heldForMerge = List.of();
    }

    /** Takes over what flush and merge have done. @throws StoreFailure when one failed */
    private void takeNotice() {
        if (flushing.isPresent() && flushing.get().isDone()) {
            Flushed flushed = flushing.get().result();
            flushing = Optional.empty();
            Layers before = published.layers();
            List<Table> tables = new ArrayList<>();
            flushed.table().ifPresent(tables::add);
            tables.addAll(before.tables());
            replace(new Layers(before.active(), Optional.empty(), tables));
            flushed.discard();
            durable = flushed.position();
        }
        if (merging.isPresent() && merging.get().isDone()) {
            Merged merged = merging.get().result();
            merging = Optional.empty();
            replaceMerged(merged);
            letGoAfterMerge();
        }
    }

    private void replaceMerged(Merged merged) {
        Layers before = published.layers();
        List<Table> tables = new ArrayList<>(before.tables());
        int at = tables.indexOf(merged.tables().getFirst());
        tables.subList(at, at + merged.tables().size()).clear();
        merged.merged().ifPresent(table -> tables.add(at, table));
        replace(new Layers(before.active(), before.frozen(), tables));
        merged.discard();
    }

    private void replace(Layers layers) {
        Published before = published;
        map.readFrom(layers);
        published = new Published(before.position(), layers);
        before.layers().release();
        durableCompaction = Reclaimer.durableCompaction(layers.tables());
        mergeMayBeDue = true;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            catalog.close();
            flushing.ifPresent(task -> task.abandon(Flushed::discard));
            merging.ifPresent(task -> task.abandon(Merged::discard));
            reclaimer.close();
            letGoAfterMerge();
            published.layers().release();
            disk.close();
        }
    }
}
