package dev.parley.store.kv;

import static dev.parley.store.kv.Script.delete;
import static dev.parley.store.kv.Script.deletePrefix;
import static dev.parley.store.kv.Script.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.Command.Precondition.Match;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.StateMachine.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requirement I9: conditional puts, creations and deletes of one key. */
final class KeyCommandsTest {
    private static final LeaseChoice NO_LEASE = new LeaseChoice.None();
    private static final Match ABSENT = new Match.Absent();
    private static final Match ANY = new Match.Any();

    private final Script script = new Script();

    @Test
    void aPutCreatesThenReplacesAndCountsItsVersions() {
        assertEquals(new Outcome.Stored(1, 1, true, Optional.empty()), script.run(put("a", "x")));
        assertEquals(new Outcome.Stored(2, 1, true, Optional.empty()), script.run(put("b", "x")));
        assertEquals(new Outcome.Stored(3, 2, false, Optional.empty()), script.run(put("a", "y")));

        Version.Live live = script.map.liveAt(Keyspace.KV, Key.of("a"), 3).orElseThrow();
        assertEquals(new Version.Live(1, 3, 2, LeaseId.NONE, "text/plain", Bytes.utf8("y")), live);
    }

    @Test
    void aPutOfTheSameValueMakesARevisionToo() {
        script.run(put("a", "x"));
        script.run(put("a", "x"));

        assertEquals(2, script.revision());
    }

    @Test
    void aKeyThatComesBackBeginsAgain() {
        script.run(put("a", "x"));
        script.run(delete("a"));

        assertEquals(new Outcome.Stored(3, 1, true, Optional.empty()), script.run(put("a", "y")));
        assertEquals(
                3, script.map.liveAt(Keyspace.KV, Key.of("a"), 3).orElseThrow().createRevision());
    }

    @Test
    void aDeleteMakesARevisionOnlyWhenThereWasAKey() {
        script.run(put("a", "x"));

        assertEquals(new Outcome.Deleted(1, 0), script.run(delete("b")));
        assertEquals(new Outcome.Deleted(2, 1), script.run(delete("a")));
        assertEquals(new Outcome.Deleted(2, 0), script.run(delete("a")));
        assertEquals(Optional.of(new Version.Tombstone(2)), script.map.at(Keyspace.KV, Key.of("a"), Long.MAX_VALUE));
    }

    @Test
    void theRecordOfARevisionNamesTimeNodeAuthorAndKeys() {
        script.run(new Submission(put("a", "x"), "me", Optional.empty(), List.of()));

        RevisionRecord record = script.map.revision(1).orElseThrow();
        assertEquals(
                new RevisionRecord(
                        1,
                        script.clockMillis,
                        Script.NODE,
                        "me",
                        List.of(new Change(Keyspace.KV, Key.of("a"))),
                        record.seal()),
                record);
    }

    @Test
    void commandsOfOneBatchSeeEachOtherInTheirOrder() {
        List<Answer> answers = script.answers(
                Submission.of(put("a", "1")),
                Submission.of(delete("missing")),
                Submission.of(delete("a")),
                Submission.of(put("a", "2")));

        assertEquals(
                List.of(
                        new Answer(new Outcome.Stored(1, 1, true, Optional.empty()), 1),
                        new Answer(new Outcome.Deleted(1, 0), 1),
                        new Answer(new Outcome.Deleted(2, 1), 2),
                        new Answer(new Outcome.Stored(3, 1, true, Optional.empty()), 3)),
                answers);
    }

    @Test
    void ifMatchHoldsForOneOfTheNamedRevisionsOnly() {
        script.run(put("a", "x"));

        assertEquals(new Outcome.PreconditionFailed(Key.of("a"), 1), putIf(new Match.OneOf(List.of(2L, 3L)), ABSENT));
        assertEquals(new Outcome.PreconditionFailed(Key.of("a"), 1), putIf(new Match.OneOf(List.of()), ABSENT));
        assertEquals(1, script.revision());
        assertInstanceOf(Outcome.Stored.class, putIf(new Match.OneOf(List.of(9L, 1L)), ABSENT));
    }

    @Test
    void ifMatchOnAMissingKeyNeverHolds() {
        assertEquals(new Outcome.PreconditionFailed(Key.of("a"), 0), putIf(ANY, ABSENT));
        assertEquals(new Outcome.PreconditionFailed(Key.of("a"), 0), putIf(new Match.OneOf(List.of(0L)), ABSENT));

        script.run(put("a", "x"));
        assertInstanceOf(Outcome.Stored.class, putIf(ANY, ABSENT));
    }

    @Test
    void ifNoneMatchHoldsForMissingKeysAndOtherRevisions() {
        assertInstanceOf(Outcome.Stored.class, putIf(ABSENT, ANY));
        assertEquals(new Outcome.PreconditionFailed(Key.of("a"), 1), putIf(ABSENT, ANY));
        assertEquals(new Outcome.PreconditionFailed(Key.of("a"), 1), putIf(ABSENT, new Match.OneOf(List.of(1L))));
        assertInstanceOf(Outcome.Stored.class, putIf(ABSENT, new Match.OneOf(List.of())));
        assertInstanceOf(Outcome.Stored.class, putIf(ABSENT, new Match.OneOf(List.of(1L))));
    }

