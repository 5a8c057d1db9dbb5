package dev.parley.store.replica;

import dev.parley.store.kv.Command;
import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.Submission;
import dev.parley.store.log.LogIndex;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The way from a state that the log cannot continue, or that is damaged, to one that another node made. Meanwhile the
 * cluster is told what is durable here, because it may count on more. Confined to the owner thread.
 */
final class Replacement {
    private final String node;
    private final UUID log;
    private final StateStore store;
    private final SnapshotSource snapshots;
    private final Attendance attendance;
    private final Readiness readiness;
    private final Pipeline pipeline;
    private final Consumer<StateStore.Incoming> arrived;
    private boolean told;

    /** @param arrived takes what {@code snapshots} has found; calls {@link #install} */
    Replacement(
            String node,
            UUID log,
            StateStore store,
            SnapshotSource snapshots,
            Attendance attendance,
            Readiness readiness,
            Pipeline pipeline,
            Consumer<StateStore.Incoming> arrived) {
        this.node = node;
        this.log = log;
        this.store = store;
        this.snapshots = snapshots;
        this.attendance = attendance;
        this.readiness = readiness;
        this.pipeline = pipeline;
        this.arrived = arrived;
    }

    /** The entries up to {@code trimmed} are gone. */
    void begin(long trimmed, long nowNanos) {
        long applied = store.position().applied().value();
        begin(trimmed, "entries up to " + trimmed + " are gone, this node has applied " + applied, nowNanos);
    }

    /** Something in the tables does not verify, so nothing of them is served any more. */
    void begin(String damage, long nowNanos) {
        if (readiness.damaged(damage)) {
            told = false;
            begin(0, "the tables are damaged: " + damage, nowNanos);
        }
    }

    private void begin(long above, String why, long nowNanos) {
        if (attendance.onBehind(nowNanos)) {
            snapshots.fetch(new SnapshotSource.Wanted(log, new LogIndex(above), why), arrived);
        }
    }

    void sessionEnded() {
        told = false;
    }

    /** Tells the cluster, once in a session, what is durable here; the answer comes with the snapshot, if at all. */
    void tell(long nowNanos, long wallMillis) {
        if (told || !pipeline.isDrained()) {
            return;
        }
        if (!pipeline.hasWriter()) {
            pipeline.sendOpen(nowNanos);
            return;
        }
        told = true;
        pipeline.resendAll(nowNanos);
        long durable = readiness.isDamaged() ? 0 : store.durable().applied().value();
        Submission word = Submission.of(new Command.DeclareStore(node, store.id(), durable));
        pipeline.sendNew(
                List.of(new Proposal(word, EntryCodec.encodeSubmission(word), Proposal.NO_DEADLINE, result -> {})),
                nowNanos,
                wallMillis);
    }

    void install(StateStore.Incoming incoming) {
        boolean damaged = readiness.isDamaged();
        store.install(incoming, damaged);
        attendance.onInstalled(damaged);
        readiness.repaired();
        pipeline.stateReplaced();
        told = false;
    }
}
