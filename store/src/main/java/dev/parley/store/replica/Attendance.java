package dev.parley.store.replica;

import dev.parley.store.replica.Replica.Refusal;
import java.util.Optional;

/** Whether this node is in touch with the log, how far it has joined its session, and since when it is not. */
final class Attendance {
    private final long graceNanos;
    private Presence presence = new Presence.Away();
    private boolean connected;
    private boolean servedOnce;
    private long lastServedNanos;
    private long lastConnectedNanos;

    /** @param graceNanos how long an absence may be before requests are refused */
    Attendance(long graceNanos, long startNanos) {
        this.graceNanos = graceNanos;
        this.lastConnectedNanos = startNanos;
    }

    Presence presence() {
        return presence;
    }

    boolean isConnected() {
        return connected;
    }

    boolean isPresent() {
        return connected && presence instanceof Presence.Present;
    }

    /** Whether this node has caught up with the log since it started. */
    boolean servedOnce() {
        return servedOnce;
    }

    /** @return whether the session is another than before */
    boolean onConnected(long session, long nowNanos) {
        noteAbsence(nowNanos);
        connected = true;
        if (session == presence.session()) {
            return false;
        }
        presence = presence instanceof Presence.Behind
                ? new Presence.Behind(session)
                : new Presence.Entering(session, Presence.Entering.UNSENT);
        return true;
    }

    void onSuspended(long nowNanos) {
        noteAbsence(nowNanos);
        if (connected) {
            lastConnectedNanos = nowNanos;
        }
        connected = false;
    }

    /** How long the log is out of reach; 0 when it is not. */
    long outOfReachNanos(long nowNanos) {
        return connected ? 0 : nowNanos - lastConnectedNanos;
    }

    private void noteAbsence(long nowNanos) {
        if (isPresent()) {
            lastServedNanos = nowNanos;
        }
    }

    /** The append that opens the session is on its way. */
    void onEntrySent(long ticket) {
        presence = new Presence.Entering(presence.session(), ticket);
    }

    /** @return whether it was the append that opens the session */
    boolean onStored(long ticket, long index) {
        if (presence instanceof Presence.Entering entering && entering.ticket() == ticket) {
            presence = entering.answeredAt(index);
            return true;
        }
        return false;
    }

    void onFailed(long ticket) {
        if (presence instanceof Presence.Entering entering && entering.ticket() == ticket) {
            presence = new Presence.Entering(entering.session(), Presence.Entering.UNSENT);
        }
    }

    void onVerified() {
        if (presence instanceof Presence.Verifying verifying) {
            presence = verifying.verified();
        }
    }

    /** @return false when that was known */
    boolean onBehind(long nowNanos) {
        noteAbsence(nowNanos);
        boolean first = !(presence instanceof Presence.Behind);
        presence = new Presence.Behind(presence.session());
        return first;
    }

    /**
     * The state is another one, of the same log: everything about its place there is to be found out again.
     *
     * @param olderPerhaps it may lack what was shown before
     */
    void onInstalled(boolean olderPerhaps) {
        servedOnce &= !olderPerhaps;
        if (presence instanceof Presence.Behind behind) {
            presence = behind.installed();
        }
    }

    void onApplied(long index) {
        if (presence instanceof Presence.CatchingUp catchingUp && index >= catchingUp.until()) {
            presence = catchingUp.reached();
            servedOnce = true;
        }
    }

    /** Why what needs the log is refused; empty while it is served, and in an absence that may soon be over. */
    Optional<Refusal> unavailability(long nowNanos) {
        if (isPresent() || servedOnce && nowNanos - lastServedNanos <= graceNanos) {
            return Optional.empty();
        }
        return Optional.of(connected ? Refusal.NOT_READY : Refusal.NO_QUORUM);
    }
}
