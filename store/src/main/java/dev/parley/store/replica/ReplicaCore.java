package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command.ClientCommand;
import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.StateMachine;
import dev.parley.store.kv.Submission;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogEvent.StoredEntry;
import dev.parley.store.log.ReplicatedLog;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.StateStore.Position;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Decides everything a replica does: joins the log, proposes, applies, answers. Confined to one thread; has no clock
 * ({@link #at} tells the time), no thread and no I/O but the two ports. After a series of inputs call {@link #flush}:
 * what gathered in between goes out together.
 *
 * <p>An exception out of it, in particular out of apply or of the store, means that what it holds can no longer be
 * trusted; it must not be used again and the node must halt.
 */
public final class ReplicaCore {
    /** Stale reads of a state older than this have an append sent, so that those to come know better how old it is. */
    private static final long STALE_AGE_REFRESHED_NANOS = Duration.ofSeconds(1).toNanos();

    private final ReplicaConfig config;
    private final ReplicatedLog log;
    private final StateStore store;
    private final Attendance attendance;
    private final ProposeQueue queue;
    private final ReadBarriers barriers;
    private final ReadDesk reads;
    private final Pipeline pipeline;
    private final Sender sender;
    private final Follower follower;
    private final Applier applier;
    private final ChangeHub hub;
    private final Freshness freshness;
    private final Household household;
    private final Departure departure = new Departure();
    private final Readiness readiness;
    private final Replacement replacement;

    private long nowNanos;
    private long wallMillis;
    private long lastPollNanos;

    /** @param startNanos by the clock of {@link #at} */
    public ReplicaCore(
            ReplicaConfig config,
            ReplicatedLog log,
            StateStore store,
            SnapshotSource snapshots,
            Supplier<UUID> ids,
            long startNanos) {
        this(config, log, store, snapshots, ids, startNanos, StateMachine::apply, new ReadBarriers());
    }

    ReplicaCore(
            ReplicaConfig config,
            ReplicatedLog log,
            StateStore store,
            SnapshotSource snapshots,
            Supplier<UUID> ids,
            long startNanos,
            Applier.Machine machine,
            ReadBarriers barriers) {
        this.config = config;
        this.log = log;
        this.store = store;
        this.barriers = barriers;
        nowNanos = startNanos;
        lastPollNanos = startNanos;
        ReplicaConfig.Waiting bounds = config.waiting();
        attendance = new Attendance(config.timing().absenceGrace().toNanos(), startNanos);
        queue = new ProposeQueue(bounds.submissionsMax(), bounds.submissionBytesMax());
        pipeline = new Pipeline(log, barriers, config.pipeline(), config.node(), ids.get());
        sender = new Sender(queue, pipeline, barriers, config.pipeline().batchBytesMax());
        follower = new Follower(log);
        applier = new Applier(store, machine);
        hub = new ChangeHub(bounds.interestsMax(), store.position().revision());
        freshness = new Freshness(startNanos);
        readiness = new Readiness(config.timing(), attendance, freshness, departure);
        reads = new ReadDesk(barriers, freshness, bounds.readsMax());
        household = new Household(config, log, store, ids, sender::propose);
        replacement = new Replacement(
                config.node(), log.id(), store, snapshots, attendance, readiness, pipeline, this::onSnapshot);
        store.log()
                .filter(followed -> !followed.equals(log.id()))
                .ifPresent(followed -> fail("store-of-another-log", "the tables follow " + followed));
    }

    // -- inputs ---------------------------------------------------------------------------------------------------

    /**
     * Tells the time to the inputs that follow.
     *
     * @param nanos monotonic, from any origin; never goes back
     * @param millis wall clock, Unix; may do what it likes
     */
    public void at(long nanos, long millis) {
        nowNanos = Math.max(nowNanos, nanos);
        wallMillis = millis;
    }

    /** @param encoded what {@link EntryCodec#encodeSubmission} makes of the submission */
    public void submit(Submission submission, Bytes encoded, long deadlineNanos, Consumer<Result> whenKnown) {
        Proposal proposal = new Proposal(submission, encoded, deadlineNanos, whenKnown);
        readiness
                .refusal(nowNanos)
                .or(() -> refusalOf(proposal))
                .or(() -> queue.offer(proposal))
                .ifPresent(why -> proposal.answer(new Result.NotApplied(why)));
    }

    void readLinearizable(long revisionMin, long deadlineNanos, WaitingRead.Answer answer) {
        Optional<Refusal> refusal = readiness.refusal(nowNanos);
        if (refusal.isPresent()) {
            answer.unavailable(refusal.get());
        } else if (household.isLogFull()) {
            answer.unavailable(Refusal.LOG_FULL);
        } else {
            reads.arriveForBarrier(new WaitingRead(revisionMin, deadlineNanos, false, answer));
        }
    }

    void readStale(long revisionMin, long deadlineNanos, WaitingRead.Answer answer) {
        Optional<Refusal> refusal = readiness.staleRefusal(appliedIndex(), nowNanos);
        if (refusal.isPresent()) {
            answer.unavailable(refusal.get());
        } else {
            if (readiness.isServing()
                    && freshness.ageNanos(nowNanos) >= STALE_AGE_REFRESHED_NANOS
                    && !household.isLogFull()) {
                sender.wantBarrier();
            }
            WaitingRead read = new WaitingRead(revisionMin, deadlineNanos, true, answer);
            reads.arriveForRevision(read, store.position(), nowNanos);
        }
    }

    /** Tells it of the next change, unless one is known already. */
    void await(Interest interest) {
        if (departure.isLeaving()) {
            interest.tell(Interest.Notice.Kind.OVER, interest.since());
        } else {
            hub.add(interest);
        }
    }

    /** Whether this node should seek, and hold, the office of leader. */
    public void campaign(boolean wanted) {
        household.campaign(wanted);
    }

    /** Has the log kept above an index, as long as there is room in it. */
    public void holdLog(OptionalLong above) {
        household.holdLog(above);
    }

    /** Refuses what comes, and ends when what is under way is resolved; at the deadline in any case. */
    public void shutdown(long deadlineNanos) {
        if (departure.begin(deadlineNanos)) {
            hub.close();
        }
    }

    public void onEvent(LogEvent event) {
        if (readiness.isBroken()) {
            return;
        }
        try {
            handle(event);
        } catch (DamagedTables found) {
            onDamage(found.getMessage());
        }
    }

    private void handle(LogEvent event) {
        switch (event) {
            case LogEvent.Connected(long session) -> onConnected(session);
            case LogEvent.Suspended ignored -> {
                attendance.onSuspended(nowNanos);
                household.sessionBroke();
            }
            case LogEvent.Appended(long ticket, var index) -> onAppended(ticket, index.value());
            case LogEvent.AppendLost(long ticket) -> onFailed(ticket);
            case LogEvent.AppendRefused(long ticket) -> onFailed(ticket);
            case LogEvent.Entries(List<StoredEntry> entries) -> onEntries(entries);
            case LogEvent.EndReached ignored -> {
                follower.discouraged();
                if (follower.answered()) {
                    freshness.endSeen(nowNanos);
                }
            }
            case LogEvent.BehindTrim(var trimmed) -> onBehindTrim(trimmed.value());
            case LogEvent.ReadFailed ignored -> {
                follower.discouraged();
                follower.answered();
            }
            case LogEvent.Verified ignored -> onVerified();
            case LogEvent.Hint ignored -> follower.permit();
            case LogEvent.Broken(String what, String detail) -> fail(what, detail);
        }
    }

    /** Enforces deadlines and looks after what is due. Call every few milliseconds. */
    public void tick() {
        queue.expire(nowNanos);
        pipeline.expire(nowNanos);
        reads.expire(nowNanos);
        hub.expire(nowNanos);
        if (nowNanos - lastPollNanos >= config.timing().pollEvery().toNanos()) {
            lastPollNanos = nowNanos;
            follower.permit();
        }
        readiness.unavailability(nowNanos).ifPresent(this::refuseWaiting);
        if (!readiness.isDamaged()) {
            keepUp();
        }
        flush();
        depart();
    }

    private void keepUp() {
        try {
            store.maintain(nowNanos);
            household.perform(readiness.isServing(), readiness.isFitForOffice(nowNanos), nowNanos, wallMillis);
        } catch (DamagedTables found) {
            onDamage(found.getMessage());
        }
    }

    /** Sends and asks what can be sent and asked now. */
    public void flush() {
        if (!attendance.isConnected() || readiness.isBroken()) {
            return;
        }
        switch (attendance.presence()) {
            case Presence.Away ignored -> {}
            case Presence.Behind ignored -> replacement.tell(nowNanos, wallMillis);
            case Presence.Entering entering -> enter(entering);
            case Presence.Verifying ignored -> follower.verify(store.position());
            case Presence.CatchingUp ignored -> follower.ask(store.position());
            case Presence.Present ignored -> {
                sender.sendWhatIsDue(appliedIndex(), nowNanos, wallMillis);
                follower.ask(store.position());
            }
        }
    }

    // -- a session ------------------------------------------------------------------------------------------------

    private void onConnected(long session) {
        if (attendance.onConnected(session, nowNanos)) {
            barriers.restart();
            follower.sessionEnded();
            replacement.sessionEnded();
            household.sessionBroke();
        }
        follower.permit();
    }

    private void enter(Presence.Entering entering) {
        if (entering.isUnsent() && pipeline.isDrained()) {
            attendance.onEntrySent(sender.sendFirstOfSession(nowNanos, wallMillis));
        }
    }

    private void onEntryStored() {
        follower.permit();
        if (store.log().isEmpty()) {
            store.bind(log.id());
        }
        if (appliedIndex() == 0) {
            attendance.onVerified();
        }
    }

    private void onVerified() {
        if (follower.answered()) {
            attendance.onVerified();
            settle();
        }
        follower.permit();
    }

    // -- sending --------------------------------------------------------------------------------------------------

    private void onAppended(long ticket, long index) {
        freshness.stored(pipeline.stored(ticket, index));
        if (attendance.onStored(ticket, index)) {
            onEntryStored();
        }
        follower.stored(index);
        settle();
    }

    private void onFailed(long ticket) {
        pipeline.failed(ticket);
        attendance.onFailed(ticket);
    }

    // -- applying -------------------------------------------------------------------------------------------------

    private void onEntries(List<StoredEntry> entries) {
        if (!follower.answered()) {
            follower.permit();
            return;
        }
        for (StoredEntry entry : entries) {
            switch (applier.apply(entry)) {
                case Applier.Step.Impossible(String what, String detail) -> {
                    fail(what, detail);
                    return;
                }
                case Applier.Step.Done done -> onApplied(done);
            }
        }
        settle();
    }

    private void onApplied(Applier.Step.Done done) {
        queue.putBack(pipeline.applied(done.applied()));
        hub.changed(done.revisions());
        household.applied(done, nowNanos);
        store.maintain(nowNanos);
    }

    /** Lets go what waited for what is applied by now. */
    private void settle() {
        Position position = store.position();
        long applied = position.applied().value();
        freshness.applied(applied);
        attendance.onApplied(applied);
        if (attendance.presence() instanceof Presence.Present) {
            reads.reached(position, nowNanos);
        }
        reads.reachedRevision(position.revision(), nowNanos);
    }

    // -- being replaced -------------------------------------------------------------------------------------------

    private void onBehindTrim(long trimmed) {
        if (follower.answered()) {
            household.sessionBroke();
            replacement.begin(trimmed, nowNanos);
        }
    }

    void onDamage(String what) {
        household.sessionBroke();
        replacement.begin(what, nowNanos);
    }

    private void onSnapshot(StateStore.Incoming incoming) {
        if (readiness.isBroken() || departure.isLeaving()) {
            return;
        }
        replacement.install(incoming);
        applier.stateReplaced();
        barriers.restart();
        hub.stateReplaced(store.position().revision());
        household.stateReplaced();
        follower.permit();
        settle();
    }

    // -- refusing -------------------------------------------------------------------------------------------------

    private Optional<Refusal> refusalOf(Proposal proposal) {
        if (EntryCodec.batchBytes(1, proposal.encoded().size()) > log.entryBytesMax()) {
            return Optional.of(Refusal.TOO_LARGE);
        }
        boolean held = proposal.submission().command() instanceof ClientCommand && household.isLogNearlyFull();
        if (held) {
            return Optional.of(Refusal.LOG_FULL);
        }
        boolean admitted = RoomRule.admits(store.room(), proposal.submission().command());
        return admitted ? Optional.empty() : Optional.of(Refusal.DISK_FULL);
    }

    private void refuseWaiting(Refusal why) {
        queue.refuseClients(why);
        reads.refuse(why, why == Refusal.BROKEN);
    }

    /** Stops apply, reads, writes and leadership; the process, and the log's server in it, go on. */
    private void fail(String what, String detail) {
        readiness.broken(what + ": " + detail);
        refuseWaiting(Refusal.BROKEN);
        pipeline.giveUp();
        household.sessionBroke();
    }

    // -- ending ---------------------------------------------------------------------------------------------------

    private void depart() {
        boolean idle = queue.isEmpty() && !pipeline.hasUnresolved() && !reads.isAwaitingBarrier();
        switch (departure.next(attendance.isPresent() && !readiness.isBroken(), idle, nowNanos)) {
            case NOTHING -> {}
            case SAY_LAST_WORD -> pipeline.closeWriter().ifPresent(close -> sender.propose(close, result -> {}));
            case END -> {
                queue.refuseAll(Refusal.STOPPING);
                pipeline.giveUp();
                reads.refuse(Refusal.STOPPING, true);
            }
        }
    }

    /** Whether the shutdown is complete; from then on everything is refused. */
    public boolean isStopped() {
        return departure.isOver();
    }

    Report report() {
        return Report.of(
                readiness.isServing(),
                readiness.isStaleReady(appliedIndex(), nowNanos) && !departure.isOver(),
                readiness.isFitForOffice(nowNanos) && !household.isStandingBack(nowNanos),
                store.position(),
                household.standing(),
                readiness.problem());
    }

    private long appliedIndex() {
        return store.position().applied().value();
    }
}
