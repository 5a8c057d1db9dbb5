package dev.parley.coordination.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BreakerTest {
    private static Breaker opened(long nowNanos) {
        Breaker breaker = Breaker.NEW;
        for (int i = 0; i < Breaker.FAILURES_MAX; i++) {
            assertTrue(breaker.admits(3));
            breaker = breaker.failed(nowNanos);
        }
        return breaker;
    }

    @Test
    void itOpensAfterSoManyFailuresInARowAndASuccessCountsFromTheBeginning() {
        Breaker breaker = Breaker.NEW;
        for (int i = 1; i < Breaker.FAILURES_MAX; i++) {
            breaker = breaker.failed(0);
        }
        assertEquals(new Breaker.Closed(Breaker.FAILURES_MAX - 1), breaker);
        assertEquals(Breaker.NEW, breaker.succeeded());
        assertInstanceOf(Breaker.Open.class, breaker.failed(0));
        assertFalse(opened(0).admits(0));
    }

    @Test
    void whenItsTimeIsOverItLetsOneAttemptThroughAndThatDecides() {
        Breaker open = opened(7);
        long over = 7 + Breaker.OPEN_FIRST.toNanos();
        assertEquals(open, open.at(over - 1));
        Breaker half = open.at(over);
        assertTrue(half.admits(0));
        assertFalse(half.admits(1));
        assertEquals(Breaker.NEW, half.succeeded());
        assertEquals(
                new Breaker.Open(
                        over + Breaker.OPEN_FIRST.multipliedBy(2).toNanos(), Breaker.OPEN_FIRST.multipliedBy(2)),
                half.failed(over));
    }

    @Test
    void aTargetThatKeepsFailingIsAskedLessAndLessButNeverForgotten() {
        Breaker breaker = opened(0);
        Duration period = Breaker.OPEN_FIRST;
        long now = 0;
        for (int i = 0; i < 20; i++) {
            Breaker.Open open = assertInstanceOf(Breaker.Open.class, breaker);
            assertEquals(period, open.period());
            now = open.untilNanos();
            breaker = open.at(now).failed(now);
            Duration twice = period.multipliedBy(2);
            period = twice.compareTo(Breaker.OPEN_LAST) < 0 ? twice : Breaker.OPEN_LAST;
        }
        assertEquals(Breaker.OPEN_LAST, period);
    }

    @Test
    void anAttemptThatBeganBeforeItOpenedDoesNotProlongIt() {
        Breaker open = opened(0);
        assertEquals(open, open.failed(5_000));
        assertEquals(Breaker.NEW, open.succeeded(), "but shows that the target is well");
    }
}
