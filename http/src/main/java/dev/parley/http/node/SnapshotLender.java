package dev.parley.http.node;

import dev.parley.http.api.Checkpoints;
import dev.parley.http.api.SnapshotOffers;
import dev.parley.store.kv.Agreed;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.Checkpoint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends this node's tables to nodes that need them. While it does, this node reports no more to be durable than what it
 * lent, so that the log is kept for whoever goes on from there: for a while, see {@link #HELD_AT_MOST}, and not when the log
 * fills up.
 */
final class SnapshotLender implements SnapshotOffers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotLender.class);

    /** More at once would only make each slower. */
    private static final int OFFERS_MAX = 4;

    private static final Duration UNUSED_AT_MOST = Duration.ofSeconds(30);
    static final Duration HELD_AT_MOST = Duration.ofMinutes(10);
    private static final Duration FLUSHED_WITHIN = Duration.ofSeconds(5);
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

    private final Checkpoints files;
    private final Replica replica;
    private final AtomicReference<Consumer<OptionalLong>> hold = new AtomicReference<>(index -> {});
    private final Ambient ambient;
    private final Supplier<UUID> ids;
    private final Pause pause = new Pause();
    private final Map<String, Lent> offers = new LinkedHashMap<>();

    private static final class Lent {
        private final Checkpoint checkpoint;
        private final long madeNanos;
        private long usedNanos;

        Lent(Checkpoint checkpoint, long nowNanos) {
            this.checkpoint = checkpoint;
            this.madeNanos = nowNanos;
            this.usedNanos = nowNanos;
        }

        long applied() {
            return checkpoint.position().applied().value();
        }
    }

    SnapshotLender(Checkpoints files, Replica replica, Ambient ambient) {
        this.files = files;
        this.replica = replica;
        this.ambient = ambient;
        this.ids = ambient.ids();
        Thread.ofPlatform().daemon().name("snapshot-offers").start(() -> {
            while (pause.of(SWEEP_EVERY)) {
                sweep();
            }
        });
    }

    /** @param told the index above which the log should be kept, every second; empty when it need not */
    void holdBy(Consumer<OptionalLong> told) {
        hold.set(told);
    }

    @Override
    public Offered offer(UUID log, long above) {
        Replica.Status status = replica.status();
        OptionalLong trimmed = status.ready() ? trimPoint() : OptionalLong.empty();
        if (trimmed.isEmpty()) {
            return new Offered.Not("This node is not ready itself.");
        }
        // What is on disk may be seconds old; the newer it is, the less is to be applied after it.
        Optional<Checkpoint> flushed = files.durable(new LogIndex(status.appliedIndex()), FLUSHED_WITHIN);
        return flushed.map(checkpoint -> lend(checkpoint, log, Math.max(above, trimmed.getAsLong())))
                .orElseGet(() -> new Offered.Not("This node's disk does not keep up."));
    }

    private OptionalLong trimPoint() {
        Optional<StateView> state = replica.view();
        if (state.isEmpty()) {
            return OptionalLong.empty();
        }
        try (StateView view = state.get()) {
            return OptionalLong.of(Agreed.trimPoint(view));
        }
    }

    private synchronized Offered lend(Checkpoint checkpoint, UUID log, long above) {
        var lent = new Lent(checkpoint, ambient.nanos().getAsLong());
        boolean helps = checkpoint.log().equals(Optional.of(log)) && lent.applied() > above;
        if (!helps || offers.size() >= OFFERS_MAX) {
            checkpoint.close();
            return new Offered.Not(
                    helps
                            ? "This node lends its tables to others already."
                            : "The state on this node's disk is of entry " + lent.applied() + " of log "
                                    + checkpoint.log().map(UUID::toString).orElse("none") + ".");
        }
        String id = ids.get().toString();
        offers.put(id, lent);
        holdLog();
        LOG.atInfo()
                .addKeyValue("offer", id)
                .addKeyValue("applied", lent.applied())
                .addKeyValue("bytes", checkpoint.sizeBytes())
                .log("lends its tables");
        return new Offered.Made(new Offer(id, lent.applied(), checkpoint.manifest()));
    }

    @Override
    public Optional<byte[]> read(String offer, String file, long from, int bytesMax) {
        Checkpoint checkpoint;
        synchronized (this) {
            Lent lent = offers.get(offer);
            if (lent == null) {
                return Optional.empty();
            }
            lent.usedNanos = ambient.nanos().getAsLong();
            checkpoint = lent.checkpoint;
        }
        ByteBuffer part = ByteBuffer.allocate(bytesMax);
        try {
            return checkpoint.files().stream()
                    .filter(candidate -> candidate.name().equals(file))
                    .findFirst()
                    .map(found -> Arrays.copyOf(part.array(), checkpoint.read(found, from, part)));
        } catch (StoreFailure | IllegalStateException gone) {
            LOG.atWarn().addKeyValue("offer", offer).setCause(gone).log("what was lent cannot be read any more");
            release(offer);
            return Optional.empty();
        }
    }

    @Override
    public synchronized void release(String offer) {
        Lent lent = offers.remove(offer);
        if (lent != null) {
            lent.checkpoint.close();
            holdLog();
        }
    }

    private synchronized void sweep() {
        long now = ambient.nanos().getAsLong();
        for (Iterator<Lent> each = offers.values().iterator(); each.hasNext(); ) {
            Lent lent = each.next();
            if (now - lent.usedNanos > UNUSED_AT_MOST.toNanos()) {
                each.remove();
                lent.checkpoint.close();
            }
        }
        holdLog();
    }

    private void holdLog() {
        long now = ambient.nanos().getAsLong();
        hold.get()
                .accept(offers.values().stream()
                        .filter(lent -> now - lent.madeNanos <= HELD_AT_MOST.toNanos())
                        .mapToLong(Lent::applied)
                        .min());
    }

    @Override
    public void close() {
        pause.end();
        synchronized (this) {
            offers.values().forEach(lent -> lent.checkpoint.close());
            offers.clear();
        }
    }
}
