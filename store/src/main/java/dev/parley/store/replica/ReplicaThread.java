package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Submission;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.ReplicatedLog;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replica of this node: one thread owns a {@link ReplicaCore}; requests hand over through a bounded inbox and park
 * until they are answered.
 */
public final class ReplicaThread implements Replica, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaThread.class);
    private static final int REQUESTS_AT_ONCE_MAX = 1_024;
    private static final long TICK_NANOS = Duration.ofMillis(10).toNanos();

    /** How much longer than its timeout a caller waits, because the owner's word is more exact than its own. */
    private static final long PATIENCE_NANOS = Duration.ofMillis(500).toNanos();

    /** How often those look for a change whom nobody has room to tell. */
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(100).toNanos();

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

    /** What a replica is made of. */
    public record Parts(
            ReplicaConfig config,
            StateStore store,
            Function<Consumer<LogEvent>, ReplicatedLog> openLog,
            SnapshotSource snapshots,
            LongSupplier nanos,
            LongSupplier wallMillis,
            Supplier<UUID> ids,
            FaultHandler faults) {}

    private final StateStore store;
    private final ReplicatedLog log;
    private final LongSupplier nanos;
    private final LongSupplier wallMillis;
    private final FaultHandler faults;
    private final ReplicaCore core;
    private final SnapshotSource snapshots;
    private final Inbox inbox;
    private final Thread owner;
    private final long originNanos;
    private volatile Report report;
    private volatile boolean campaigning;
    private volatile OptionalLong held = OptionalLong.empty();
    private volatile Optional<Long> stopBy = Optional.empty();
    private volatile Life life = Life.RUNNING;
    private String problemTold = "";

    private enum Life {
        RUNNING,
        /** What the owner had taken is answered; what it had not taken never will be. */
        STOPPED,
        /** Nobody knows what became of what the owner had taken. */
        FAILED
    }

    private ReplicaThread(Parts parts) {
        store = parts.store();
        nanos = parts.nanos();
        wallMillis = parts.wallMillis();
        faults = parts.faults();
        originNanos = nanos.getAsLong();
        ReplicaConfig config = parts.config();
        inbox = new Inbox(config.waiting().submissionsMax() + config.waiting().readsMax());
        log = parts.openLog().apply(inbox::offer);
        core = new ReplicaCore(config, log, store, this::fetch, parts.ids(), now());
        snapshots = parts.snapshots();
        store.onDamage(what -> inbox.tell(core -> core.onDamage(what)));
        report = core.report();
        owner = Thread.ofPlatform().name("replica-" + config.node()).unstarted(this::run);
        inbox.ownedBy(owner);
    }

    /**
     * Opens the log, which {@link #close} will close, and begins to follow it. The store stays the caller's, and must
     * outlive the replica.
     */
    public static ReplicaThread start(Parts parts) {
        ReplicaThread replica = new ReplicaThread(parts);
        replica.owner.start();
        return replica;
    }

    /** Nanoseconds since this replica was made, so that times may be compared without minding overflow. */
    private long now() {
        return nanos.getAsLong() - originNanos;
    }

    // -- the owner ------------------------------------------------------------------------------------------------

    private void run() {
        try {
            long nextTickNanos = now();
            while (!core.isStopped()) {
                core.campaign(campaigning);
                core.holdLog(held);
                stopBy.ifPresent(core::shutdown);
                inbox.drainTo(core, this::tellTime, REQUESTS_AT_ONCE_MAX);
                if (now() >= nextTickNanos) {
                    nextTickNanos = now() + TICK_NANOS;
                    core.tick();
                }
                core.flush();
                publish(core.report());
                inbox.sleep(nextTickNanos - now());
            }
            life = Life.STOPPED;
            inbox.drainTo(core, this::tellTime, Integer.MAX_VALUE);
            publish(core.report());
        } catch (Throwable cause) {
            life = Life.FAILED;
            faults.fault("the replica's owner thread must not fail", cause);
        }
    }

    private void publish(Report next) {
        String problem = next.status().problem();
        if (!problem.equals(problemTold)) {
            problemTold = problem;
            LOG.atError().addKeyValue("problem", problem).log("this node serves nothing any more");
        }
        report = next;
    }

    private void tellTime() {
        core.at(now(), wallMillis.getAsLong());
    }

    private void fetch(SnapshotSource.Wanted wanted, Consumer<StateStore.Incoming> arrived) {
        snapshots.fetch(wanted, incoming -> inbox.tell(core -> arrived.accept(incoming)));
    }

    private boolean offer(Consumer<ReplicaCore> request) {
        return inbox.offer(request) && life == Life.RUNNING;
    }

    /** Why an offer was not taken. */
    private Refusal refusal() {
        return switch (life) {
            case RUNNING -> Refusal.QUEUE_FULL;
            case STOPPED -> Refusal.STOPPING;
            case FAILED -> Refusal.BROKEN;
        };
    }

    // -- requests -------------------------------------------------------------------------------------------------

    @Override
    public Result submit(Submission submission, Duration timeout) {
        long deadline = deadline(timeout);
        Call<Result> call = new Call<>();
        submit(submission, deadline, call::answer);
        return call.await(this::now, deadline + PATIENCE_NANOS).orElseGet(Result.Unknown::new);
    }

    @Override
    public void submit(Submission submission, Duration timeout, Consumer<Result> answered) {
        submit(submission, deadline(timeout), answered);
    }

    private void submit(Submission submission, long deadline, Consumer<Result> answered) {
        Bytes encoded = EntryCodec.encodeSubmission(submission);
        Handover handover = new Handover(submission, encoded, deadline, answered);
        if (life != Life.RUNNING || !inbox.offer(handover)) {
            handover.answer(new Result.NotApplied(refusal()));
            return;
        }
        // The owner may have ended in between; if it took this one all the same, its own answer was first.
        switch (life) {
            case RUNNING -> {}
            case STOPPED -> handover.answer(new Result.NotApplied(Refusal.STOPPING));
            case FAILED -> handover.answer(new Result.Unknown());
        }
    }

    @Override
    public Reading readLinearizable(long revisionMin, Duration timeout) {
        return read(timeout, (core, deadline, answer) -> core.readLinearizable(revisionMin, deadline, answer));
    }

    @Override
    public Reading readStale(long revisionMin, Duration timeout) {
        return read(timeout, (core, deadline, answer) -> core.readStale(revisionMin, deadline, answer));
    }

    private interface Read {
        void ask(ReplicaCore core, long deadlineNanos, WaitingRead.Answer answer);
    }

    /** The view is taken by the caller: newer than asked for is as good, and an abandoned call leaves none open. */
    private Reading read(Duration timeout, Read read) {
        long deadline = deadline(timeout);
        Call<ReadAnswer> call = new Call<>();
        if (!offer(core -> read.ask(core, deadline, new ReadAnswer.To(call)))) {
            return new Reading.Unavailable(refusal());
        }
        ReadAnswer answer = call.await(this::now, deadline + PATIENCE_NANOS)
                .orElseGet(() -> new ReadAnswer.Unavailable(Refusal.TIMED_OUT));
        return switch (answer) {
            case ReadAnswer.Ready(long ageMillis) -> new Reading.Ready(store.view(), ageMillis);
            case ReadAnswer.Unavailable(Refusal why) -> new Reading.Unavailable(why);
        };
    }

    private sealed interface ReadAnswer {
        record Ready(long ageMillis) implements ReadAnswer {}

        record Unavailable(Refusal why) implements ReadAnswer {}

        /** Carries it over to the caller's thread. */
        record To(Call<ReadAnswer> call) implements WaitingRead.Answer {
            @Override
            public void ready(long ageMillis) {
                call.answer(new Ready(ageMillis));
            }

            @Override
            public void unavailable(Refusal why) {
                call.answer(new Unavailable(why));
            }
        }
    }

    @Override
    public Change awaitFirstChange(Keyspace keyspace, KeyRange range, long since, Duration timeout) {
        long deadline = deadline(timeout);
        long seen = since;
        while (true) {
            try (StateView view = store.view()) {
                long newest = view.position().revision();
                long unchanged = ChangeSearch.unchangedUpTo(view, keyspace, range, seen, newest);
                if (unchanged < newest) {
                    return new Change(true, unchanged);
                }
                seen = Math.max(seen, newest);
            }
            if (life != Life.RUNNING
                    || now() >= deadline
                    || Thread.currentThread().isInterrupted()) {
                return new Change(false, seen);
            }
            Interest.Notice notice = tell(keyspace, range, seen, deadline);
            seen = Math.max(seen, notice.unchangedUpTo());
            if (notice.kind() == Interest.Notice.Kind.OVER) {
                return new Change(false, seen);
            }
        }
    }

    private Interest.Notice tell(Keyspace keyspace, KeyRange range, long seen, long deadline) {
        Call<Interest.Notice> call = new Call<>();
        Interest interest = new Interest(keyspace, range, seen, deadline, call::answer);
        if (offer(core -> core.await(interest))) {
            // The owner's word that the time ran out also says how far nothing changed.
            Optional<Interest.Notice> notice = call.await(this::now, deadline + PATIENCE_NANOS);
            if (notice.isEmpty() || notice.get().kind() != Interest.Notice.Kind.NO_ROOM) {
                return notice.orElseGet(() -> new Interest.Notice(Interest.Notice.Kind.OVER, seen));
            }
        }
        // Nobody will wake it, so it looks by itself.
        new Call<Interest.Notice>().await(this::now, Math.min(deadline, now() + LOOK_AGAIN_NANOS));
        return new Interest.Notice(Interest.Notice.Kind.NO_ROOM, seen);
    }

    @Override
    public Optional<StateView> view() {
        return life == Life.RUNNING ? Optional.of(store.view()) : Optional.empty();
    }

    private long deadline(Duration timeout) {
        return now() + timeout.toNanos();
    }

    // -- the rest -------------------------------------------------------------------------------------------------

    @Override
    public Status status() {
        return report.status();
    }

    /** Whether this node may hold the office of leader; when false, the shell gives up its claim to it. Any thread. */
    public boolean isFitForOffice() {
        return report.fitForOffice();
    }

    /** Tells whether this node should seek and hold the office of leader. Any thread; the last call counts. */
    public void campaign(boolean wanted) {
        campaigning = wanted;
    }

    /**
     * Has the log kept above an index, because somebody goes on from there, as long as there is room in it: this node
     * reports no more to be durable. Any thread; the last call counts.
     */
    public void holdLog(OptionalLong above) {
        held = above;
    }

    /**
     * Refuses what comes, waits a while for what is under way, and ends. Blocks a few seconds at most. May be called
     * twice; not from the owner thread.
     */
    @Override
    public void close() {
        stopBy = Optional.of(deadline(STOP_PATIENCE));
        try {
            owner.join(STOP_PATIENCE.plus(STOP_PATIENCE));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        log.close();
    }
}
