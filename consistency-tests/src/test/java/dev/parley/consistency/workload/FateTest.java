package dev.parley.consistency.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.json.Json;
import dev.parley.consistency.workload.Trace.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FateTest {
    private static final Json MINE = Json.of(7);

    private static Version version(long revision, long value) {
        return new Version(revision, 1, Json.of(value));
    }

    private static Trace on(long base) {
        return Trace.ofValue("k", MINE, base);
    }

    @Test
    void aVersionWithItsValueShowsThatAWriteHappened() {
        Fate fate = Fate.of(List.of(version(9, 8), version(5, 7), version(3, 6)), on(0));
        assertEquals(
                Json.of(5),
                assertInstanceOf(Fate.Happened.class, fate)
                        .completion()
                        .fields()
                        .get("revision"));
    }

    @Test
    void aWriteThatIsNotThereMayStillCome() {
        assertInstanceOf(Fate.Open.class, Fate.of(List.of(version(9, 8), version(5, 6)), on(0)));
        assertInstanceOf(Fate.Open.class, Fate.of(List.of(), on(5)));
    }

    @Test
    void aWriteWhoseConditionStillHoldsMayStillCome() {
        assertInstanceOf(Fate.Open.class, Fate.of(List.of(version(9, 8), version(5, 6)), on(9)));
    }

    @Test
    void aWriteWhoseConditionWasOvertakenNeverHappens() {
        assertInstanceOf(Fate.Never.class, Fate.of(List.of(version(9, 8), version(5, 6)), on(5)));
    }

    @Test
    void whatTheHistoryNoLongerHoldsProvesNothing() {
        assertInstanceOf(Fate.Open.class, Fate.of(List.of(version(9, 8), version(8, 6)), on(5)));
    }

    @Test
    void aValueThatOthersMayHaveWrittenProvesNothingButItsAbsenceDoes() {
        Trace sum = new Trace("k", MINE::equals, Trace.Evidence.AMBIGUOUS, 5, found -> Completion.ok(MINE));
        assertInstanceOf(Fate.Open.class, Fate.of(List.of(version(9, 7), version(5, 6)), sum));
        assertInstanceOf(Fate.Never.class, Fate.of(List.of(version(9, 8), version(5, 6)), sum));
    }

    @Test
    void aValueThatIsThereTwiceIsLeftToTheChecker() {
        assertInstanceOf(Fate.Open.class, Fate.of(List.of(version(9, 7), version(5, 7)), on(0)));
    }

    /** A key with many writers, cut off anywhere by compaction, and a write that comes, or fails its condition, before or after the look. */
    @Test
    void noCertaintyIsEverWrong() {
        int certain = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            List<Version> versions = new ArrayList<>();
            int count = 2 + random.nextInt(6);
            int lookedAt = 1 + random.nextInt(count);
            int arrives = random.nextInt(count + 2);
            long base = random.nextBoolean() ? 0 : 10L * (1 + random.nextInt(count));
            boolean happened = false;
            List<Version> seen = List.of();
            for (int at = 1; at <= count; at++) {
                if (at == arrives && (base == 0 || newest(versions) == base)) {
                    versions.add(new Version(10L * at - 5, at, MINE));
                    happened = true;
                }
                versions.add(new Version(10L * at, at, Json.of(100 + at)));
                if (at == lookedAt) {
                    seen = cut(versions, random);
                }
            }
            boolean shown = seen.stream().anyMatch(version -> version.value().equals(MINE));
            switch (Fate.of(seen, on(base))) {
                case Fate.Happened ignored -> {
                    certain++;
                    assertTrue(happened && shown, "seed " + seed);
                }
                case Fate.Never ignored -> {
                    certain++;
                    assertTrue(!happened, "seed " + seed);
                }
                case Fate.Open ignored -> {}
            }
        }
        assertTrue(certain > 1_000, certain + " of 20000");
    }

    private static long newest(List<Version> versions) {
        return versions.isEmpty() ? 0 : versions.getLast().revision();
    }

    private static List<Version> cut(List<Version> oldestFirst, Random random) {
        int from = random.nextInt(oldestFirst.size());
        return IntStream.range(from, oldestFirst.size())
                .mapToObj(i -> oldestFirst.get(oldestFirst.size() - 1 - (i - from)))
                .toList();
    }
}
