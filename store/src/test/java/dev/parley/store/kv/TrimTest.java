package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.UUID;
import org.junit.jupiter.api.Test;

final class TrimTest {
    private static final Outcome DONE = new Outcome.Acknowledged();

    private final Script script = new Script();
    private final long epoch = script.lead();

    @Test
    void aMajorityOfTheRegisteredStoresMustHoldWhatIsTrimmed() {
        members(5);
        entriesUpTo(300);
        durable(1, 150);
        durable(2, 150);

        assertRefused(150);
        assertEquals(0, Agreed.trimPoint(script.map));
        durable(3, 149);
        assertRefused(150);
        assertEquals(149, Members.trimmable(script.map));
        durable(3, 151);
        assertEquals(150, Members.trimmable(script.map));
        assertEquals(DONE, trim(150));
        assertEquals(150, Agreed.trimPoint(script.map));
    }

    @Test
    void ofTwoStoresBothMustHoldIt() {
        members(2);
        entriesUpTo(300);
        durable(1, 150);

        assertRefused(150);
        durable(2, 150);
        assertEquals(DONE, trim(150));
    }

    @Test
    void ofThreeStoresTwoMustHoldIt() {
        members(3);
        entriesUpTo(300);
        durable(1, 150);
        assertRefused(150);
        durable(3, 150);
        assertEquals(DONE, trim(150));
    }

    @Test
    void aStoreThatIsAloneHoldsItAlone() {
        entriesUpTo(300);
        assertRefused(150);
        durable(1, 150);
        assertEquals(DONE, trim(150));
    }

    @Test
    void aStoreThatFellBackNoLongerHoldsIt() {
        members(3);
        entriesUpTo(300);
        durable(1, 150);
        durable(2, 150);
        durable(2, 3);

        assertRefused(150);
    }

    @Test
    void theTrimPointOnlyRises() {
        entriesUpTo(400);
        durable(1, 200);
        assertEquals(DONE, trim(150));

        assertRefused(150);
        assertRefused(149);
        assertEquals(DONE, trim(151));
    }

    @Test
    void theNewestHundredEntriesAreNeverTrimmed() {
        entriesUpTo(300);
        durable(1, 300);
        long entryOfTheTrim = script.index + 1;

        assertRefused(entryOfTheTrim - 99);
        assertEquals(DONE, trim(script.index + 1 - 100));
    }

    @Test
    void theLiveLogWeighsWhatItsEntriesWeigh() {
        entriesUpTo(1_000);
        assertEquals(1_000 * Script.ENTRY_BYTES, Agreed.logBytes(script.map));

        // Blocks are 0 to 255, 256 to 511, …: the first goes with entry 255, and has no entry 0.
        durable(1, 900);
        trim(254);
        assertEquals(1_002 * Script.ENTRY_BYTES, Agreed.logBytes(script.map));
        trim(255);
        assertEquals((1_003 - 255) * Script.ENTRY_BYTES, Agreed.logBytes(script.map));
        trim(800);
        assertEquals((1_004 - 767) * Script.ENTRY_BYTES, Agreed.logBytes(script.map));
        assertEquals(
                1,
                script.map.cellNames().stream()
                        .filter(name -> name.startsWith("log/"))
                        .count());
    }

    @Test
    void entriesThatAreRefusedWeighToo() {
        long before = Agreed.logBytes(script.map);
        script.batch(99, 1);
        script.batch(script.writer, 1);
        script.batch(script.writer, 77);

        assertEquals(before + 3 * Script.ENTRY_BYTES, Agreed.logBytes(script.map));
    }

    private void members(int count) {
        for (int i = 2; i <= count; i++) {
            script.run(new Command.RegisterMember("n" + i, new UUID(1, i), "", 1));
        }
    }

    private void durable(int member, long index) {
        assertEquals(DONE, script.run(new Command.ReportDurable("n" + member, new UUID(1, member), index)));
    }

    private void entriesUpTo(long index) {
        while (script.index < index) {
            script.answers();
        }
    }

    private Outcome trim(long index) {
        return script.run(new Command.Trim(epoch, index));
    }

    private void assertRefused(long index) {
        assertInstanceOf(Outcome.Superseded.class, trim(index));
    }
}