    @Test
    void bothPreconditionsMustHold() {
        script.run(put("a", "x"));

        assertInstanceOf(Outcome.PreconditionFailed.class, putIf(ANY, new Match.OneOf(List.of(1L))));
        assertInstanceOf(Outcome.PreconditionFailed.class, putIf(new Match.OneOf(List.of(2L)), ABSENT));
        assertInstanceOf(Outcome.Stored.class, putIf(ANY, new Match.OneOf(List.of(2L))));
    }

    @Test
    void aDeleteHonoursItsPreconditionAlsoOnAMissingKey() {
        Precondition exists = new Precondition(ANY, ABSENT);
        assertEquals(
                new Outcome.PreconditionFailed(Key.of("a"), 0), script.run(new Command.Delete(Key.of("a"), exists)));
        script.run(put("a", "x"));
        assertEquals(
                new Outcome.PreconditionFailed(Key.of("a"), 1),
                script.run(new Command.Delete(Key.of("a"), new Precondition(new Match.OneOf(List.of(7L)), ABSENT))));
        assertEquals(new Outcome.Deleted(2, 1), script.run(new Command.Delete(Key.of("a"), exists)));
    }

    @Test
    void aRangeDeleteIsOneRevisionAndLeavesTheNeighbours() {
        for (String key : List.of("a", "b", "b/1", "b/2", "c")) {
            script.run(put(key, "x"));
        }

        assertEquals(new Outcome.Deleted(6, 2), script.run(deletePrefix("b/", false)));
        assertEquals(
                List.of(new Change(Keyspace.KV, Key.of("b/1")), new Change(Keyspace.KV, Key.of("b/2"))),
                script.map.revision(6).orElseThrow().changes());
        assertEquals("x", script.valueOf("b"));
        assertEquals("x", script.valueOf("c"));
        assertEquals(new Outcome.Deleted(6, 0), script.run(deletePrefix("b/", true)));
        assertEquals(
                new Outcome.Deleted(6, 0),
                script.run(
                        new Command.DeleteRange(new KeyRange(Bytes.utf8("c"), Optional.of(Bytes.utf8("a"))), false)));
    }

    @Test
    void aRangeDeleteOfTooManyKeysIsRefusedWhole() {
        putMany(Limits.KEYS_PER_COMMAND_MAX + 1);
        long revision = script.revision();

        assertEquals(new Outcome.RangeTooLarge(Limits.KEYS_PER_COMMAND_MAX), script.run(deletePrefix("", false)));
        assertEquals(revision, script.revision());
    }

    @Test
    void aPartialRangeDeleteOfTooManyKeysDeletesTheFirstAndSaysThereAreMore() {
        putMany(Limits.KEYS_PER_COMMAND_MAX + 1);
        long revision = script.revision();

        assertEquals(
                new Outcome.DeletedSome(revision + 1, Limits.KEYS_PER_COMMAND_MAX), script.run(deletePrefix("", true)));
        assertEquals("v", script.valueOf(manyKey(Limits.KEYS_PER_COMMAND_MAX)));
        assertEquals(new Outcome.Deleted(revision + 2, 1), script.run(deletePrefix("", true)));
    }

    @Test
    void exactlyTheGreatestNumberOfKeysIsDeletedInOneCommand() {
        putMany(Limits.KEYS_PER_COMMAND_MAX);

        assertInstanceOf(Outcome.Deleted.class, script.run(deletePrefix("", false)));
    }

    @Test
    void anyFenceIsRefusedAsLongAsThereIsNothingToHold() {
        Submission.Fence fence = new Submission.Fence("lock", "l", 1);
        Command ifMatchFails = put("a", "x", NO_LEASE, new Precondition(ANY, ABSENT));

        assertEquals(
                new Outcome.Fenced(fence),
                script.run(new Submission(ifMatchFails, "", Optional.empty(), List.of(fence))));
        assertEquals(0, script.revision());
    }

    @Test
    void aMissingLeaseIsNamedBeforeAFailedPrecondition() {
        Command both = put("a", "x", new LeaseChoice.Existing(99), new Precondition(ANY, ABSENT));

        assertEquals(new Outcome.LeaseNotFound(99), script.run(both));
    }

    private Outcome putIf(Match ifMatch, Match ifNoneMatch) {
        return script.run(put("a", "y", NO_LEASE, new Precondition(ifMatch, ifNoneMatch)));
    }

    private static String manyKey(int number) {
        return String.format("k%06d", number);
    }

    private void putMany(int count) {
        List<Submission> puts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            puts.add(Submission.of(put(manyKey(i), "v")));
        }
        List<Answer> answers = script.answers(puts.toArray(Submission[]::new));
        assertTrue(answers.stream().allMatch(answer -> answer.outcome() instanceof Outcome.Stored));
    }
}
