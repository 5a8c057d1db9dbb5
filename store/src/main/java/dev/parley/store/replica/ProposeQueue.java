package dev.parley.store.replica;

import dev.parley.store.kv.Command.SystemCommand;
import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.Limits;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Submissions that were not sent yet: whatever happens to one in here, it definitely did not happen. Those of the
 * cluster itself go first.
 */
final class ProposeQueue {
    private static final int SYSTEM_COMMANDS_MAX = 4_096;

    private final Deque<Proposal> ofCluster = new ArrayDeque<>();
    private final Deque<Proposal> ofClients = new ArrayDeque<>();
    private final int countMax;
    private final long bytesMax;
    private long bytes;
    private long earliestDeadline = Proposal.NO_DEADLINE;

    ProposeQueue(int countMax, long bytesMax) {
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    boolean isEmpty() {
        return ofCluster.isEmpty() && ofClients.isEmpty();
    }

    /** Takes the proposal, or says why not. */
    Optional<Refusal> offer(Proposal proposal) {
        if (isSystem(proposal)) {
            if (ofCluster.size() >= SYSTEM_COMMANDS_MAX) {
                return Optional.of(Refusal.QUEUE_FULL);
            }
            ofCluster.add(proposal);
            return Optional.empty();
        }
        if (ofClients.size() >= countMax || bytes + proposal.encoded().size() > bytesMax) {
            return Optional.of(Refusal.QUEUE_FULL);
        }
        bytes += proposal.encoded().size();
        earliestDeadline = Math.min(earliestDeadline, proposal.deadlineNanos());
        ofClients.add(proposal);
        return Optional.empty();
    }

    /** Puts back, before all others and in order, what was sent and then proved never to be applied. */
    void putBack(List<Proposal> proposals) {
        for (Proposal proposal : proposals.reversed()) {
            if (!proposal.answered()) {
                earliestDeadline = Math.min(earliestDeadline, proposal.deadlineNanos());
                if (isSystem(proposal)) {
                    ofCluster.addFirst(proposal);
                } else {
                    bytes += proposal.encoded().size();
                    ofClients.addFirst(proposal);
                }
            }
        }
    }

    int size() {
        return ofCluster.size() + ofClients.size();
    }

    boolean fillsBatch(int batchBytesMax) {
        return bytes >= batchBytesMax || size() >= Limits.SUBMISSIONS_PER_BATCH_MAX;
    }

    /** The next batch: as much as fits, at least one when there is any. */
    List<Proposal> take(int batchBytesMax) {
        List<Proposal> batch = new ArrayList<>();
        long taken = drain(ofCluster, batch, 0, batchBytesMax);
        bytes -= drain(ofClients, batch, taken, batchBytesMax) - taken;
        return batch;
    }

    private static long drain(Deque<Proposal> from, List<Proposal> batch, long taken, int batchBytesMax) {
        long sum = taken;
        while (!from.isEmpty() && batch.size() < Limits.SUBMISSIONS_PER_BATCH_MAX) {
            int size = from.peekFirst().encoded().size();
            if (!batch.isEmpty() && EntryCodec.batchBytes(batch.size() + 1, sum + size) > batchBytesMax) {
                break;
            }
            sum += size;
            batch.add(from.removeFirst());
        }
        return sum;
    }

    void expire(long nowNanos) {
        if (nowNanos < earliestDeadline) {
            return;
        }
        earliestDeadline = Proposal.NO_DEADLINE;
        ofClients.removeIf(proposal -> {
            if (proposal.deadlineNanos() <= nowNanos) {
                bytes -= proposal.encoded().size();
                proposal.answer(new Result.NotApplied(Refusal.TIMED_OUT));
                return true;
            }
            earliestDeadline = Math.min(earliestDeadline, proposal.deadlineNanos());
            return false;
        });
    }

    /** Refuses what clients wait for. */
    void refuseClients(Refusal why) {
        refuse(ofClients, why);
        bytes = 0;
        earliestDeadline = Proposal.NO_DEADLINE;
    }

    void refuseAll(Refusal why) {
        refuse(ofCluster, why);
        refuseClients(why);
    }

    private static void refuse(Deque<Proposal> proposals, Refusal why) {
        List<Proposal> all = List.copyOf(proposals);
        proposals.clear();
        all.forEach(proposal -> proposal.answer(new Result.NotApplied(why)));
    }

    private static boolean isSystem(Proposal proposal) {
        return proposal.submission().command() instanceof SystemCommand;
    }
}
