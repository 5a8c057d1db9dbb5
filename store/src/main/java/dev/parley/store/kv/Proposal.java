package dev.parley.store.kv;

import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.Submission.Fence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A change of the configuration that the members vote on. It ends by whatever comes first in the log: the vote that makes
 * the quorum, the vote that makes it impossible, or the word of its proposer that the time is over.
 *
 * <pre>
 *   Pending --ack that makes the quorum--> Committed, or Refused when a condition no longer holds
 *      |-----nack that makes it impossible--> Rejected
 *      '-----abort--> Aborted
 * </pre>
 *
 * @param id the revision that proposed it
 * @param node the proposer, whose own ack is part of the proposal
 * @param changes while it is pending; the values are left out afterwards
 * @param precondition on the only path, {@link Precondition#NONE} when there are several
 * @param fences to be held at the commit, too
 * @param schemaRevision of the schemas when it was proposed; others at the commit refuse it
 * @param required acks that commit it
 * @param voters members registered when it was proposed, in the order of their names
 * @param votes in the order of the log, the proposer's first; one of each voter at most
 */
public record Proposal(
        long id,
        String node,
        String author,
        String comment,
        long atMillis,
        long timeoutMillis,
        List<ConfigChange> changes,
        Precondition precondition,
        List<Fence> fences,
        long schemaRevision,
        int required,
        List<String> voters,
        List<Vote> votes,
        Verdict verdict) {

    /** @param reason of a nack; empty otherwise */
    public record Vote(String node, boolean ack, String reason) {}

    /** Where it stands. */
    public sealed interface Verdict {
        record Pending() implements Verdict {}

        record Committed(long revision) implements Verdict {}

        /** So many nacks that the quorum cannot be had. */
        record Rejected() implements Verdict {}

        /** The quorum was there, but a condition did not hold any more. */
        record Refused(Outcome why) implements Verdict {}

        record Aborted() implements Verdict {}
    }

    public Proposal {
        changes = List.copyOf(changes);
        fences = List.copyOf(fences);
        voters = List.copyOf(voters);
        votes = List.copyOf(votes);
    }

    public boolean isPending() {
        return verdict instanceof Verdict.Pending;
    }

    long acks() {
        return votes.stream().filter(Vote::ack).count();
    }

    boolean hasQuorum() {
        return acks() >= required;
    }

    boolean isImpossible() {
        return votes.size() - acks() > voters.size() - required;
    }

    /** Whether this node may vote, and did not yet. */
    public boolean awaits(String voter) {
        return isPending()
                && voters.contains(voter)
                && votes.stream().noneMatch(vote -> vote.node().equals(voter));
    }

    Proposal with(Vote vote) {
        List<Vote> more = new ArrayList<>(votes);
        more.add(vote);
        return new Proposal(
                id,
                node,
                author,
                comment,
                atMillis,
                timeoutMillis,
                changes,
                precondition,
                fences,
                schemaRevision,
                required,
                voters,
                more,
                verdict);
    }

    /** The values are in {@link Keyspace#CONFIG}, or nowhere. */
    Proposal ended(Verdict end) {
        List<ConfigChange> paths = changes.stream()
                .map(change -> new ConfigChange(change.path(), change.json().map(json -> Bytes.EMPTY)))
                .toList();
        return new Proposal(
                id,
                node,
                author,
                comment,
                atMillis,
                timeoutMillis,
                paths,
                precondition,
                fences,
                schemaRevision,
                required,
                voters,
                votes,
                end);
    }

    Bytes encode() {
        BinaryWriter out = new BinaryWriter(512);
        out.i64(id).text(node).text(author).text(comment).i64(atMillis).i64(timeoutMillis);
        out.i32(changes.size());
        changes.forEach(change -> change.writeTo(out));
        PartCodec.writePrecondition(out, precondition);
        out.i32(fences.size());
        fences.forEach(fence -> out.text(fence.kind()).text(fence.name()).i64(fence.token()));
        out.i64(schemaRevision).i32(required).i32(voters.size());
        voters.forEach(out::text);
        writeVotes(out, votes);
        switch (verdict) {
            case Verdict.Pending pending -> out.u8(1);
            case Verdict.Committed(long revision) -> out.u8(2).i64(revision);
            case Verdict.Rejected rejected -> out.u8(3);
            case Verdict.Refused(Outcome why) -> out.u8(4).longBytes(OutcomeCodec.encode(why));
            case Verdict.Aborted aborted -> out.u8(5);
        }
        return out.toBytes();
    }

    static Proposal decode(Bytes content) {
        BinaryReader in = new BinaryReader(content);
        return new Proposal(
                in.i64(),
                in.text(),
                in.text(),
                in.text(),
                in.i64(),
                in.i64(),
                in.list(Limits.CHANGES_PER_PROPOSAL_MAX, () -> ConfigChange.read(in)),
                PartCodec.readPrecondition(in),
                in.list(Limits.FENCES_PER_COMMAND_MAX, () -> new Fence(in.text(), in.text(), in.i64())),
                in.i64(),
                in.i32(),
                in.list(Limits.MEMBERS_MAX, in::text),
                readVotes(in),
                readVerdict(in));
    }

    private static Verdict readVerdict(BinaryReader in) {
        int kind = in.u8();
        return switch (kind) {
            case 1 -> new Verdict.Pending();
            case 2 -> new Verdict.Committed(in.i64());
            case 3 -> new Verdict.Rejected();
            case 4 -> new Verdict.Refused(OutcomeCodec.decode(in.longBytes(Limits.REMEMBERED_ANSWER_BYTES_MAX)));
            case 5 -> new Verdict.Aborted();
            default -> throw new Malformed("no verdict has kind " + kind);
        };
    }

    static void writeVotes(BinaryWriter out, List<Vote> votes) {
        out.i32(votes.size());
        votes.forEach(vote -> out.text(vote.node()).flag(vote.ack()).text(vote.reason()));
    }

    static List<Vote> readVotes(BinaryReader in) {
        return in.list(Limits.MEMBERS_MAX, () -> new Vote(in.text(), in.flag(), in.text()));
    }

    /** Its name in {@link Keyspace#PROPOSAL}: ids in their order. */
    public static Key keyOf(long id) {
        String digits = Long.toString(id);
        return Key.of("0".repeat(19 - digits.length()) + digits);
    }

    static Optional<Long> idOf(Key key) {
        return Optional.of(Long.parseLong(key.toString()));
    }
}
