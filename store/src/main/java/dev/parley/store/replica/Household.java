package dev.parley.store.replica;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.AttendanceCommand;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.SystemCommand;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Leases;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.LockName;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Members;
import dev.parley.store.kv.Members.Member;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.PlacementCommand;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.StateMachine.Answer;
import dev.parley.store.kv.StateMachine.Applied;
import dev.parley.store.log.LogIndex;
import dev.parley.store.log.ReplicatedLog;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a node does for the cluster without being asked: its registration, and the duties of the leader when it is one. */
final class Household {
    /** How often it looks; what follows from it has longer periods of its own. */
    private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();

    /**
     * What the agreed state said when it was looked at last.
     *
     * @param epoch in which this node leads, 0 when it does not
     * @param trimHeldBy nodes whose durable report is below what the others would let go, most behind first
     */
    record Standing(long epoch, long logBytes, List<String> trimHeldBy) {}

    private final String node;
    private final ReplicatedLog log;
    private final StateStore store;
    private final LeaderDuties.Proposer proposer;
    private final long logBytesMax;
    private final Registration registration;
    private final Campaign campaign;
    private final LeaderDuties duties;
    private Standing standing = new Standing(0, 0, List.of());
    private long nextLookNanos;
    private long collectedUpTo;
    private OptionalLong held = OptionalLong.empty();

    Household(
            ReplicaConfig config,
            ReplicatedLog log,
            StateStore store,
            Supplier<UUID> ids,
            LeaderDuties.Proposer proposer) {
        this.node = config.node();
        this.log = log;
        this.store = store;
        this.proposer = proposer;
        this.logBytesMax = config.logBytesMax();
        this.registration = new Registration(config, store::id, this::propose);
        this.campaign = new Campaign(config.node(), ids, this::propose);
        this.duties = new LeaderDuties(this::propose, logBytesMax, config.history());
    }

    Standing standing() {
        return standing;
    }

    /** Only what empties the log, or lets it be emptied, may still be proposed. */
    boolean isLogFull() {
        return standing.logBytes() >= logBytesMax;
    }

    /** What is left is kept for the cluster itself, or the bound would refuse its own cure. */
    boolean isLogNearlyFull() {
        return standing.logBytes() >= logBytesMax / 5 * 4;
    }

    void holdLog(OptionalLong above) {
        held = above;
    }

    /** Less than what is durable while somebody needs the entries behind it, but not when the log fills up. */
    private long reportable() {
        long durable = store.durable().applied().value();
        return held.isPresent() && standing.logBytes() < logBytesMax / 2
                ? Math.min(durable, held.getAsLong())
                : durable;
    }

    void campaign(boolean wanted) {
        campaign.want(wanted);
    }

    void sessionBroke() {
        campaign.end();
        standing = new Standing(0, standing.logBytes(), standing.trimHeldBy());
    }

    /** The tables are other ones. */
    void stateReplaced() {
        sessionBroke();
        registration.stateReplaced();
    }

    /** @param serving whether the node can propose at all */
    void perform(boolean serving, boolean fitForOffice, long nowNanos, long wallMillis) {
        if (nowNanos < nextLookNanos) {
            return;
        }
        nextLookNanos = nowNanos + LOOK_NANOS;
        MapView state = store.map();
        if (serving) {
            look(state, fitForOffice, nowNanos, wallMillis);
        }
        standing = new Standing(campaign.epoch(state).orElse(0L), Agreed.logBytes(state), trimHeldBy(state));
    }

    private void look(MapView state, boolean fitForOffice, long nowNanos, long wallMillis) {
        boolean pressed = standing.logBytes() >= logBytesMax / 4;
        registration.perform(state, reportable(), pressed, nowNanos);
        if (!fitForOffice) {
            return;
        }
        campaign.perform(state, nowNanos);
        Optional<Long> epoch = campaign.epoch(state);
        if (epoch.isPresent()) {
            long applied = store.position().applied().value();
            duties.perform(state, epoch.get(), applied, nowNanos, wallMillis);
            collect(Agreed.trimPoint(state));
        } else {
            duties.rest();
        }
    }

