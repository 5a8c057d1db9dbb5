package dev.parley.store.kv;

import static dev.parley.store.kv.Script.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.StateMachine.Applied;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class WritersTest {
    private final Script script = new Script();

    @Test
    void theIndexOfTheOpenIsTheIdOfTheWriter() {
        LogEntry.Open open = new LogEntry.Open(new UUID(3, 4), "n2");

        assertEquals(new Applied.Opened(2, open), script.apply(open));
    }

    @Test
    void batchesApplyInTheOrderOfTheirNumbers() {
        assertInstanceOf(Applied.Batch.class, script.batch(1, 1, put("a", "1")));
        assertInstanceOf(Applied.Batch.class, script.batch(1, 2, put("a", "2")));

        assertEquals("2", script.valueOf("a"));
    }

    @Test
    void aBatchWithAGapIsRefusedWithoutEffectAndMayComeAgain() {
        script.batch(1, 1, put("a", "1"));

        assertEquals(new Applied.Gap(1, 3, 2), script.batch(1, 3, put("a", "3")));
        assertEquals("1", script.valueOf("a"));
        script.batch(1, 2, put("a", "2"));
        assertInstanceOf(Applied.Batch.class, script.batch(1, 3, put("a", "3")));
        assertEquals("3", script.valueOf("a"));
    }

    @Test
    void aBatchThatComesAgainIsADuplicateWithoutEffect() {
        script.batch(1, 1, put("a", "1"));
        script.batch(1, 2, put("a", "2"));

        assertEquals(new Applied.Duplicate(1, 1), script.batch(1, 1, put("a", "1")));
        assertEquals(new Applied.Duplicate(1, 2), script.batch(1, 2, put("a", "2")));
        assertEquals("2", script.valueOf("a"));
        assertEquals(2, script.revision());
    }

    @Test
    void aBatchOfAWriterThatWasNeverOpenedIsRefused() {
        assertEquals(new Applied.UnknownWriter(77, 1), script.batch(77, 1, put("a", "1")));
        assertEquals("(missing)", script.valueOf("a"));
    }

    @Test
    void aFurtherOpenOfTheSameNodeEndsItsFormerWriter() {
        long former = script.writer;
        script.batch(former, 1, put("a", "1"));
        long later = script.open(Script.NODE);

        assertEquals(new Applied.UnknownWriter(former, 2), script.batch(former, 2, put("a", "2")));
        assertInstanceOf(Applied.Batch.class, script.batch(later, 1, put("a", "3")));
        assertEquals("3", script.valueOf("a"));
    }

    @Test
    void theWritersOfOtherNodesGoOn() {
        long first = script.writer;
        script.open("n2");

        assertInstanceOf(Applied.Batch.class, script.batch(first, 1, put("a", "1")));
    }

    @Test
    void aClosedWriterIsClosedForGood() {
        long closed = script.writer;
        script.open("n2");
        assertEquals(new Outcome.Acknowledged(), script.run(new Command.CloseWriter(closed)));

        assertEquals(new Applied.UnknownWriter(closed, 1), script.batch(closed, 1, put("a", "1")));
        assertEquals(new Outcome.Acknowledged(), script.run(new Command.CloseWriter(closed)));
        assertEquals(1, Writers.all(script.map).size());
    }

    @Test
    void aWriterThatClosesItselfEndsItsBatchAndIsClosed() {
        Applied applied = script.batch(1, 1, new Command.CloseWriter(1), put("a", "1"));

        assertInstanceOf(Applied.Batch.class, applied);
        assertEquals("1", script.valueOf("a"));
        assertEquals(new Applied.UnknownWriter(1, 2), script.batch(1, 2, put("a", "2")));
    }

    @Test
    void aWriterThatIsStillToComeCannotBeClosedInAdvance() {
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.CloseWriter(script.index + 1)));
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.CloseWriter(1_000)));
    }

    @Test
    void theOldestWriterEndsWhenThereAreTooMany() {
        for (int node = 2; node <= Limits.WRITERS_MAX; node++) {
            script.open("n" + node);
        }
        assertTrue(Writers.find(script.map, 1).isPresent());

        script.open("one-more");

        assertEquals(Limits.WRITERS_MAX, Writers.all(script.map).size());
        assertTrue(Writers.find(script.map, 1).isEmpty());
    }

    @Test
    void aWriterThatEndsLeavesNoCellBehind() {
        int cells = script.map.cellNames().size();
        long n2 = script.open("n2");
        script.open("n3");
        script.run(new Command.CloseWriter(n2));
        script.run(new Command.CloseWriter(script.writer));

        assertEquals(cells + 1, script.map.cellNames().size(), "only the revision is new: " + script.map.cellNames());
    }

    @Test
    void anEmptyBatchIsABarrierThatMakesNoRevision() {
        Applied.Batch applied = assertInstanceOf(Applied.Batch.class, script.batch(1, 1));

        assertEquals(0, applied.answers().size());
        assertEquals(0, script.revision());
    }
}
