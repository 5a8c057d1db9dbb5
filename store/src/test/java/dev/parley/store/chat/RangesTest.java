package dev.parley.store.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class RangesTest {
    /** Judged by a plain set. */
    @RepeatedTest(100)
    void itIsTheSetOfWhatWasAdded(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Ranges ranges = new Ranges();
        TreeSet<Long> plain = new TreeSet<>();
        for (int step = 0; step < 60; step++) {
            long first = 1 + random.nextInt(40);
            if (random.nextBoolean()) {
                assertEquals(plain.add(first), ranges.add(first));
            } else {
                long last = first + random.nextInt(6) - 1;
                ranges.add(first, last);
                for (long number = first; number <= last; number++) {
                    plain.add(number);
                }
            }
        }
        long contiguous = 0;
        while (plain.contains(contiguous + 1)) {
            contiguous++;
        }
        for (long number = 0; number < 60; number++) {
            assertEquals(plain.contains(number), ranges.contains(number), "" + number);
        }
        assertEquals(contiguous, ranges.contiguous());
        assertEquals(plain.last(), ranges.greatest());
        Ranges one = new Ranges();
        plain.descendingIterator().forEachRemaining(one::add);
        assertEquals(one, ranges, "one set has one form");
        Ranges some = new Ranges();
        Ranges others = new Ranges();
        for (long number = 1; number < 60; number++) {
            if (random.nextInt(4) == 0) {
                some.add(number);
            } else if (random.nextInt(4) == 0) {
                others.add(number);
            }
        }
        assertEquals(
                plain.stream()
                        .filter(number -> !some.contains(number) && !others.contains(number))
                        .count(),
                ranges.countBeyond(some, others));
        assertEquals(some.countBeyond(ranges, new Ranges()) == 0, ranges.containsAll(some));
        Ranges joined = new Ranges();
        joined.addAll(ranges);
        assertEquals(ranges, joined);
    }
}
