package dev.parley.store.table;

import dev.parley.store.kv.Agreed;
import dev.parley.store.table.MergeRun.Merged;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Gives the room back that a compaction freed: looks through the tables that hold what was given up and, when that is
 * worth it, merges them into one. Beside the ordinary merges, which meanwhile leave these tables alone: history drops
 * out in those too, but a large table may wait for its turn for ever. Owner thread.
 *
 * <p>Only a compaction that is itself in the tables counts. One that was still in memory would be forgotten by a crash,
 * and reads below it would find what a merge left of their history.
 */
final class Reclaimer {
    /** It rests so many times as long as it worked, so that it takes at most a quarter of a processor. */
    private static final int REST = 3;

    private final Disk disk;
    private final Catalog catalog;
    private final int spillBytes;
    private final Executor background;
    private final BooleanSupplier stopped;
    private Optional<BackgroundTask<Optional<Merged>>> task = Optional.empty();
    private List<Table> tables = List.of();
    private long doneUpTo;
    private long beganNanos;
    private boolean resting;
    private long restUntilNanos;

    Reclaimer(Disk disk, Catalog catalog, int spillBytes, Executor background, BooleanSupplier stopped) {
        this.disk = disk;
        this.catalog = catalog;
        this.spillBytes = spillBytes;
        this.background = background;
        this.stopped = stopped;
    }

    /** The compaction revision that would still be known after a crash. @param all newest first */
    static long durableCompaction(List<Table> all) {
        return Agreed.compactionRevision(new LayeredMap(List.copyOf(all), Long.MAX_VALUE));
    }

    /** Of all tables, newest first, those it does not work on; they are the newest. */
    List<Table> others(List<Table> all) {
        return tables.isEmpty() ? all : all.subList(0, all.indexOf(tables.getFirst()));
    }

    /** @param all newest first; none of them is being merged */
    void startIfDue(List<Table> all, long compactionRevision, long nowNanos) {
        if (task.isPresent() || compactionRevision <= doneUpTo || resting && nowNanos < restUntilNanos) {
            return;
        }
        doneUpTo = compactionRevision;
        tables = List.copyOf(all.subList(firstBelow(all, compactionRevision), all.size()));
        if (tables.isEmpty()) {
            return;
        }
        beganNanos = nowNanos;
        List<Table> chosen = tables;
        chosen.forEach(Table::retain);
        task = Optional.of(BackgroundTask.start(background, () -> run(chosen, compactionRevision)));
    }

    private static int firstBelow(List<Table> all, long compactionRevision) {
        for (int i = 0; i < all.size(); i++) {
            TableInfo info = all.get(i).info();
            if (info.revisionMin() > 0 && info.revisionMin() <= compactionRevision) {
                return i;
            }
        }
        return all.size();
    }

    private Optional<Merged> run(List<Table> chosen, long compactionRevision) {
        Survey survey = Survey.of(chosen, retention(compactionRevision), stopped);
        if (!survey.isWorthAMerge() || survey.keptBytes() > disk.freeBytes()) {
            return Optional.empty();
        }
        return Optional.of(
                new MergeRun(disk, catalog, spillBytes, chosen, retention(compactionRevision), stopped).run());
    }

    /** Nothing is older than the oldest table, which is always among these. */
    private static Retention retention(long compactionRevision) {
        return new Retention(compactionRevision, true, hash -> false);
    }

    /** What was merged since, once. @throws dev.parley.store.replica.StoreFailure when it failed */
    Optional<Merged> take(long nowNanos) {
        if (task.isEmpty() || !task.get().isDone()) {
            return Optional.empty();
        }
        Optional<Merged> merged = task.get().result();
        task = Optional.empty();
        resting = true;
        restUntilNanos = nowNanos + REST * (nowNanos - beganNanos);
        return merged;
    }

    /** To be called when what {@link #take} gave is in the place of the tables. */
    void letGo() {
        if (task.isEmpty()) {
            tables.forEach(Table::release);
            tables = List.of();
        }
    }

    void close() {
        task.ifPresent(running -> running.abandon(merged -> merged.ifPresent(Merged::discard)));
        task = Optional.empty();
        letGo();
    }
}
