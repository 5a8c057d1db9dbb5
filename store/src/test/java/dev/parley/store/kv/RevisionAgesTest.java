package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RevisionAgesTest {
    private final Script script = new Script();
    private final long epoch = script.lead();

    private void tick(long afterMillis) {
        script.clockMillis += afterMillis;
        script.run(new Command.Tick(epoch, script.clockMillis));
    }

    private long newestAt(long agoMillis) {
        return RevisionAges.newestAt(script.map, Duration.ofMillis(agoMillis));
    }

    private int markBytes() {
        return script.map.cell(Cells.AGES).map(Bytes::size).orElse(0);
    }

    @Test
    void aRevisionIsAsOldAsTheTickThatSawItFirst() {
        tick(0);
        script.run(Script.put("k", "1"));
        tick(1_000);
        script.run(Script.put("k", "2"));
        tick(5_000);
        assertEquals(0, newestAt(5_001));
        assertEquals(1, newestAt(5_000));
        assertEquals(1, newestAt(1));
        assertEquals(2, newestAt(0));
    }

    @Test
    void aClockThatJumpsMakesNothingOld() {
        tick(0);
        script.run(Script.put("k", "1"));
        tick(1_000);
        tick(Duration.ofDays(4_000).toMillis());
        assertEquals(0, newestAt(10_001));
        assertEquals(1, newestAt(10_000));
    }

    @Test
    void nothingIsWrittenWhileNothingChanges() {
        script.run(Script.put("k", "1"));
        tick(0);
        int before = markBytes();
        for (int i = 0; i < 100; i++) {
            tick(1_000);
        }
        assertEquals(before, markBytes());
        assertEquals(1, newestAt(100_000));
    }

    /** The definition: never more than was the newest then, and not much less than was the newest a little earlier. */
    @Test
    void marksThinOutAndStillTellWithinASixteenth() {
        SplittableRandom random = new SplittableRandom(7);
        TreeMap<Long, Long> newestAtAge = new TreeMap<>();
        long age = 0;
        tick(0);
        for (int i = 0; i < 20_000; i++) {
            long step = 1_000 + random.nextInt(i % 1_000 == 0 ? 9_000 : 100);
            if (random.nextInt(3) > 0) {
                script.run(Script.put("k", "" + i));
            }
            tick(step);
            age += step;
            newestAtAge.put(age, script.revision());
        }
        assertTrue(markBytes() < 16 * 400, markBytes() + " bytes of marks");
        for (long ago = 1_000; ago < age; ago = ago * 5 / 4) {
            long told = newestAt(ago);
            long exact = valueOf(newestAtAge.floorEntry(age - ago));
            long earlier = valueOf(newestAtAge.floorEntry(age - ago - ago / 8 - 12_000));
            assertTrue(told <= exact && told >= earlier, ago + " ms ago: " + earlier + " <= " + told + " <= " + exact);
        }
    }

    private static long valueOf(Map.Entry<Long, Long> entry) {
        return entry == null ? 0 : entry.getValue();
    }

    @Test
    void marksOfGivenUpHistoryAreForgotten() {
        tick(0);
        for (int i = 0; i < 50; i++) {
            script.run(Script.put("k", "" + i));
            tick(1_000);
        }
        int before = markBytes();
        script.run(new Command.Compact(script.revision()));
        script.run(Script.put("k", "last"));
        tick(1_000);
        assertTrue(markBytes() < before / 10, markBytes() + " of " + before);
    }
}
