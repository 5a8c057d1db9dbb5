package dev.parley.store.table;

import dev.parley.store.kv.StateMap;
import dev.parley.store.replica.DamagedTables;
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
import java.util.function.Consumer;
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
    private final Optional<TableDirectory> directory;
    private final TableConfig config;
    private final Executor background;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean flushAsked = new AtomicBoolean();
    private final LayeredStateMap map;
    private volatile Home home;
    private volatile Consumer<String> damageListener = damage -> {};
    private FlushSchedule schedule;
    private Optional<BackgroundTask<Flushed>> flushing = Optional.empty();
    private Optional<BackgroundTask<Merged>> merging = Optional.empty();
    private boolean mergeMayBeDue = true;
    private List<Table> heldForMerge = List.of();
    private Reclaimer reclaimer;
    private final RoomGauge gauge;
    private long durableCompaction;
    private Position durable;

    /** What views are made of; replaced as a whole. Holds the layers once. */
    private volatile Published published;

    private record Published(Position position, Layers layers) {}

    /** The directory in use; an install brings another one. */
    private record Home(Disk disk, Catalog catalog, AtomicBoolean stopped) {
        static Home of(Disk disk, Catalog catalog) {
            return new Home(disk, catalog, new AtomicBoolean());
        }

        void stop() {
            stopped.set(true);
            catalog.close();
        }
    }

    /**
     * Opens the directory, or makes it.
     *
     * @param background runs a flush, a merge and the reclaiming of room after a compaction, with at least three
     *     threads, or these delay flushes; it must not refuse
     * @param freshId names a new directory
     * @throws StoreFailure when the directory cannot be used, or another store has it open
     * @throws DamagedTables when something in it does not verify, naming the file; the directory is as it was
     */
    public static TableStore open(Path directory, TableConfig config, Executor background, Supplier<UUID> freshId) {
        TableDirectory place = new TableDirectory(directory);
        place.recover();
        Disk disk = FileDisk.open(directory);
        try {
            return open(Optional.of(place), disk, config, background, freshId);
        } catch (RuntimeException failure) {
            disk.close();
            throw failure;
        }
    }

    /** Takes over {@code disk} when it returns. Nothing can be installed in it. */
    static TableStore open(Disk disk, TableConfig config, Executor background, Supplier<UUID> freshId) {
        return open(Optional.empty(), disk, config, background, freshId);
    }

    private static TableStore open(
            Optional<TableDirectory> place,
            Disk disk,
            TableConfig config,
            Executor background,
            Supplier<UUID> freshId) {
        Catalog catalog = Catalog.open(disk, freshId);
        List<Table> tables = catalog.openTables();
        try {
            return new TableStore(place, Home.of(disk, catalog), config, background, tables);
        } finally {
            tables.forEach(Table::release);
        }
    }

    /**
     * Renames a directory whose tables do not verify, so that {@link #open} makes a new one. Nothing deletes it.
     *
     * @return its new name
     */
    public static Path setAside(Path directory) {
        return new TableDirectory(directory).setAside();
    }

    private TableStore(
            Optional<TableDirectory> directory,
            Home home,
            TableConfig config,
            Executor background,
            List<Table> tables) {
        this.directory = directory;
        this.home = home;
        this.config = config;
        this.background = background;
        this.durable = home.catalog().manifest().position();
        this.schedule = new FlushSchedule(config, durable);
        this.reclaimer = reclaimer(home);
        this.gauge = new RoomGauge(home.disk(), config.reserveBytes());
        this.durableCompaction = Reclaimer.durableCompaction(tables);
        Layers layers = new Layers(new MemTable(), Optional.empty(), tables);
        this.map = new LayeredStateMap(layers);
        this.published = new Published(durable, layers);
    }

    private Reclaimer reclaimer(Home of) {
        return new Reclaimer(of.disk(), of.catalog(), config.spillBytes(), background, of.stopped()::get);
    }

    @Override
    public UUID id() {
        return home.catalog().manifest().store();
    }

    @Override
    public Optional<UUID> log() {
        return home.catalog().manifest().log();
    }

    @Override
    public void bind(UUID log) {
        Optional<UUID> bound = log();
        if (bound.isPresent() && !bound.get().equals(log)) {
            throw new IllegalStateException("bound to log " + bound.get() + ", not to " + log);
        }
        if (bound.isEmpty()) {
            home.catalog().commit(manifest -> manifest.withLog(log));
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
                return new TableView(newest.position(), newest.layers(), damage -> damageListener.accept(damage));
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
        return home.catalog().checkpoint();
    }

    @Override
    public Room room() {
        return gauge.room();
    }

    @Override
    public void maintain(long nowNanos) {
        gauge.look(home.disk(), nowNanos);
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
        FlushRun run = new FlushRun(home.disk(), home.catalog(), config.spillBytes(), frozen, position);
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
        if (chosen.stream().mapToLong(table -> table.info().totalBytes()).sum()
                > home.disk().freeBytes()) {
            return; // a merge that fills the disk would end the node; the next flush asks again
        }
        List<Table> older = tables.subList(plan.to(), tables.size());
        Retention retention = new Retention(
                durableCompaction, older.isEmpty(), hash -> older.stream().anyMatch(table -> table.mayHold(hash)));
        heldForMerge = List.copyOf(tables.subList(plan.from(), tables.size()));
        heldForMerge.forEach(Table::retain);
        MergeRun run =
                new MergeRun(home.disk(), home.catalog(), config.spillBytes(), chosen, retention, home.stopped()::get);
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
    public void onDamage(Consumer<String> listener) {
        damageListener = listener;
    }

    /** Says that what is on disk cannot be right, whoever found out. Any thread. */
    public void reportDamage(String what) {
        damageListener.accept(what);
    }

    @Override
    public void install(Incoming incoming, boolean keepFormer) {
        if (!(incoming instanceof IncomingTables.Sealed)) {
            throw new IllegalArgumentException("not tables: " + incoming);
        }
        TableDirectory place =
                directory.orElseThrow(() -> new IllegalStateException("this store has no directory of its own"));
        leaveHome();
        place.replace(keepFormer);
        moveIn(FileDisk.open(place.path()));
        background.execute(place::deleteFormer);
    }

    private void moveIn(Disk disk) {
        Catalog catalog = Catalog.open(disk, () -> {
            throw new StoreFailure("the tables that were just installed are gone");
        });
        List<Table> tables = catalog.openTables();
        home = Home.of(disk, catalog);
        durable = catalog.manifest().position();
        schedule = new FlushSchedule(config, durable);
        reclaimer = reclaimer(home);
        durableCompaction = Reclaimer.durableCompaction(tables);
        Published before = published;
        Layers layers = new Layers(new MemTable(), Optional.empty(), tables);
        tables.forEach(Table::release);
        map.readFrom(layers);
        map.published();
        published = new Published(durable, layers);
        before.layers().release();
        mergeMayBeDue = true;
    }

    /** Nothing is written there any more; what is mapped can still be read. */
    private void leaveHome() {
        home.stop();
        flushing.ifPresent(task -> task.abandon(Flushed::discard));
        merging.ifPresent(task -> task.abandon(Merged::discard));
        flushing = Optional.empty();
        merging = Optional.empty();
        reclaimer.close();
        letGoAfterMerge();
        home.disk().close();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            leaveHome();
            published.layers().release();
        }
    }
}
