package dev.parley.store.kv;

import static dev.parley.store.kv.Script.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Command.Comparison;
import dev.parley.store.kv.Command.Comparison.Field;
import dev.parley.store.kv.Command.Comparison.OfNumber;
import dev.parley.store.kv.Command.Comparison.OfValue;
import dev.parley.store.kv.Command.Comparison.Relation;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Command.Operation;
import dev.parley.store.kv.Outcome.TransactionDone;
import dev.parley.store.kv.Outcome.TransactionDone.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TransactionCommandsTest {
    private final Script script = new Script();

    @Test
    void itsWritesShareOneRevision() {
        TransactionDone done = done(putOp("a", "1"), putOp("b", "2"));

        assertEquals(
                new TransactionDone(true, 1, List.of(new Result.Put(1, 1, true), new Result.Put(1, 1, true))), done);
        assertEquals(1, script.revision());
        assertEquals(2, script.map.revision(1).orElseThrow().changes().size());
    }

    @Test
    void aTransactionThatOnlyReadsMakesNoRevision() {
        script.run(put("a", "1"));

        TransactionDone done = done(get("a"), get("b"), range("", 10), deleteOp("missing"));

        assertEquals(1, done.revision());
        assertEquals(1, script.revision());
        Outcome.Item a = item("a");
        assertEquals(
                List.of(
                        new Result.Get(Optional.of(a)),
                        new Result.Get(Optional.empty()),
                        new Result.Range(List.of(a), false),
                        new Result.Deleted(0)),
                done.results());
    }

    @Test
    void laterReadsSeeWhatItWroteBefore() {
        script.run(put("a", "old"));
        script.run(put("c", "old"));
        script.run(put("e", "old"));

        TransactionDone done = done(
                putOp("a", "new"),
                putOp("b", "new"),
                deleteOp("c"),
                putOp("f", "new"),
                get("a"),
                get("c"),
                range("", 9));

        assertEquals(
                "new",
                valueOf(assertInstanceOf(Result.Get.class, done.results().get(4))
                        .item()
                        .orElseThrow()));
        assertEquals(new Result.Get(Optional.empty()), done.results().get(5));
        Result.Range range = assertInstanceOf(Result.Range.class, done.results().get(6));
        assertEquals(
                List.of("a=new", "b=new", "e=old", "f=new"),
                range.items().stream()
                        .map(item -> item.key() + "=" + valueOf(item))
                        .toList());
    }

    @Test
    void readsBeforeAWriteDoNotSeeIt() {
        TransactionDone done = done(get("a"), putOp("a", "1"));

        assertEquals(new Result.Get(Optional.empty()), done.results().getFirst());
    }

    @Test
    void aKeyPutAndThenDeletedWithItsRangeIsGoneAndLeavesNoTombstone() {
        script.run(put("p/1", "x"));

        TransactionDone done = done(putOp("p/2", "y"), deleteOp("p/"));

        assertEquals(new Result.Deleted(2), done.results().get(1));
        assertEquals("(missing)", script.valueOf("p/1"));
        assertTrue(script.map.at(Keyspace.KV, Key.of("p/2"), Long.MAX_VALUE).isEmpty());
    }

    @Test
    void aKeyDeletedAndPutAgainBeginsAgain() {
        script.run(put("a", "x"));

        done(deleteOp("a"), putOp("a", "y"));

        Version.Live live = script.map.liveAt(Keyspace.KV, Key.of("a"), 2).orElseThrow();
        assertEquals(2, live.createRevision());
        assertEquals(1, live.version());
    }

    @Test
    void aFailedComparisonRunsTheOtherBranch() {
        List<Comparison> exists = List.of(new OfNumber(Key.of("a"), Field.VERSION, Relation.GREATER, 0));
        Command transaction = new Command.Transaction(exists, List.of(putOp("yes", "1")), List.of(putOp("no", "1")));

        assertEquals(
                false,
                assertInstanceOf(TransactionDone.class, script.run(transaction)).succeeded());
        script.run(put("a", "x"));
        assertEquals(
                true,
                assertInstanceOf(TransactionDone.class, script.run(transaction)).succeeded());
        assertEquals("1", script.valueOf("yes"));
        assertEquals("1", script.valueOf("no"));
    }

    @Test
    void everyComparisonMustHold() {
        script.run(put("a", "x"));
        Comparison holds = new OfValue(Key.of("a"), Relation.EQUAL, Bytes.utf8("x"));
        Comparison fails = new OfValue(Key.of("a"), Relation.EQUAL, Bytes.utf8("z"));

        assertTrue(succeeds(holds, holds));
        assertEquals(false, succeeds(holds, fails));
        assertEquals(false, succeeds(fails, holds));
        assertTrue(succeeds());
    }

    @Test
    void aMissingKeyHasNumbersZero() {
        for (Field field : Field.values()) {
            assertTrue(succeeds(new OfNumber(Key.of("a"), field, Relation.EQUAL, 0)), field.name());
            assertTrue(succeeds(new OfNumber(Key.of("a"), field, Relation.LESS, 1)), field.name());
            assertEquals(false, succeeds(new OfNumber(Key.of("a"), field, Relation.NOT_EQUAL, 0)), field.name());
        }
    }

    @Test
    void everyComparisonOfAMissingValueIsFalse() {
        for (Relation relation : Relation.values()) {
            assertEquals(false, succeeds(new OfValue(Key.of("a"), relation, Bytes.EMPTY)), relation.name());
        }
    }

    @Test
    void numbersAndValuesCompareByEveryRelation() {
        script.run(put("other", "x"));
        script.run(put("a", "m"));
        script.run(put("a", "m"));

        assertTrue(succeeds(new OfNumber(Key.of("a"), Field.CREATE_REVISION, Relation.EQUAL, 2)));
        assertTrue(succeeds(new OfNumber(Key.of("a"), Field.MOD_REVISION, Relation.EQUAL, 3)));
        assertTrue(succeeds(new OfNumber(Key.of("a"), Field.VERSION, Relation.EQUAL, 2)));
        assertTrue(succeeds(new OfNumber(Key.of("a"), Field.MOD_REVISION, Relation.GREATER, 2)));
        assertEquals(false, succeeds(new OfNumber(Key.of("a"), Field.MOD_REVISION, Relation.GREATER, 3)));
        assertTrue(succeeds(new OfValue(Key.of("a"), Relation.LESS, Bytes.utf8("n"))));
        assertTrue(succeeds(new OfValue(Key.of("a"), Relation.LESS, Bytes.wrap(new byte[] {(byte) 0xFF}))));
        assertTrue(succeeds(new OfValue(Key.of("a"), Relation.GREATER, Bytes.utf8("l"))));
        assertTrue(succeeds(new OfValue(Key.of("a"), Relation.NOT_EQUAL, Bytes.utf8("l"))));
        assertEquals(false, succeeds(new OfValue(Key.of("a"), Relation.LESS, Bytes.utf8("m"))));
    }

    @Test
    void aRangeSaysWhetherThereAreMore() {
        for (String key : List.of("a", "b", "c")) {
            script.run(put(key, "x"));
        }

        assertEquals(true, ((Result.Range) done(range("", 2)).results().getFirst()).more());
        assertEquals(false, ((Result.Range) done(range("", 3)).results().getFirst()).more());
    }

    @Test
    void aMissingLeaseOfOnePutRefusesAllOfIt() {
        Operation tied = new Operation.Put(Key.of("b"), Bytes.EMPTY, "", new LeaseChoice.Existing(42));

        assertEquals(new Outcome.LeaseNotFound(42), script.run(transaction(putOp("a", "1"), tied)));
        assertEquals(0, script.revision());
        assertEquals("(missing)", script.valueOf("a"));
    }

    @Test
    void aMissingLeaseInTheOtherBranchDoesNotMatter() {
        Operation tied = new Operation.Put(Key.of("b"), Bytes.EMPTY, "", new LeaseChoice.Existing(42));

        assertInstanceOf(
                TransactionDone.class,
                script.run(new Command.Transaction(List.of(), List.of(putOp("a", "1")), List.of(tied))));
    }

    @Test
    void aPutInATransactionTiesItsKeyToALease() {
        long lease = ((Outcome.LeaseGranted) script.run(new Command.GrantLease(Duration.ofSeconds(5)))).lease();

        done(new Operation.Put(Key.of("b"), Bytes.EMPTY, "", new LeaseChoice.Existing(lease)));

        assertEquals(List.of(Key.of("b")), Leases.keys(script.map, lease));
    }

    @Test
    void aTransactionCannotMakeALease() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Operation.Put(Key.of("b"), Bytes.EMPTY, "", new LeaseChoice.Own(Duration.ofSeconds(5))));
    }

    @Test
    void anAnswerThatIsTooLargeRefusesAllOfIt() {
        String large = "x".repeat(Limits.VALUE_BYTES_MAX);
        for (int i = 0; i < 5; i++) {
            script.run(put("big" + i, large));
        }
        long revision = script.revision();

        assertEquals(
                new Outcome.AnswerTooLarge(Limits.TRANSACTION_ANSWER_BYTES_MAX),
                script.run(transaction(putOp("a", "1"), range("big", 1_000))));
        assertEquals(revision, script.revision());
        assertEquals("(missing)", script.valueOf("a"));
        assertInstanceOf(TransactionDone.class, script.run(transaction(range("big", 4))));
    }

    @Test
    void aTransactionThatWouldWriteTooManyKeysIsRefusedWhole() {
        List<Submission> puts = new ArrayList<>();
        for (int i = 0; i < Limits.KEYS_PER_COMMAND_MAX; i++) {
            puts.add(Submission.of(put("k" + i, "v")));
        }
        script.answers(puts.toArray(Submission[]::new));
        long revision = script.revision();

        assertEquals(
                new Outcome.RangeTooLarge(Limits.KEYS_PER_COMMAND_MAX),
                script.run(transaction(putOp("a", "1"), deleteOp("k"))));
        assertEquals(revision, script.revision());
        assertInstanceOf(TransactionDone.class, script.run(transaction(deleteOp("k"), get("a"))));
        assertEquals(revision + 1, script.revision());
    }

    private TransactionDone done(Operation... operations) {
        return assertInstanceOf(TransactionDone.class, script.run(transaction(operations)));
    }

    private boolean succeeds(Comparison... comparisons) {
        Command command = new Command.Transaction(List.of(comparisons), List.of(), List.of());
        return assertInstanceOf(TransactionDone.class, script.run(command)).succeeded();
    }

    private static Command transaction(Operation... operations) {
        return new Command.Transaction(List.of(), List.of(operations), List.of());
    }

    private static Operation putOp(String key, String value) {
        return new Operation.Put(Key.of(key), Bytes.utf8(value), "", new LeaseChoice.None());
    }

    private static Operation get(String key) {
        return new Operation.Get(Key.of(key));
    }

    private static Operation range(String prefix, int limit) {
        return new Operation.Range(KeyRange.prefix(Bytes.utf8(prefix)), limit);
    }

    private static Operation deleteOp(String prefix) {
        return new Operation.Delete(KeyRange.prefix(Bytes.utf8(prefix)));
    }

    private Outcome.Item item(String key) {
        return new Outcome.Item(
                Key.of(key),
                script.map.liveAt(Keyspace.KV, Key.of(key), Long.MAX_VALUE).orElseThrow());
    }

    private static String valueOf(Outcome.Item item) {
        return item.version().value().utf8();
    }
}
