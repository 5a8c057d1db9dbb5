package dev.parley.store.replica;

import dev.parley.store.kv.Command.CheckpointLeases.Remaining;
import dev.parley.store.kv.Leases;
import dev.parley.store.kv.Leases.Lease;
import dev.parley.store.kv.MapView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How long each lease has left, by the leader's own monotonic clock. A lease never runs out early: its time begins when
 * the leader applies the grant or the keepalive, which is after the client sent it, and a new leader gives each lease
 * at least a while, because its predecessor may have died long ago with keepalives unanswered.
 */
final class LeaseClocks {
    /** What a new leader gives every lease, if its ttl is not shorter. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private record Clock(long lease, long keepalives, long endNanos) {
        static final Comparator<Clock> ORDER =
                Comparator.comparingLong(Clock::endNanos).thenComparingLong(Clock::lease);
    }

    private final NavigableMap<Long, Clock> byLease = new TreeMap<>();
    private final TreeSet<Clock> byEnd = new TreeSet<>(Clock.ORDER);
    /** Keepalives seen when the end of a lease was proposed. */
    private final Map<Long, Long> ending = new HashMap<>();

    private long checkpointedUpTo;

    void takeOffice(MapView state, long nowNanos) {
        forget();
        Leases.visit(state, lease -> {
            Duration grace = lease.ttl().compareTo(GRACE) < 0 ? lease.ttl() : GRACE;
            Duration left = lease.left().compareTo(grace) < 0 ? grace : lease.left();
            set(new Clock(lease.id(), lease.keepalives(), nowNanos + left.toNanos()));
            return true;
        });
    }

    void forget() {
        byLease.clear();
        byEnd.clear();
        ending.clear();
    }

    void granted(Lease lease, long nowNanos) {
        kept(lease.id(), lease.ttl(), lease.keepalives(), nowNanos);
    }

    void kept(long lease, Duration ttl, long keepalives, long nowNanos) {
        set(new Clock(lease, keepalives, nowNanos + ttl.toNanos()));
    }

    void ended(long lease) {
        Clock former = byLease.remove(lease);
        if (former != null) {
            byEnd.remove(former);
        }
        ending.remove(lease);
    }

    private void set(Clock clock) {
        ended(clock.lease());
        byLease.put(clock.lease(), clock);
        byEnd.add(clock);
    }

    /** A lease that ran out, with the keepalives seen. */
    record RunOut(long lease, long keepalives) {}

    /** Leases that ran out and are not being ended yet, longest ago first; they then count as being ended. */
    List<RunOut> runOut(long nowNanos, int countMax) {
        List<RunOut> due = new ArrayList<>();
        while (due.size() < countMax && !byEnd.isEmpty() && byEnd.first().endNanos() <= nowNanos) {
            Clock clock = byEnd.removeFirst();
            ending.put(clock.lease(), clock.keepalives());
            due.add(new RunOut(clock.lease(), clock.keepalives()));
        }
        return due;
    }

    /** The end was not brought about: it is due again, unless the lease went on or ended meanwhile. */
    void notEnded(RunOut runOut) {
        Long keepalives = ending.get(runOut.lease());
        if (keepalives != null && keepalives == runOut.keepalives()) {
            ending.remove(runOut.lease());
            byEnd.add(byLease.get(runOut.lease()));
        }
    }

    /** What the next leases, in a round over all, have left. */
    List<Remaining> checkpoint(long nowNanos, int countMax) {
        List<Remaining> remaining = new ArrayList<>();
        for (Clock clock : byLease.tailMap(checkpointedUpTo, false).values()) {
            if (remaining.size() == countMax) {
                break;
            }
            Duration left = Duration.ofNanos(Math.max(0, clock.endNanos() - nowNanos));
            remaining.add(new Remaining(clock.lease(), clock.keepalives(), left));
        }
        checkpointedUpTo = remaining.size() < countMax ? 0 : remaining.getLast().lease();
        return remaining;
    }

    boolean isEmpty() {
        return byLease.isEmpty();
    }
}
