package dev.parley.coordination.process.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.process.Assignment.Intensity;
import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.host.Restarts.Next;
import dev.parley.store.kv.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** C24: the limit of restarts; C8: what is started again. */
class RestartsTest {
    private static final Exit CRASH = new Exit.Failed("exit status 1");
    private static final Exit END = new Exit.Finished();
    private static final Intensity LIMIT = new Intensity(5, Duration.ofSeconds(30));
    private static final int CASES = 200;

    @Test
    void thePolicyDecidesWhatIsStartedAgain() {
        assertInstanceOf(Next.Again.class, ended(RestartPolicy.PERMANENT, CRASH));
        assertInstanceOf(Next.Again.class, ended(RestartPolicy.PERMANENT, END));
        assertInstanceOf(Next.Again.class, ended(RestartPolicy.TRANSIENT, CRASH));
        assertInstanceOf(Next.Finished.class, ended(RestartPolicy.TRANSIENT, END));
        assertEquals(new Next.Failed("exit status 1"), ended(RestartPolicy.TEMPORARY, CRASH));
        assertInstanceOf(Next.Finished.class, ended(RestartPolicy.TEMPORARY, END));
    }

    private static Next ended(RestartPolicy policy, Exit exit) {
        return Restarts.none(policy, LIMIT).ended(exit, 0);
    }

    @Test
    void thePauseDoublesAndTheFailureNamesTheLast() {
        Restarts restarts = Restarts.none(RestartPolicy.PERMANENT, LIMIT);
        List<Long> pauses = new ArrayList<>();
        long now = -5;
        while (restarts.ended(CRASH, now) instanceof Next.Again(Duration pause, Restarts then)) {
            pauses.add(pause.toMillis());
            now += pause.toNanos();
            restarts = then;
        }
        assertEquals(List.of(100L, 200L, 400L, 800L, 1600L), pauses);
        assertEquals(
                new Next.Failed("exit status 1; and it had been restarted 5 times within 30000 ms"),
                restarts.ended(CRASH, now));
    }

    @Test
    void withoutAnyRestartAllowedTheFirstFailureIsTheLast() {
        assertEquals(
                new Next.Failed("exit status 1"),
                Restarts.none(RestartPolicy.PERMANENT, new Intensity(0, Duration.ofSeconds(1)))
                        .ended(CRASH, 0));
    }

    @Test
    void whatEndsAtOnceFailsAfterExactlyAsManyRestartsAsAreAllowed() {
        Random random = new Random(1);
        for (int each = 0; each < CASES; each++) {
            Intensity limit = limit(random);
            Restarts restarts = Restarts.none(RestartPolicy.PERMANENT, limit);
            long now = random.nextLong();
            while (restarts.ended(CRASH, now) instanceof Next.Again(Duration pause, Restarts then)) {
                assertTrue(!pause.isNegative() && pause.compareTo(Restarts.LONGEST_PAUSE) <= 0, pause::toString);
                now += pause.toNanos();
                restarts = then;
                assertTrue(restarts.total() <= limit.restarts(), limit::toString);
            }
            assertEquals(limit.restarts(), restarts.total(), limit::toString);
        }
    }

    @Test
    void noWindowEverHoldsMoreRestartsThanAreAllowed() {
        Random random = new Random(2);
        for (int each = 0; each < CASES; each++) {
            Intensity limit = limit(random);
            Restarts restarts = Restarts.none(RestartPolicy.PERMANENT, limit);
            List<Long> times = new ArrayList<>();
            long now = 0;
            for (int life = 0; life < 100; life++) {
                now += random.nextLong(limit.within().toNanos() / 2);
                if (!(restarts.ended(CRASH, now) instanceof Next.Again(Duration pause, Restarts then))) {
                    break;
                }
                times.add(now);
                now += pause.toNanos();
                restarts = then;
                long since = now - limit.within().toNanos();
                long window = times.stream().filter(then2 -> then2 > since).count();
                assertTrue(window <= limit.restarts(), () -> limit + ": " + times);
            }
        }
    }

    @Test
    void whatEndsSeldomIsStartedAgainForEverAfterTheFirstPause() {
        Random random = new Random(3);
        for (int each = 0; each < 50; each++) {
            Intensity limit = new Intensity(1 + random.nextInt(5), Duration.ofSeconds(1 + random.nextInt(60)));
            Restarts restarts = Restarts.none(RestartPolicy.PERMANENT, limit);
            long now = 0;
            for (int life = 0; life < 50; life++) {
                Next next = restarts.ended(CRASH, now);
                Next.Again again = assertInstanceOf(Next.Again.class, next);
                assertTrue(again.pause().compareTo(Restarts.FIRST_PAUSE) <= 0, again::toString);
                restarts = again.then();
                now += limit.within().toNanos() + random.nextInt(1_000);
            }
            assertEquals(50, restarts.total());
        }
    }

    private static Intensity limit(Random random) {
        return new Intensity(1 + random.nextInt(100), Duration.ofMillis(1 + random.nextInt(600_000)));
    }
}
