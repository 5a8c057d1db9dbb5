package dev.parley.coordination.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.coordination.gossip.FailureDetector.Change;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** B3: a failed node is noticed by its silence. */
class FailureDetectorTest {
    private final FailureDetector detector = new FailureDetector(1_000, 300);

    @Test
    void aPeerIsReachableFromItsFirstAnswerOn() {
        detector.watch("n2", 0);
        assertEquals(Set.of(), detector.reachable());
        assertEquals(Set.of(), detector.suspected());
        assertEquals(List.of(new Change("n2", true)), detector.answered("n2", 10));
        assertEquals(List.of(), detector.answered("n2", 20));
        assertEquals(Set.of("n2"), detector.reachable());
    }

    @Test
    void silenceIsSuspectedOnceAndForgivenAtTheNextAnswer() {
        detector.watch("n2", 0);
        detector.answered("n2", 0);
        for (long now = 100; now < 1_000; now += 100) {
            assertEquals(List.of(), detector.tick(now));
        }
        assertEquals(List.of(new Change("n2", false)), detector.tick(1_000));
        assertEquals(List.of(), detector.tick(1_100));
        assertEquals(Set.of("n2"), detector.suspected());
        assertEquals(Set.of(), detector.reachable());
        assertEquals(List.of(new Change("n2", true)), detector.answered("n2", 1_200));
        assertEquals(Set.of(), detector.suspected());
    }

    @Test
    void aPeerThatNeverAnsweredIsSuspectedToo() {
        detector.watch("n2", 500);
        assertEquals(List.of(), detector.tick(1_400));
        assertEquals(List.of(new Change("n2", false)), detector.tick(1_500));
    }

    @Test
    void aPauseOfThisProcessIsNotTakenForTheSilenceOfAllOthers() {
        detector.watch("n2", 0);
        detector.answered("n2", 0);
        detector.tick(100);
        assertEquals(List.of(), detector.tick(60_100), "it was stopped for a minute and heard nobody");
        for (long now = 60_200; now < 60_700; now += 100) {
            assertEquals(List.of(), detector.tick(now));
        }
        assertEquals(List.of(new Change("n2", false)), detector.tick(60_800));
    }

    @Test
    void whoIsForgottenIsNeitherReachableNorSuspected() {
        detector.watch("n2", 0);
        detector.forget("n2");
        assertEquals(List.of(), detector.answered("n2", 10));
        assertEquals(List.of(), detector.tick(5_000));
        assertEquals(Set.of(), detector.reachable());
    }
}
