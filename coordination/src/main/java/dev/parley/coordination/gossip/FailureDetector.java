package dev.parley.coordination.gossip;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Suspects peers that have not answered for a while. A suspicion removes nobody and is taken back by the first answer.
 * Time is what the caller says it is, monotonic nanoseconds. Not thread-safe.
 *
 * <pre>
 *   Unheard --answer--> Reachable --silence--> Suspected
 *      |                    ^------answer---------|  ^
 *      +--------------------silence------------------+
 * </pre>
 */
final class FailureDetector {
    private enum State {
        UNHEARD,
        REACHABLE,
        SUSPECTED
    }

    private record Watched(State state, long sinceNanos) {}

    /** What became of a peer. */
    record Change(String node, boolean reachable) {}

    private final long silenceNanosMax;
    private final long tickNanosMax;
    private final SortedMap<String, Watched> peers = new TreeMap<>();
    private boolean ticked;
    private long lastTickNanos;

    /**
     * @param silenceNanosMax after which a peer is suspected
     * @param tickNanosMax a longer time between two ticks is a pause of this process, which heard nobody meanwhile
     */
    FailureDetector(long silenceNanosMax, long tickNanosMax) {
        this.silenceNanosMax = silenceNanosMax;
        this.tickNanosMax = tickNanosMax;
    }

    /** Without effect for a peer that is watched. */
    void watch(String node, long nowNanos) {
        peers.putIfAbsent(node, new Watched(State.UNHEARD, nowNanos));
    }

    void forget(String node) {
        peers.remove(node);
    }

    /** @return the change, if it is one */
    List<Change> answered(String node, long nowNanos) {
        Watched before = peers.get(node);
        if (before == null) {
            return List.of();
        }
        peers.put(node, new Watched(State.REACHABLE, nowNanos));
        return before.state() == State.REACHABLE ? List.of() : List.of(new Change(node, true));
    }

    List<Change> tick(long nowNanos) {
        long pause = ticked ? nowNanos - lastTickNanos - tickNanosMax : 0;
        ticked = true;
        lastTickNanos = nowNanos;
        List<Change> changes = new ArrayList<>();
        peers.replaceAll((node, watched) -> {
            long since = watched.sinceNanos() + Math.max(0, pause);
            if (watched.state() == State.SUSPECTED || nowNanos - since < silenceNanosMax) {
                return new Watched(watched.state(), since);
            }
            changes.add(new Change(node, false));
            return new Watched(State.SUSPECTED, nowNanos);
        });
        return changes;
    }

    Set<String> reachable() {
        return in(State.REACHABLE);
    }

    Set<String> suspected() {
        return in(State.SUSPECTED);
    }

    private Set<String> in(State state) {
        Set<String> nodes = new TreeSet<>();
        peers.forEach((node, watched) -> {
            if (watched.state() == state) {
                nodes.add(node);
            }
        });
        return nodes;
    }
}
