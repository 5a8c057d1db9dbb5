package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.LogEntry;
import dev.parley.store.kv.StateMachine.Answer;
import dev.parley.store.kv.StateMachine.Applied;
import dev.parley.store.log.ReplicatedLog;
import dev.parley.store.replica.Replica.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * This process's writer: numbers batches, sends them, sends them again, and learns from apply what became of them.
 *
 * <p>Apply takes batch n of a writer only when n is one above the last. So when one send is lost or refused, all later
 * ones may be refused as a gap. The pipeline then is <em>disturbed</em>: nothing new is sent, the answers of all sends
 * in flight are awaited, and everything unresolved is sent again in order. A batch that is applied twice over is a
 * duplicate, without effect.
 *
 * <p>A writer may be closed under the pipeline: the node was removed from the members, or a copy of an {@code open} that
 * was given up as lost is stored after all, because a node has one writer and the latest open counts. The pipeline
 * learns it at the index of that open, or from a batch that apply refused because its writer is unknown. Either way
 * every batch up to the writer's last was applied, and resolved here, at an earlier index. Whatever is unresolved was
 * never applied and, since a closed writer stays closed, never will be: it is handed back and may go out again under
 * another writer.
 */
final class Pipeline {
    /** What a send was for. */
    private sealed interface Send {
        long sentNanos();

        record OfOpen(long sentNanos) implements Send {}

        record OfBatch(long sentNanos, NumberedBatch batch) implements Send {}
    }

    /** A send that the log answered with an index. */
    record Stored(long index, long sentNanos) {}

    private final ReplicatedLog log;
    private final ReadBarriers barriers;
    private final ReplicaConfig.Pipelining bounds;
    private final String node;
    private final UUID nonce;

    private final Deque<NumberedBatch> unresolved = new ArrayDeque<>();
    private final Map<Long, Send> inFlight = new HashMap<>();
    private long nextTicket = 1;
    private long writer;
    private long nextNumber = 1;
    private int batchesInFlight;
    private long earliestDeadline = Proposal.NO_DEADLINE;

    /** @param nonce of this process; lets it recognise its own writer in the log */
    Pipeline(ReplicatedLog log, ReadBarriers barriers, ReplicaConfig.Pipelining bounds, String node, UUID nonce) {
        this.log = log;
        this.barriers = barriers;
        this.bounds = bounds;
        this.node = node;
        this.nonce = nonce;
    }

    boolean hasWriter() {
        return writer != 0;
    }

    /** The command that ends this writer for good; empty when there is none. */
    Optional<Command.CloseWriter> closeWriter() {
        return writer == 0 ? Optional.empty() : Optional.of(new Command.CloseWriter(writer));
    }

    /** Whether every send was answered by the log. */
    boolean isDrained() {
        return inFlight.isEmpty();
    }

    boolean hasUnresolved() {
        return !unresolved.isEmpty();
    }

