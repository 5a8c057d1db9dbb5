package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;

final class CompactionCommandsTest {
    private final Script script = new Script();
    private final long epoch = script.lead();

    CompactionCommandsTest() {
        for (int i = 0; i < 5; i++) {
            script.run(Script.put("k", "" + i));
        }
    }

    @Test
    void aCompactionRaisesTheAgreedRevisionAndMakesNone() {
        assertEquals(new Outcome.Compacted(3), script.run(new Command.Compact(3)));
        assertEquals(3, Agreed.compactionRevision(script.map));
        assertEquals(5, script.revision());
    }

    @Test
    void aCompactionNeverGoesBack() {
        script.run(new Command.Compact(3));
        assertEquals(new Outcome.Compacted(3), script.run(new Command.Compact(2)));
        assertEquals(3, Agreed.compactionRevision(script.map));
    }

    @Test
    void theNewestRevisionIsTheHighestThatCanBeCompactedTo() {
        assertEquals(new Outcome.RevisionAhead(5), script.run(new Command.Compact(6)));
        assertEquals(0, Agreed.compactionRevision(script.map));
        assertEquals(new Outcome.Compacted(5), script.run(new Command.Compact(5)));
    }

    @Test
    void theLeaderGivesUpHistoryOnlyInItsEpochAndOnlyMoreOfIt() {
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.ForgetHistory(epoch - 1, 3)));
        assertEquals(0, Agreed.compactionRevision(script.map));
        assertEquals(new Outcome.Compacted(3), script.run(new Command.ForgetHistory(epoch, 3)));
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.ForgetHistory(epoch, 3)));
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.ForgetHistory(epoch, 6)));
        assertEquals(3, Agreed.compactionRevision(script.map));
    }
}
