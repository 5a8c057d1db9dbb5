package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.StateMachine;
import dev.parley.store.kv.Submission;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogEvent.StoredEntry;
import dev.parley.store.log.ReplicatedLog;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.StateStore.Position;
import java.util.List;
import java.util.Optional;
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
    private final ReplicaConfig config;
    private final ReplicatedLog log;
    private final StateStore store;
    private final ProposeQueue queue;
    private final ReadBarriers barriers;
    private final RevisionWaits revisionWaits = new RevisionWaits();
    private final Pipeline pipeline;
    private final Follower follower;
    private final Applier applier;
    private final ChangeHub hub;
    private final Freshness freshness;

    private long nowNanos;
    private long wallMillis;
    private Presence presence = new Presence.Away();
    private boolean connected;
    private boolean servedOnce;
    private long lastServedNanos;
    private long lastPollNanos;
    private String problem = "";
    private long stopDeadlineNanos;
    private boolean campaigning;
    private boolean stopping;
    private boolean lastWordSaid;
    private boolean stopped;

    /**
     * What others may know of a replica.
     *
     * @param fitForOffice whether this node may lead
     */
    public record Report(Replica.Status status, boolean fitForOffice) {}

    public ReplicaCore(ReplicaConfig config, ReplicatedLog log, StateStore store, Supplier<UUID> ids, long startNanos) {
        this(config, log, store, ids, startNanos, StateMachine::apply, new ReadBarriers());
    }

    ReplicaCore(
            ReplicaConfig config,
            ReplicatedLog log,
            StateStore store,
            Supplier<UUID> ids,
            long startNanos,
            Applier.Machine machine,
            ReadBarriers barriers) {
        this.config = config;
        this.log = log;
        this.store = store;
        this.barriers = barriers;
        this.nowNanos = startNanos;
        this.lastPollNanos = startNanos;
        this.queue = new ProposeQueue(
                config.waiting().submissionsMax(), config.waiting().submissionBytesMax());
        this.pipeline = new Pipeline(log, barriers, config.pipeline(), config.node(), ids.get());
        this.follower = new Follower(log);
        this.applier = new Applier(store, machine);
        this.hub =
                new ChangeHub(config.waiting().interestsMax(), store.position().revision());
        this.freshness = new Freshness(startNanos);
        store.log()
                .filter(bound -> !bound.equals(log.id()))
                .ifPresent(bound ->
                        fail("store-of-another-log", "the tables follow log " + bound + ", this is " + log.id()));
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
        refusal()
                .or(() -> refusalOf(proposal))
                .or(() -> queue.offer(proposal))
                .ifPresent(why -> proposal.answer(new Result.NotApplied(why)));
    }

    void readLinearizable(long revisionMin, long deadlineNanos, WaitingRead.Answer answer) {
        Optional<Refusal> refusal = refusal();
        if (refusal.isPresent()) {
            answer.unavailable(refusal.get());
        } else if (barriers.waiting() + revisionWaits.waiting()
                >= config.waiting().readsMax()) {
            answer.unavailable(Refusal.QUEUE_FULL);
        } else {
            barriers.arrive(new WaitingRead(revisionMin, deadlineNanos, false, answer));
        }
    }

    void readStale(long revisionMin, long deadlineNanos, WaitingRead.Answer answer) {
        if (!problem.isEmpty()) {
            answer.unavailable(Refusal.BROKEN);
        } else if (!isStaleReady()) {
            answer.unavailable(Refusal.NOT_READY);
        } else {
            releaseOrWait(new WaitingRead(revisionMin, deadlineNanos, true, answer));
        }
    }

    /** Tells it of the next change, unless one is known already. */
    void await(Interest interest) {
        if (stopping) {
            interest.told().accept(Interest.Notice.OVER);
        } else {
            hub.add(interest);
        }
    }

    /** Whether this node should seek, and hold, the office of leader. */
    public void campaign(boolean wanted) {
        campaigning = wanted;
    }

    /** Refuses what comes, and ends when what is under way is resolved; at the deadline in any case. */
    public void shutdown(long deadlineNanos) {
        if (!stopping) {
            stopping = true;
            stopDeadlineNanos = deadlineNanos;
            hub.close();
        }
    }

    public void onEvent(LogEvent event) {
        if (!problem.isEmpty()) {
            return;
        }
        switch (event) {
            case LogEvent.Connected(long session) -> onConnected(session);
            case LogEvent.Suspended ignored -> onSuspended();
            case LogEvent.Appended(long ticket, var index) -> onAppended(ticket, index.value());
            case LogEvent.AppendLost(long ticket) -> onAppendFailed(ticket);
            case LogEvent.AppendRefused(long ticket) -> onAppendFailed(ticket);
            case LogEvent.Entries(List<StoredEntry> entries) -> onEntries(entries);
            case LogEvent.EndReached ignored -> onEndReached();
            case LogEvent.BehindTrim(var trimmed) -> onBehindTrim(trimmed.value());
            case LogEvent.ReadFailed ignored -> follower.answered();
            case LogEvent.Verified ignored -> onVerified();
            case LogEvent.Hint ignored -> follower.permit();
            case LogEvent.Broken(String what, String detail) -> fail(what, detail);
        }
    }

    /** Enforces deadlines and looks after what is due. Call every few milliseconds. */
    public void tick() {
        queue.expire(nowNanos);
        pipeline.expire(nowNanos);
        barriers.expire(nowNanos);
        revisionWaits.expire(nowNanos);
        hub.expire(nowNanos);
        if (nowNanos - lastPollNanos >= config.timing().pollEvery().toNanos()) {
            lastPollNanos = nowNanos;
            follower.permit();
        }
        unavailability().ifPresent(this::refuseWaiting);
        store.maintain(nowNanos);
        flush();
        if (stopping) {
            stop();
        }
    }

    /** Sends and asks what can be sent and asked now. */
    public void flush() {
        if (!connected || !problem.isEmpty()) {
            return;
        }
        switch (presence) {
            case Presence.Away ignored -> {}
            case Presence.Entering entering -> enter(entering);
            case Presence.Verifying ignored -> follower.verify(store.position());
            case Presence.CatchingUp ignored -> follower.ask(store.position());
            case Presence.Present ignored -> {
                pump();
                follower.ask(store.position());
            }
        }
    }

    // -- a session ------------------------------------------------------------------------------------------------

    private void onConnected(long session) {
        if (session != presence.session()) {
            noteAbsence();
            presence = new Presence.Entering(session, Presence.Entering.UNSENT);
            barriers.restart();
            follower.sessionEnded();
        }
        connected = true;
        follower.permit();
    }

    private void onSuspended() {
        noteAbsence();
        connected = false;
    }

    private void noteAbsence() {
        if (isServing()) {
            lastServedNanos = nowNanos;
        }
    }

    /** One append of this session: whatever is unresolved serves, otherwise an empty batch does. */
    private void enter(Presence.Entering entering) {
        if (!entering.isUnsent() || !pipeline.isDrained()) {
            return;
        }
        long ticket;
        if (!pipeline.hasWriter()) {
            ticket = pipeline.sendOpen(nowNanos);
        } else if (pipeline.hasUnresolved()) {
            ticket = pipeline.resendFirst(nowNanos);
        } else {
            ticket = pipeline.sendNew(List.of(), nowNanos, wallMillis);
        }
        presence = new Presence.Entering(entering.session(), ticket);
    }

    private void onVerified() {
        if (follower.answered() && presence instanceof Presence.Verifying verifying) {
            presence = verifying.verified();
            settle();
        }
        follower.permit();
    }

    private void settle() {
        Position position = store.position();
        freshness.applied(position.applied().value());
        if (presence instanceof Presence.CatchingUp catchingUp
                && position.applied().value() >= catchingUp.until()) {
            presence = catchingUp.reached();
            servedOnce = true;
        }
        if (presence instanceof Presence.Present) {
            barriers.reached(position.applied().value()).forEach(this::releaseOrWait);
        }
        revisionWaits.reached(position.revision()).forEach(this::release);
    }

    // -- sending --------------------------------------------------------------------------------------------------

    private void pump() {
        if (!pipeline.hasWriter()) {
            if (pipeline.isDrained() && (!queue.isEmpty() || barriers.wantSend())) {
                pipeline.sendOpen(nowNanos);
            }
            return;
        }
        if (pipeline.isDisturbed(appliedIndex())) {
            if (pipeline.isDrained()) {
                pipeline.resendAll(nowNanos);
            }
            return;
        }
        while (!queue.isEmpty() && pipeline.hasRoomForBatch()) {
            pipeline.sendNew(queue.take(config.pipeline().batchBytesMax()), nowNanos, wallMillis);
        }
        if (queue.isEmpty() && barriers.wantSend() && pipeline.hasRoomForBarrier()) {
            pipeline.sendNew(List.of(), nowNanos, wallMillis);
        }
    }

    private void onAppended(long ticket, long index) {
        freshness.stored(pipeline.stored(ticket, index));
        if (presence instanceof Presence.Entering entering && entering.ticket() == ticket) {
            beginVerifying(entering.answeredAt(index));
        }
        follower.permit();
        settle();
    }

    private void beginVerifying(Presence.Verifying verifying) {
        if (store.log().isEmpty()) {
            store.bind(log.id());
        }
        presence = appliedIndex() == 0 ? verifying.verified() : verifying;
    }

    private void onAppendFailed(long ticket) {
        pipeline.failed(ticket);
        if (presence instanceof Presence.Entering entering && entering.ticket() == ticket) {
            presence = new Presence.Entering(entering.session(), Presence.Entering.UNSENT);
        }
    }

    // -- applying -------------------------------------------------------------------------------------------------

    private void onEntries(List<StoredEntry> entries) {
        follower.permit();
        if (!follower.answered()) {
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
        store.maintain(nowNanos);
    }

    private void proposeForCluster(Command.SystemCommand command) {
        Submission submission = Submission.of(command);
        queue.offer(
                new Proposal(submission, EntryCodec.encodeSubmission(submission), Proposal.NO_DEADLINE, result -> {}));
    }

    private void onEndReached() {
        if (follower.answered()) {
            freshness.endSeen(nowNanos);
        } else {
            follower.permit();
        }
    }

    private void onBehindTrim(long trimmed) {
        if (follower.answered()) {
            fail("behind-trim", "entries up to " + trimmed + " are gone, this node has applied " + appliedIndex());
        } else {
            follower.permit();
        }
    }

    // -- answering ------------------------------------------------------------------------------------------------

    private void releaseOrWait(WaitingRead read) {
        if (read.revisionMin() <= store.position().revision()) {
            release(read);
        } else if (revisionWaits.waiting() >= config.waiting().readsMax()) {
            read.answer().unavailable(Refusal.QUEUE_FULL);
        } else {
            revisionWaits.add(read);
        }
    }

    private void release(WaitingRead read) {
        read.answer().ready(read.stale() ? freshness.ageNanos(nowNanos) / 1_000_000 : 0);
    }

    private Optional<Refusal> refusal() {
        return stopping ? Optional.of(Refusal.STOPPING) : unavailability();
    }

    private Optional<Refusal> unavailability() {
        if (!problem.isEmpty()) {
            return Optional.of(Refusal.BROKEN);
        }
        if (isServing() || isAbsentBriefly()) {
            return Optional.empty();
        }
        return Optional.of(connected ? Refusal.NOT_READY : Refusal.NO_QUORUM);
    }

    private boolean isAbsentBriefly() {
        return servedOnce
                && nowNanos - lastServedNanos <= config.timing().absenceGrace().toNanos();
    }

    private Optional<Refusal> refusalOf(Proposal proposal) {
        if (EntryCodec.batchBytes(1, proposal.encoded().size()) > log.entryBytesMax()) {
            return Optional.of(Refusal.TOO_LARGE);
        }
        return Optional.empty();
    }

    private void refuseWaiting(Refusal why) {
        queue.refuseClients(why);
        barriers.refuseAll(why);
        revisionWaits.refuse(why, why == Refusal.BROKEN);
    }

    private void fail(String what, String detail) {
        problem = what + ": " + detail;
        refuseWaiting(Refusal.BROKEN);
        pipeline.giveUp();
    }

    // -- ending ---------------------------------------------------------------------------------------------------

    private void stop() {
        boolean idle = queue.isEmpty() && !pipeline.hasUnresolved() && barriers.waiting() == 0;
        if (isServing() && nowNanos < stopDeadlineNanos && !(idle && lastWordSaid)) {
            if (idle) {
                sayLastWord();
            }
            return;
        }
        queue.refuseAll(Refusal.STOPPING);
        pipeline.giveUp();
        barriers.refuseAll(Refusal.STOPPING);
        revisionWaits.refuse(Refusal.STOPPING, true);
        stopped = true;
    }

    /** Closes the own writer, so that nobody has to wonder about it. */
    private void sayLastWord() {
        lastWordSaid = true;
        if (pipeline.hasWriter()) {
            proposeForCluster(new Command.CloseWriter(pipeline.writer()));
        }
    }

    /** Whether the shutdown is complete; the core then takes nothing but refuses everything. */
    public boolean isStopped() {
        return stopped;
    }

    // -- what others may know -------------------------------------------------------------------------------------

    public Report report() {
        Position position = store.position();
        Replica.Status status = new Replica.Status(
                isServing() && !stopping,
                isStaleReady(),
                false,
                0,
                position.applied().value(),
                position.revision(),
                0,
                List.of(),
                problem);
        return new Report(status, isFitForOffice());
    }

    private boolean isFitForOffice() {
        return isServing()
                && !stopping
                && freshness.lagNanos(nowNanos) <= config.timing().lagMax().toNanos();
    }

    private boolean isServing() {
        return connected && problem.isEmpty() && presence instanceof Presence.Present;
    }

    private boolean isStaleReady() {
        return problem.isEmpty() && servedOnce;
    }

    private long appliedIndex() {
        return store.position().applied().value();
    }
}
