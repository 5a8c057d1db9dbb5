package dev.parley.http.node;

import dev.parley.http.api.Checkpoints;
import dev.parley.store.log.LogIndex;
import dev.parley.store.table.Checkpoint;
import dev.parley.store.table.TableStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** The files of the node's tables, from when they are open on. Asks for a flush rather than waiting for its time. */
final class StoreFiles implements Checkpoints {
    private static final long LOOK_EVERY_NANOS = 5_000_000;

    private final LongSupplier nanos;
    private final CompletableFuture<TableStore> tables = new CompletableFuture<>();

    StoreFiles(LongSupplier nanos) {
        this.nanos = nanos;
    }

    boolean isOpen() {
        return tables.isDone();
    }

    void open(TableStore store) {
        tables.complete(store);
    }

    @Override
    public void giveUp(String why) {
        if (tables.isDone()) {
            tables.join().reportDamage(why);
        }
    }

    @Override
    public Optional<Checkpoint> durable(LogIndex least, Duration patience) {
        if (!tables.isDone()) {
            return Optional.empty();
        }
        TableStore store = tables.join();
        long deadline = nanos.getAsLong() + patience.toNanos();
        do {
            Checkpoint newest = store.checkpoint();
            if (newest.position().applied().compareTo(least) >= 0) {
                return Optional.of(newest);
            }
            newest.close();
            store.flushSoon();
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        } while (nanos.getAsLong() - deadline < 0);
        return Optional.empty();
    }
}
