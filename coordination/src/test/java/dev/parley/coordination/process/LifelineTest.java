package dev.parley.coordination.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** D3, M16: a node that gets no answers stops before the others may start what it runs. */
final class LifelineTest {
    private static final long SESSION = 8_000;
    private static final long START = Long.MAX_VALUE - 3_000; // the clock may overflow

    private final Lifeline lifeline = new Lifeline(() -> SESSION, START);

    @Test
    void halfOfTheSessionWithoutAnAnswerEndsEverything() {
        lifeline.answered(START + 1_000);
        assertFalse(lifeline.isOver(START + 4_999));
        assertTrue(lifeline.isOver(START + 5_000));
    }

    @Test
    void anAnswerCountsFromWhenItsRequestWasSentAndAnOldOneDoesNotTurnItBack() {
        lifeline.answered(START + 2_000);
        lifeline.answered(START + 1_000);
        assertFalse(lifeline.isOver(START + 5_999));
        assertTrue(lifeline.isOver(START + 6_000));
    }

    @Test
    void stopsGetWhatIsLeftOfTheSessionWithAReserve() {
        assertEquals(3_000, lifeline.leftNanos(START + 4_000));
        assertEquals(0, lifeline.leftNanos(START + 9_000));
    }

    @Test
    void nothingStartsAgainBeforeTheClusterHadTimeToSpeak() {
        assertTrue(lifeline.mayStart(START + 1_000));
        lifeline.stopped(START + 4_500);
        lifeline.answered(START + 5_000);
        assertFalse(lifeline.mayStart(START + 8_499));
        assertTrue(lifeline.mayStart(START + 8_500));
        assertFalse(lifeline.mayStart(START + 9_000));
    }
}
