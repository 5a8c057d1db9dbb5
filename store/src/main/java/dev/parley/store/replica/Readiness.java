package dev.parley.store.replica;

import dev.parley.store.replica.Replica.Refusal;
import java.util.Optional;

/** What this node serves now, and why not. Confined to the owner thread. */
final class Readiness {
    private final ReplicaConfig.Timing timing;
    private final Attendance attendance;
    private final Freshness freshness;
    private final Departure departure;
    private String problem = "";
    private Optional<String> damage = Optional.empty();

    Readiness(ReplicaConfig.Timing timing, Attendance attendance, Freshness freshness, Departure departure) {
        this.timing = timing;
        this.attendance = attendance;
        this.freshness = freshness;
        this.departure = departure;
    }

    /** For good: only an operator can change it. */
    void broken(String what) {
        problem = what;
    }

    /** A broken invariant, named; empty when there is none. */
    String problem() {
        return problem;
    }

    boolean isBroken() {
        return !problem.isEmpty();
    }

    /** The tables do not verify, so nothing of them is served until they are replaced. @return false when known */
    boolean damaged(String what) {
        boolean first = damage.isEmpty();
        if (first) {
            damage = Optional.of(what);
        }
        return first;
    }

    boolean isDamaged() {
        return damage.isPresent();
    }

    void repaired() {
        damage = Optional.empty();
    }

    /** Why nothing that needs the log is taken. */
    Optional<Refusal> refusal(long nowNanos) {
        return departure.isLeaving() ? Optional.of(Refusal.STOPPING) : unavailability(nowNanos);
    }

    Optional<Refusal> unavailability(long nowNanos) {
        if (isBroken()) {
            return Optional.of(Refusal.BROKEN);
        }
        return isDamaged() ? Optional.of(Refusal.NOT_READY) : attendance.unavailability(nowNanos);
    }

    Optional<Refusal> staleRefusal(long appliedIndex, long nowNanos) {
        if (isBroken()) {
            return Optional.of(Refusal.BROKEN);
        }
        if (departure.isOver()) {
            return Optional.of(Refusal.STOPPING);
        }
        return isStaleReady(appliedIndex, nowNanos) ? Optional.empty() : Optional.of(Refusal.NOT_READY);
    }

    boolean isServing() {
        return attendance.isPresent() && !isBroken() && !isDamaged() && !departure.isLeaving();
    }

    /** From the first time it caught up; or, with no log in reach, from what is on disk. */
    boolean isStaleReady(long appliedIndex, long nowNanos) {
        boolean noLog = attendance.outOfReachNanos(nowNanos)
                >= timing.staleWithoutLogAfter().toNanos();
        return !isBroken() && !isDamaged() && (attendance.servedOnce() || noLog && appliedIndex > 0);
    }

    boolean isFitForOffice(long nowNanos) {
        return isServing() && freshness.lagNanos(nowNanos) <= timing.lagMax().toNanos();
    }
}
