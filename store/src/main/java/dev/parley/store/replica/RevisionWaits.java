package dev.parley.store.replica;

import dev.parley.store.replica.Replica.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Reads that want a revision which this node has not applied yet. */
final class RevisionWaits {
    private final PriorityQueue<WaitingRead> byRevision =
            new PriorityQueue<>(Comparator.comparingLong(WaitingRead::revisionMin));
    private long earliestDeadline = Proposal.NO_DEADLINE;

    int waiting() {
        return byRevision.size();
    }

    void add(WaitingRead read) {
        earliestDeadline = Math.min(earliestDeadline, read.deadlineNanos());
        byRevision.add(read);
    }

    List<WaitingRead> reached(long revision) {
        if (byRevision.isEmpty() || byRevision.peek().revisionMin() > revision) {
            return List.of();
        }
        List<WaitingRead> released = new ArrayList<>();
        while (!byRevision.isEmpty() && byRevision.peek().revisionMin() <= revision) {
            released.add(byRevision.poll());
        }
        return released;
    }

    void expire(long nowNanos) {
        if (nowNanos < earliestDeadline) {
            return;
        }
        earliestDeadline = Proposal.NO_DEADLINE;
        List<WaitingRead> expired = new ArrayList<>();
        byRevision.removeIf(read -> {
            boolean late = read.deadlineNanos() <= nowNanos;
            if (late) {
                expired.add(read);
            } else {
                earliestDeadline = Math.min(earliestDeadline, read.deadlineNanos());
            }
            return late;
        });
        expired.forEach(read -> read.answer().unavailable(Refusal.TIMED_OUT));
    }

    /** @param staleToo false keeps the reads that do not need the log */
    void refuse(Refusal why, boolean staleToo) {
        List<WaitingRead> refused = new ArrayList<>();
        byRevision.removeIf(read -> {
            boolean hit = staleToo || !read.stale();
            if (hit) {
                refused.add(read);
            }
            return hit;
        });
        refused.forEach(read -> read.answer().unavailable(why));
    }
}
