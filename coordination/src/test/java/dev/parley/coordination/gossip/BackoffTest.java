package dev.parley.coordination.gossip;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void theWaitDoublesUpToItsBoundAndBeginsAnewAfterASuccess() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), new SplittableRandom(1));
        long[] whole = {100, 200, 400, 800, 1_000, 1_000};
        for (long bound : whole) {
            long wait = backoff.next().toMillis();
            assertTrue(wait >= bound / 2 && wait <= bound, wait + " for " + bound);
        }
        backoff.succeeded();
        assertTrue(backoff.next().toMillis() <= 100);
    }

    @Test
    void itNeverOverflows() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), new SplittableRandom(1));
        for (int i = 0; i < 10_000; i++) {
            long wait = backoff.next().toMillis();
            assertTrue(wait >= 50 && wait <= 1_000, "" + wait);
        }
    }
}
