package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class MergePlanTest {
    private static final long SMALL = 100 << 10;
    private static final long MIDDLE = 10 << 20;
    private static final long LARGE = 1L << 30;

    private static Optional<MergePlan> choose(Long... newestFirst) {
        return MergePlan.choose(List.of(newestFirst), 4, 24);
    }

    @Test
    void nothingIsMergedBeforeEnoughTablesOfASizeStandTogether() {
        assertEquals(Optional.empty(), choose());
        assertEquals(Optional.empty(), choose(SMALL, SMALL, SMALL));
        assertEquals(Optional.empty(), choose(SMALL, SMALL, SMALL, MIDDLE, LARGE));
    }

    @Test
    void tablesOfASizeBecomeOne() {
        assertEquals(Optional.of(new MergePlan(0, 4)), choose(SMALL, SMALL, SMALL, SMALL));
        assertEquals(Optional.of(new MergePlan(1, 5)), choose(LARGE, SMALL, SMALL, SMALL, SMALL, LARGE));
    }

    @Test
    void theSmallestAreMergedFirst() {
        assertEquals(
                Optional.of(new MergePlan(4, 8)), choose(MIDDLE, MIDDLE, MIDDLE, MIDDLE, SMALL, SMALL, SMALL, SMALL));
    }

    @Test
    void smallerOnesBetweenThemGoAlongBecauseOnlyNeighboursCanBeMerged() {
        assertEquals(Optional.of(new MergePlan(0, 5)), choose(MIDDLE, MIDDLE, SMALL, MIDDLE, MIDDLE));
    }

    @Test
    void largerOnesBetweenThemKeepThemApart() {
        assertEquals(Optional.empty(), choose(SMALL, SMALL, LARGE, SMALL, SMALL));
    }

    @Test
    void withTooManyTablesTheCheapestNeighboursAreMergedWhateverTheirSize() {
        List<Long> sizes = List.of(LARGE, MIDDLE, LARGE, SMALL, MIDDLE, SMALL, MIDDLE);
        assertEquals(Optional.of(new MergePlan(3, 7)), MergePlan.choose(sizes, 4, 6));
        assertEquals(Optional.empty(), MergePlan.choose(sizes, 4, 7));
    }

    @Test
    void aGrowingStoreKeepsFewTablesAndRewritesEachByteFewTimes() {
        SplittableRandom random = new SplittableRandom(1);
        List<Long> sizes = new ArrayList<>();
        long flushed = 0;
        long merged = 0;
        for (int flushes = 0; flushes < 2000; flushes++) {
            long size = random.nextLong(1 << 20, 20 << 20);
            flushed += size;
            sizes.addFirst(size);
            Optional<MergePlan> plan = MergePlan.choose(sizes, 4, 24);
            if (plan.isPresent()) {
                List<Long> chosen = sizes.subList(plan.get().from(), plan.get().to());
                long sum = chosen.stream().mapToLong(Long::longValue).sum();
                merged += sum;
                chosen.clear();
                sizes.add(plan.get().from(), sum);
            }
            assertTrue(sizes.size() <= 24, "" + sizes);
        }
        assertTrue(merged < 6 * flushed, "each byte was rewritten " + (double) merged / flushed + " times");
    }
}
