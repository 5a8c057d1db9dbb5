package dev.parley.store.replica;

import dev.parley.store.replica.Replica.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Reads that wait for a write. A read joins the next send after its arrival and waits until the index that the log
 * returned for that very send is applied. A send that was in flight when the read arrived says nothing: its place in
 * the log may be before a write that was acknowledged elsewhere in the meantime. Nor does an earlier copy of a batch
 * that is being sent again. When a send is lost or refused, its reads wait for the next one.
 */
class ReadBarriers {
    /** Reads that one stored send releases. */
    private record Group(long index, List<WaitingRead> reads) {}

    private final Deque<WaitingRead> unattached = new ArrayDeque<>();
    private final Map<Long, List<WaitingRead>> bySend = new LinkedHashMap<>();
    private final PriorityQueue<Group> byIndex =
            new PriorityQueue<>((one, other) -> Long.compare(one.index(), other.index()));
    private long earliestDeadline = Proposal.NO_DEADLINE;
    private int waiting;

    int waiting() {
        return waiting;
    }

    /** Whether a send is needed. */
    boolean wantSend() {
        return !unattached.isEmpty();
    }

    void arrive(WaitingRead read) {
        waiting++;
        earliestDeadline = Math.min(earliestDeadline, read.deadlineNanos());
        unattached.add(read);
    }

    /** Called for each send, first or again, before the log can answer it. */
    void sent(long ticket) {
        if (!unattached.isEmpty()) {
            bySend.computeIfAbsent(ticket, first -> new ArrayList<>()).addAll(unattached);
            unattached.clear();
        }
    }

    void stored(long ticket, long index) {
        List<WaitingRead> reads = bySend.remove(ticket);
        if (reads != null) {
            byIndex.add(new Group(index, reads));
        }
    }

    void failed(long ticket) {
        List<WaitingRead> reads = bySend.remove(ticket);
        if (reads != null) {
            unattached.addAll(reads);
        }
    }

    /** A new session: no index of the old one counts. */
    void restart() {
        bySend.values().forEach(unattached::addAll);
        bySend.clear();
        byIndex.forEach(group -> unattached.addAll(group.reads()));
        byIndex.clear();
    }

    /** The reads that may be answered now that {@code index} is applied. */
    List<WaitingRead> reached(long index) {
        if (byIndex.isEmpty() || byIndex.peek().index() > index) {
            return List.of();
        }
        List<WaitingRead> released = new ArrayList<>();
        while (!byIndex.isEmpty() && byIndex.peek().index() <= index) {
            List<WaitingRead> reads = byIndex.poll().reads();
            waiting -= reads.size();
            released.addAll(reads);
        }
        return released;
    }

    void expire(long nowNanos) {
        if (nowNanos < earliestDeadline) {
            return;
        }
        earliestDeadline = Proposal.NO_DEADLINE;
        List<WaitingRead> expired = new ArrayList<>();
        takeExpired(unattached.iterator(), nowNanos, expired);
        bySend.values().forEach(reads -> takeExpired(reads.iterator(), nowNanos, expired));
        byIndex.forEach(group -> takeExpired(group.reads().iterator(), nowNanos, expired));
        waiting -= expired.size();
        expired.forEach(read -> read.answer().unavailable(Refusal.TIMED_OUT));
    }

    private void takeExpired(Iterator<WaitingRead> reads, long nowNanos, List<WaitingRead> expired) {
        while (reads.hasNext()) {
            WaitingRead read = reads.next();
            if (read.deadlineNanos() <= nowNanos) {
                reads.remove();
                expired.add(read);
            } else {
                earliestDeadline = Math.min(earliestDeadline, read.deadlineNanos());
            }
        }
    }

    void refuseAll(Refusal why) {
        restart();
        List<WaitingRead> all = List.copyOf(unattached);
        unattached.clear();
        waiting -= all.size();
        all.forEach(read -> read.answer().unavailable(why));
    }
}