    /** Whether something unresolved has no copy left that could still be applied. */
    boolean isDisturbed(long appliedIndex) {
        for (NumberedBatch batch : unresolved) {
            if (!batch.isUnderWay(appliedIndex)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether what waits should go out now. A batch beyond the first must be worth an append of its own: as large as
     * what is unresolved already, or full. So load makes batches larger instead of more; an append costs three servers
     * far more than a submission does.
     */
    boolean hasRoomForBatch(int waiting, boolean full) {
        return batchesInFlight < bounds.batchesInFlightMax()
                && unresolved.size() < bounds.batchesUnresolvedMax()
                && (full || waiting >= submissionsUnresolved());
    }

    private int submissionsUnresolved() {
        int count = 0;
        for (NumberedBatch batch : unresolved) {
            count += batch.proposals().size();
        }
        return count;
    }

    boolean hasRoomForBarrier() {
        int barriers = 0;
        for (NumberedBatch batch : unresolved) {
            barriers += batch.isBarrier() ? 1 : 0;
        }
        return barriers < bounds.barriersUnresolvedMax() && unresolved.size() < bounds.batchesUnresolvedMax();
    }

    /** Asks for a writer. */
    long sendOpen(long nowNanos) {
        Bytes content = EntryCodec.encode(new LogEntry.Open(nonce, node));
        return send(new Send.OfOpen(nowNanos), content);
    }

    /** Numbers a batch, for good, and sends it. No proposals: a barrier. */
    long sendNew(List<Proposal> proposals, long nowNanos, long wallMillis) {
        List<Bytes> encoded = new ArrayList<>(proposals.size());
        for (Proposal proposal : proposals) {
            encoded.add(proposal.encoded());
            earliestDeadline = Math.min(earliestDeadline, proposal.deadlineNanos());
        }
        Bytes content = EntryCodec.encodeBatch(writer, nextNumber, wallMillis, encoded);
        NumberedBatch batch = new NumberedBatch(nextNumber, content, proposals);
        nextNumber++;
        unresolved.add(batch);
        return sendBatch(batch, nowNanos);
    }

    /** Sends the oldest unresolved batch again. */
    long resendFirst(long nowNanos) {
        return sendBatch(unresolved.getFirst(), nowNanos);
    }

    /** Sends everything unresolved again, in order. */
    void resendAll(long nowNanos) {
        unresolved.forEach(batch -> sendBatch(batch, nowNanos));
    }

    private long sendBatch(NumberedBatch batch, long nowNanos) {
        batch.sent();
        count(batch, 1);
        return send(new Send.OfBatch(nowNanos, batch), batch.content());
    }

    private long send(Send send, Bytes content) {
        long ticket = nextTicket++;
        inFlight.put(ticket, send);
        barriers.sent(ticket);
        log.append(ticket, content);
        return ticket;
    }

    /** The log answered a send with an index. */
    Stored stored(long ticket, long index) {
        Send send = answered(ticket);
        switch (send) {
            case Send.OfOpen open -> {
                if (writer == 0) {
                    writer = index;
                }
            }
            case Send.OfBatch(long sent, NumberedBatch batch) -> {
                batch.stored(index);
                count(batch, -1);
            }
        }
        barriers.stored(ticket, index);
        return new Stored(index, send.sentNanos());
    }

    /** The send is lost, or was refused: in either case the batch has to go out again. */
    void failed(long ticket) {
        if (answered(ticket) instanceof Send.OfBatch(long sent, NumberedBatch batch)) {
            batch.failed();
            count(batch, -1);
        }
        barriers.failed(ticket);
    }

    private Send answered(long ticket) {
        Send send = inFlight.remove(ticket);
        if (send == null) {
            throw new IllegalStateException("the log answered ticket " + ticket + ", which is not in flight");
        }
        return send;
    }

    private void count(NumberedBatch batch, int change) {
        if (!batch.isBarrier()) {
            batchesInFlight += change;
        }
    }

    /**
     * Takes notice of an applied entry.
     *
     * @return what was sent under a writer that this entry proves to be closed, in order: it was not applied and never
     *     will be, so it may be proposed anew
     */
    List<Proposal> applied(Applied applied) {
        return switch (applied) {
            case Applied.Opened(long opened, LogEntry.Open open) -> opened(opened, open);
            case Applied.Batch(long of, long number, List<Answer> answers) -> {
                if (of == writer) {
                    resolve(number, answers);
                }
                yield List.of();
            }
            case Applied.UnknownWriter(long of, long number) -> of == writer ? replaceWriter(0) : List.of();
            // The copy had no effect. Whether another one is under way decides what happens, see isDisturbed.
            case Applied.Duplicate ignored -> List.of();
            case Applied.Gap ignored -> List.of();
        };
    }

    /**
     * The state was replaced by one that other nodes made. What became of the batches is in it, but not their outcomes,
     * so their fate is unknown; what comes will be sent under another writer.
     */
    void stateReplaced() {
        replaceWriter(0).forEach(proposal -> proposal.answer(new Result.Unknown()));
    }

    /** A node has one writer: this entry closed those of an earlier one. */
    private List<Proposal> opened(long opened, LogEntry.Open open) {
        if (!open.node().equals(node) || opened <= writer) {
            return List.of();
        }
        return replaceWriter(open.nonce().equals(nonce) ? opened : 0);
    }

    private List<Proposal> replaceWriter(long next) {
        List<Proposal> unapplied = new ArrayList<>();
        unresolved.forEach(batch -> unapplied.addAll(batch.proposals()));
        unresolved.clear();
        writer = next;
        nextNumber = 1;
        return unapplied;
    }

    private void resolve(long number, List<Answer> answers) {
        NumberedBatch batch = unresolved.pollFirst();
        if (batch == null || batch.number() != number || batch.proposals().size() != answers.size()) {
            throw new IllegalStateException("batch " + number + " of writer " + writer + " was applied out of order");
        }
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            batch.proposals().get(i).answer(new Result.Decided(answer.outcome(), answer.revision()));
        }
    }

    /** Those whose time ran out are told that nobody knows; the batch goes on without them. */
    void expire(long nowNanos) {
        if (nowNanos < earliestDeadline) {
            return;
        }
        earliestDeadline = Proposal.NO_DEADLINE;
        for (NumberedBatch batch : unresolved) {
            for (Proposal proposal : batch.proposals()) {
                if (proposal.deadlineNanos() <= nowNanos) {
                    proposal.answer(new Result.Unknown());
                } else if (!proposal.answered()) {
                    earliestDeadline = Math.min(earliestDeadline, proposal.deadlineNanos());
                }
            }
        }
    }

    /** The node stops before it learnt what became of them. */
    void giveUp() {
        unresolved.forEach(batch -> batch.proposals().forEach(proposal -> proposal.answer(new Result.Unknown())));
    }
}
