package dev.parley.store.replica;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.SystemCommand;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Members;
import dev.parley.store.kv.Members.Member;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.RevisionAges;
import dev.parley.store.replica.LeaseClocks.RunOut;
import dev.parley.store.replica.Replica.Result;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What one node at a time does for the cluster. Proposes; whether it still leads is decided when the command is
 * applied. Never more than one command of a kind is under way, but for the ends of leases, of which there are many.
 */
final class LeaderDuties {
    /** Takes a command on its way; the answer comes once, on the owner thread. */
    @FunctionalInterface
    interface Proposer {
        void propose(SystemCommand command, Consumer<Result> whenKnown);
    }

    private static final long TICK_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long CHECKPOINT_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int LEASES_PER_CHECKPOINT = 2_000;
    private static final int ENDS_UNDER_WAY_MAX = 1_024;

    /** Trimming by less is not worth an entry. */
    private static final long TRIM_ENTRIES_MIN = 256;

    private static final long TRIM_ENTRIES_MIN_PRESSED = 32;

    /** History is given up at most so often: each time the tables have to be looked through. */
    private static final long FORGET_NANOS = Duration.ofSeconds(10).toNanos();

    private final LeaseClocks leases = new LeaseClocks();
    private final TrimChoice trimChoice = new TrimChoice();
    private final Proposer proposer;
    private final long logBytesWorthTrimming;
    private final ReplicaConfig.History history;

    private long epoch;
    private long nextTickNanos;
    private long nextCheckpointNanos;
    private long nextForgetNanos;
    private boolean ticking;
    private boolean trimming;
    private boolean forgetting;
    private boolean raising;
    private boolean checkpointing;
    private int endsUnderWay;

    LeaderDuties(Proposer proposer, long logBytesMax, ReplicaConfig.History history) {
        this.proposer = proposer;
        this.history = history;
        this.logBytesWorthTrimming = logBytesMax / 2;
    }

    LeaseClocks leases() {
        return leases;
    }

    /** Begins anew when the epoch is another than before. */
    void perform(MapView state, long epochInOffice, long appliedIndex, long nowNanos, long wallMillis) {
        if (epoch != epochInOffice) {
            epoch = epochInOffice;
            leases.takeOffice(state, nowNanos);
            nextCheckpointNanos = nowNanos + CHECKPOINT_NANOS;
        }
        tick(nowNanos, wallMillis);
        trim(state, appliedIndex, nowNanos);
        forgetHistory(state, nowNanos);
        raiseFormatLevel(state);
        endLeases(nowNanos);
        checkpointLeases(nowNanos);
    }

    /** This node does not lead: forgets what it measured. */
    void rest() {
        epoch = 0;
        leases.forget();
        trimChoice.forget();
    }

    private void tick(long nowNanos, long wallMillis) {
        if (!ticking && nowNanos >= nextTickNanos) {
            ticking = true;
            nextTickNanos = nowNanos + TICK_NANOS;
            proposer.propose(new Command.Tick(epoch, wallMillis), result -> ticking = false);
        }
    }

    private void trim(MapView state, long appliedIndex, long nowNanos) {
        long former = Agreed.trimPoint(state);
        boolean pressed = Agreed.logBytes(state) >= logBytesWorthTrimming;
        long held = trimChoice.upTo(Members.all(state), Members.trimmable(state), pressed, nowNanos);
        long upTo = Math.min(held, appliedIndex - Limits.ENTRIES_KEPT_MIN);
        long worth = pressed ? TRIM_ENTRIES_MIN_PRESSED : TRIM_ENTRIES_MIN;
        if (!trimming && upTo - former >= worth) {
            trimming = true;
            proposer.propose(new Command.Trim(epoch, upTo), result -> trimming = false);
        }
    }

    private void forgetHistory(MapView state, long nowNanos) {
        if (forgetting || nowNanos < nextForgetNanos) {
            return;
        }
        nextForgetNanos = nowNanos + FORGET_NANOS;
        long old = history.age().isZero() ? 0 : RevisionAges.newestAt(state, history.age());
        long surplus = history.revisions() == 0 ? 0 : Agreed.revision(state) - history.revisions();
        long upTo = Math.max(old, surplus);
        if (upTo > Agreed.compactionRevision(state)) {
            forgetting = true;
            proposer.propose(new Command.ForgetHistory(epoch, upTo), result -> forgetting = false);
        }
    }

    private void raiseFormatLevel(MapView state) {
        int readByAll =
                Members.all(state).stream().mapToInt(Member::formatLevel).min().orElse(0);
        if (!raising && readByAll > Agreed.formatLevel(state)) {
            raising = true;
            proposer.propose(new Command.RaiseFormatLevel(epoch, readByAll), result -> raising = false);
        }
    }

    private void endLeases(long nowNanos) {
        List<RunOut> due = leases.runOut(nowNanos, ENDS_UNDER_WAY_MAX - endsUnderWay);
        for (RunOut runOut : due) {
            endsUnderWay++;
            proposer.propose(new Command.ExpireLease(epoch, runOut.lease(), runOut.keepalives()), result -> {
                endsUnderWay--;
                if (!(result instanceof Result.Decided(Outcome outcome, long revision))) {
                    leases.notEnded(runOut);
                }
            });
        }
    }

    private void checkpointLeases(long nowNanos) {
        if (!checkpointing && nowNanos >= nextCheckpointNanos) {
            nextCheckpointNanos = nowNanos + CHECKPOINT_NANOS;
            if (!leases.isEmpty()) {
                checkpointing = true;
                proposer.propose(
                        new Command.CheckpointLeases(epoch, leases.checkpoint(nowNanos, LEASES_PER_CHECKPOINT)),
                        result -> checkpointing = false);
            }
        }
    }
}
