package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.Command.Precondition.Match;
import dev.parley.store.kv.ConfigCommand.Propose.Quorum;
import dev.parley.store.kv.Proposal.Verdict;
import dev.parley.store.kv.Proposal.Vote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class ConfigCommandsTest {
    private final Script script = new Script();
    private final Map<String, long[]> writers = new HashMap<>(Map.of("n1", new long[] {script.writer, 0}));

    /** Registers that many members, n1 first. */
    private void members(int count) {
        for (int i = 1; i <= count; i++) {
            register("n" + i);
        }
    }

    private void register(String node) {
        by("n1", new Command.RegisterMember(node, new UUID(1, node.hashCode()), "http://" + node, 1));
    }

    /** Runs a command that this node sends. */
    private Outcome by(String node, Submission submission) {
        long[] writer = writers.get(node);
        if (writer == null) {
            script.open(node);
        } else {
            script.writer = writer[0];
            script.batches = writer[1];
        }
        Outcome outcome = script.run(submission);
        writers.put(node, new long[] {script.writer, script.batches});
        return outcome;
    }

    private Outcome by(String node, Command command) {
        return by(node, Submission.of(command));
    }

    private static ConfigChange put(String path, String json) {
        return new ConfigChange(Key.of(path), Optional.of(Bytes.utf8(json)));
    }

    private static ConfigChange delete(String path) {
        return new ConfigChange(Key.of(path), Optional.empty());
    }

    private static ConfigCommand.Propose proposal(Quorum quorum, Precondition precondition, ConfigChange... changes) {
        return new ConfigCommand.Propose(List.of(changes), quorum, precondition, "why", 5_000);
    }

    private long propose(ConfigChange... changes) {
        return propose(proposal(new Quorum.Majority(), Precondition.NONE, changes));
    }

    private long propose(ConfigCommand.Propose proposal) {
        return assertInstanceOf(Outcome.Proposed.class, by("n1", proposal)).proposal();
    }

    private Outcome vote(String node, long proposal, boolean ack) {
        return by(node, new ConfigCommand.CastVote(proposal, ack, ack ? "" : node + " does not like it"));
    }

    private Verdict verdict(long proposal) {
        return Proposals.find(script.map, proposal).orElseThrow().verdict();
    }

    private String value(String path) {
        return script.map
                .liveAt(Keyspace.CONFIG, Key.of(path), Long.MAX_VALUE)
                .map(live -> ConfigEntry.of(live).json().utf8())
                .orElse("(missing)");
    }

    @Test
    @DisplayName("F6: a cluster of one agrees with itself at once")
    void aClusterOfOneAgreesWithItselfAtOnce() {
        members(1);
        long id = propose(put("a", "1"));
        assertEquals(new Verdict.Committed(script.revision()), verdict(id));
        assertEquals("1", value("a"));
        assertEquals(id + 1, script.revision(), "the proposal and its end are a revision each");
    }

    @Test
    @DisplayName("F5, F6: nothing is changed before the vote that makes the majority")
    void nothingIsChangedBeforeTheVoteThatMakesTheMajority() {
        members(5);
        long id = propose(put("a", "1"));
        assertEquals(Outcome.Acknowledged.class, vote("n2", id, true).getClass());
        assertEquals(new Verdict.Pending(), verdict(id));
        assertEquals("(missing)", value("a"));
        vote("n3", id, true);
        assertEquals(new Verdict.Committed(script.revision()), verdict(id));
        assertEquals("1", value("a"));
        List<Vote> votes = Proposals.find(script.map, id).orElseThrow().votes();
        assertEquals(List.of("n1", "n2", "n3"), votes.stream().map(Vote::node).toList());
    }

    @Test
    @DisplayName("F5: exactly half of the voters are not enough")
    void exactlyHalfOfTheVotersAreNotEnough() {
        members(4);
        long id = propose(put("a", "1"));
        vote("n2", id, true);
        assertEquals(new Verdict.Pending(), verdict(id));
        assertEquals(
                Outcome.Acknowledged.class,
                by("n1", new ConfigCommand.AbortProposal(id)).getClass());
        assertEquals(new Verdict.Aborted(), verdict(id));
        assertEquals("(missing)", value("a"));
    }

    @Test
    void theNackThatMakesTheMajorityImpossibleEndsIt() {
        members(4);
        long id = propose(put("a", "1"));
        vote("n2", id, false);
        assertEquals(new Verdict.Pending(), verdict(id));
        vote("n3", id, false);
        assertEquals(new Verdict.Rejected(), verdict(id));
        assertEquals("(missing)", value("a"));
        assertEquals(
                List.of("", "n2 does not like it", "n3 does not like it"),
                Proposals.find(script.map, id).orElseThrow().votes().stream()
                        .map(Vote::reason)
                        .toList());
    }

    @Test
    void whoeverAsksForAllIsRefusedByOneNack() {
        members(3);
        long id = propose(proposal(new Quorum.All(), Precondition.NONE, put("a", "1")));
        vote("n2", id, true);
        assertEquals(new Verdict.Pending(), verdict(id));
        vote("n3", id, false);
        assertEquals(new Verdict.Rejected(), verdict(id));
    }

    @Test
    void aSecondVoteAndALateOneChangeNothing() {
        members(5);
        long id = propose(put("a", "1"));
        vote("n2", id, false);
        assertInstanceOf(Outcome.Superseded.class, vote("n2", id, true));
        assertInstanceOf(Outcome.Superseded.class, vote("n1", id, false), "the proposal was its proposer's vote");
        vote("n3", id, true);
        assertEquals(new Verdict.Pending(), verdict(id));
        vote("n4", id, true);
        Proposal committed = Proposals.find(script.map, id).orElseThrow();
        assertInstanceOf(Verdict.Committed.class, committed.verdict());
        assertInstanceOf(Outcome.Superseded.class, vote("n5", id, false));
        assertEquals(committed, Proposals.find(script.map, id).orElseThrow());
    }

    @Test
    void theTimeOutAndTheDecidingVoteAreDecidedByTheirOrderInTheLog() {
        members(3);
        long first = propose(put("a", "1"));
        vote("n2", first, true);
        assertInstanceOf(Outcome.Superseded.class, by("n1", new ConfigCommand.AbortProposal(first)));
        assertEquals("1", value("a"));
        long second = propose(put("a", "2"));
        by("n1", new ConfigCommand.AbortProposal(second));
        assertInstanceOf(Outcome.Superseded.class, vote("n2", second, true));
        assertEquals("1", value("a"), "what was given up is never committed a second later");
    }

    @Test
    void theVotersAreTheMembersAsOfTheProposal() {
        members(3);
        long id = propose(put("a", "1"));
        register("n4");
        register("n5");
        assertInstanceOf(Outcome.Superseded.class, vote("n4", id, true));
        by("n1", new Command.RemoveMember("n3"));
        assertEquals(new Verdict.Pending(), verdict(id), "a majority of three is two, whoever left");
        vote("n2", id, true);
        assertInstanceOf(Verdict.Committed.class, verdict(id));
        assertInstanceOf(
                Outcome.QuorumImpossible.class,
                by("n9", proposal(new Quorum.Majority(), Precondition.NONE, put("a", "1"))));
        assertEquals(
                new Outcome.QuorumImpossible(9, 4),
                by("n1", proposal(new Quorum.Exactly(9), Precondition.NONE, put("a", "1"))));
    }

    @Test
    @DisplayName(
            "F10: of two proposals for one path the order of their commits counts, and a precondition is looked at again")
    void aPreconditionIsLookedAtAgainAtTheCommit() {
        members(3);
        long base = propose(put("a", "0"));
        vote("n2", base, true);
        long at = script.revision();
        Precondition ifMatch = new Precondition(new Match.OneOf(List.of(at)), new Match.Absent());
        long one = propose(proposal(new Quorum.Majority(), ifMatch, put("a", "1")));
        long two = propose(proposal(new Quorum.Majority(), ifMatch, put("a", "2")));
        vote("n3", two, true);
        vote("n3", one, true);
        assertEquals("2", value("a"));
        Verdict.Refused refused = assertInstanceOf(Verdict.Refused.class, verdict(one));
        assertEquals(new Outcome.PreconditionFailed(Key.of("a"), script.revision() - 1), refused.why());
        assertInstanceOf(
                Outcome.PreconditionFailed.class,
                by("n1", proposal(new Quorum.Majority(), ifMatch, put("a", "3"))),
                "and before anybody is asked");
    }

    @Test
    void aFenceMustBeHeldAtTheCommitToo() {
        members(3);
        LockName lock = new LockName(LockName.Kind.LOCK, "l");
        by("n1", new Command.GrantLease(java.time.Duration.ofSeconds(9)));
        long lease = script.revision();
        by("n1", new LockCommand.Acquire(lock, "o", new Command.LeaseChoice.Existing(lease), 1, 1, Bytes.EMPTY, false));
        Submission fenced = new Submission(
                proposal(new Quorum.Majority(), Precondition.NONE, put("a", "1")),
                "",
                Optional.empty(),
                List.of(new Submission.Fence("lock", "l", script.revision())));
        long id = assertInstanceOf(Outcome.Proposed.class, by("n1", fenced)).proposal();
        by("n1", new Command.RevokeLease(lease));
        vote("n2", id, true);
        assertInstanceOf(
                Outcome.Fenced.class,
                assertInstanceOf(Verdict.Refused.class, verdict(id)).why());
        assertEquals("(missing)", value("a"));
    }

    @Test
    void votesUnderOtherSchemasThanThoseOfTheCommitDoNotCount() {
        members(3);
        long id = propose(put("a", "1"));
        by("n1", new ConfigCommand.PutSchema(Key.of("a"), Bytes.utf8("{}"), 0));
        vote("n2", id, true);
        assertInstanceOf(
                Outcome.Superseded.class,
                assertInstanceOf(Verdict.Refused.class, verdict(id)).why());
    }

    @Test
    void aSchemaIsRefusedWhenWhatItJudgedIsNoLongerWhatIsThere() {
        members(1);
        propose(put("a/x", "1"));
        long judged = script.revision();
        propose(put("a/x", "2"));
        assertInstanceOf(
                Outcome.Superseded.class,
                by("n1", new ConfigCommand.PutSchema(Key.of("a/"), Bytes.utf8("{}"), judged)));
        assertInstanceOf(
                Outcome.SchemaStored.class,
                by("n1", new ConfigCommand.PutSchema(Key.of("a/"), Bytes.utf8("{}"), script.revision())));
        assertEquals(1, Schemas.all(script.map, script.revision()).size());
        assertInstanceOf(Outcome.Acknowledged.class, by("n1", new ConfigCommand.DeleteSchema(Key.of("a/"))));
        assertInstanceOf(Outcome.SchemaUnknown.class, by("n1", new ConfigCommand.DeleteSchema(Key.of("a/"))));
    }

    @Test
    void noEntryCanBeBelowAnotherNotEvenOfTheSameRelease() {
        members(1);
        propose(put("a/b", "1"), put("c", "1"));
        Quorum majority = new Quorum.Majority();
        assertEquals(
                new Outcome.PathConflict(Key.of("a"), Key.of("a/b")),
                by("n1", proposal(majority, Precondition.NONE, put("a", "1"))));
        assertEquals(
                new Outcome.PathConflict(Key.of("a/b/c"), Key.of("a/b")),
                by("n1", proposal(majority, Precondition.NONE, put("a/b/c", "1"))));
        assertInstanceOf(
                Outcome.PathConflict.class,
                by("n1", proposal(majority, Precondition.NONE, put("x", "1"), put("x/y", "1"))));
        propose(delete("a/b"), put("a", "2"));
        assertEquals("2", value("a"));
        propose(put("ab", "3"));
        assertEquals("3", value("ab"), "a path that only begins alike is not below");
    }

    @Test
    void aReleaseIsOneRevisionAndAllOrNothing() {
        members(3);
        long id = propose(put("a", "1"), put("b", "2"), delete("missing"));
        vote("n2", id, true);
        long revision = script.revision();
        RevisionRecord record = script.map.revision(revision).orElseThrow();
        List<String> changed = new ArrayList<>();
        record.changes().forEach(change -> changed.add(change.keyspace() + " " + change.key()));
        assertEquals(List.of("CONFIG a", "CONFIG b", "PROPOSAL " + Proposal.keyOf(id)), changed);
        assertEquals(
                "why",
                ConfigEntry.of(script.map
                                .liveAt(Keyspace.CONFIG, Key.of("b"), revision)
                                .orElseThrow())
                        .comment());
    }

    @Test
    void onlySoManyProposalsAreRememberedAndNoneThatIsPending() {
        members(3);
        long pending = propose(put("pending", "1"));
        long first = propose(put("a", "1"));
        vote("n2", first, true);
        for (int i = 0; i < Limits.PROPOSALS_KEPT_MAX; i++) {
            by("n1", new ConfigCommand.AbortProposal(propose(put("b", "1"))));
        }
        assertTrue(Proposals.find(script.map, first).isEmpty());
        assertTrue(Proposals.find(script.map, pending).orElseThrow().isPending());
        assertEquals(
                Limits.PROPOSALS_KEPT_MAX, Proposals.newest(script.map, 5_000).size());
        assertEquals(List.of(pending), Proposals.pending(script.map));
        vote("n2", pending, true);
        assertEquals("1", value("pending"));
    }
}