    private void collect(long trimPoint) {
        if (trimPoint > collectedUpTo) {
            collectedUpTo = trimPoint;
            log.collect(new LogIndex(trimPoint));
        }
    }

    /** Whom the log is kept for. Not for those whose next entry is gone: they need a snapshot. */
    private static List<String> trimHeldBy(MapView state) {
        List<Member> members = Members.all(state);
        long trimmed = Agreed.trimPoint(state);
        long mostDurable = members.stream().mapToLong(Member::durable).max().orElse(0);
        long holding = mostDurable - Limits.ENTRIES_KEPT_MIN;
        return members.stream()
                .filter(member -> member.durable() < holding && member.durable() >= trimmed)
                .sorted(Comparator.comparingLong(Member::durable))
                .map(Member::node)
                .toList();
    }

    private void propose(SystemCommand command, Consumer<Result> whenKnown) {
        if (isLogFull() && !isCure(command)) {
            whenKnown.accept(new Result.NotApplied(Refusal.LOG_FULL));
        } else {
            proposer.propose(command, whenKnown);
        }
    }

    private static boolean isCure(SystemCommand command) {
        return switch (command) {
            case Command.CloseWriter ignored -> true;
            case Command.RegisterMember ignored -> true;
            case Command.RemoveMember ignored -> true;
            case Command.ReportDurable ignored -> true;
            case Command.DeclareStore ignored -> true;
            case Command.TakeOffice ignored -> true;
            case AttendanceCommand ignored -> true;
            case PlacementCommand ignored -> false;
            case Command.Trim ignored -> true;
            case Command.ForgetHistory ignored -> false;
            case Command.HookTold ignored -> false;
            case Command.Tick ignored -> false;
            case Command.RaiseFormatLevel ignored -> false;
            case Command.ExpireLease ignored -> false;
            case Command.CheckpointLeases ignored -> false;
        };
    }

    /** Follows the leases, as long as this node leads. */
    void applied(Applier.Step.Done done, long nowNanos) {
        if (done.applied() instanceof Applied.Batch(long writer, long number, List<Answer> answers)) {
            answers.forEach(answer -> onResigned(answer.outcome(), nowNanos));
        }
        if (standing.epoch() == 0) {
            return;
        }
        for (RevisionRecord record : done.revisions()) {
            for (RevisionRecord.Change change : record.changes()) {
                if (change.keyspace() == Keyspace.LEASE) {
                    onLease(Long.parseLong(change.key().toString()), nowNanos);
                } else if (change.keyspace() == Keyspace.LOCK) {
                    onGrant(LockName.leaseOf(change.key()), nowNanos);
                }
            }
        }
        if (done.applied() instanceof Applied.Batch(long writer, long number, List<Answer> answers)) {
            answers.forEach(answer -> onAnswer(answer.outcome(), nowNanos));
        }
    }

    /** Whoever asked for it: the node that led lets another one try. */
    private void onResigned(Outcome outcome, long nowNanos) {
        if (outcome instanceof Outcome.OfficeResigned(String resigned, long epoch) && resigned.equals(node)) {
            campaign.standBack(nowNanos);
        }
    }

    boolean isStandingBack(long nowNanos) {
        return campaign.isStandingBack(nowNanos);
    }

    private void onLease(long id, long nowNanos) {
        Leases.find(store.map(), id)
                .ifPresentOrElse(lease -> duties.leases().granted(lease, nowNanos), () -> duties.leases()
                        .ended(id));
    }

    /** A lease made for a lock begins anew with the grant. */
    private void onGrant(long id, long nowNanos) {
        Leases.find(store.map(), id).filter(Leases.Lease::own).ifPresent(lease -> duties.leases()
                .granted(lease, nowNanos));
    }

    private void onAnswer(Outcome outcome, long nowNanos) {
        if (outcome instanceof Outcome.LeaseKept kept) {
            duties.leases().kept(kept.lease(), kept.ttl(), kept.keepalives(), nowNanos);
        }
    }
}
