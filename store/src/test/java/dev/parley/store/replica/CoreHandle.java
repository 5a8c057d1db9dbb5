package dev.parley.store.replica;

import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Submission;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.ReplicatedLog;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.StateStore.Position;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A {@link ReplicaCore} on a state in memory, for tests that drive it by hand. */
public final class CoreHandle {
    private final MemoryStateStore store;
    private final ReplicatedLog log;
    private final ReplicaCore core;

    /** @param events where the log's events go; they must come back through {@link #onEvent}, later */
    public CoreHandle(
            CoreVariant variant,
            ReplicaConfig config,
            MemoryStateStore store,
            Function<Consumer<LogEvent>, ReplicatedLog> openLog,
            Consumer<LogEvent> events,
            SnapshotSource snapshots,
            Supplier<UUID> ids,
            long startNanos) {
        this.store = store;
        this.log = variant.wrap(openLog).apply(events);
        this.core = new ReplicaCore(
                variant.configure(config),
                log,
                store,
                snapshots,
                ids,
                startNanos,
                variant.machine(),
                variant.barriers());
    }

    /** How a read ends. */
    public interface ReadEnd {
        void ready(Position position, MapView state, long ageMillis);

        void unavailable(Refusal why);
    }

    public void at(long nanos, long millis) {
        core.at(nanos, millis);
    }

    public void onEvent(LogEvent event) {
        core.onEvent(event);
        core.flush();
    }

    public void tick() {
        core.tick();
    }

    public void submit(Submission submission, long deadlineNanos, Consumer<Result> whenKnown) {
        core.submit(submission, EntryCodec.encodeSubmission(submission), deadlineNanos, whenKnown);
        core.flush();
    }

    public void read(boolean stale, long revisionMin, long deadlineNanos, ReadEnd end) {
        WaitingRead.Answer answer = new WaitingRead.Answer() {
            @Override
            public void ready(long ageMillis) {
                end.ready(store.position(), store.content(), ageMillis);
            }

            @Override
            public void unavailable(Refusal why) {
                end.unavailable(why);
            }
        };
        if (stale) {
            core.readStale(revisionMin, deadlineNanos, answer);
        } else {
            core.readLinearizable(revisionMin, deadlineNanos, answer);
        }
        core.flush();
    }

    void await(Interest interest) {
        core.await(interest);
    }

    void damage(String what) {
        core.onDamage(what);
    }

    public void campaign(boolean wanted) {
        core.campaign(wanted);
    }

    public void shutdown(long deadlineNanos) {
        core.shutdown(deadlineNanos);
    }

    public boolean isStopped() {
        return core.isStopped();
    }

    public Replica.Status status() {
        return core.report().status();
    }

    public boolean isFitForOffice() {
        return core.report().fitForOffice();
    }

    public Position position() {
        return store.position();
    }

    public MapView state() {
        return store.content();
    }

    public ReplicatedLog log() {
        return log;
    }
}
