package dev.parley.coordination.process.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void fiveFieldsBeginWithTheMinuteAndSixWithTheSecond() {
        assertEquals(
                Optional.of(Instant.parse("2026-03-01T12:05:00Z")),
                Schedule.parse("*/5 * * * *", ZoneOffset.UTC).after(NOON));
        assertEquals(
                Optional.of(Instant.parse("2026-03-01T12:00:01Z")),
                Schedule.parse("* * * * * *", ZoneOffset.UTC).after(NOON));
        assertEquals(
                Optional.of(Instant.parse("2026-03-02T05:30:00Z")),
                Schedule.parse("30 6 * * 1", ZoneId.of("Europe/Berlin")).after(NOON));
    }

    @Test
    void whatIsNoExpressionIsRefused() {
        for (String wrong : List.of("", "* * * *", "61 * * * *", "hourly", "* * * * * * *", "*/0 * * * *")) {
            assertThrows(IllegalArgumentException.class, () -> Schedule.parse(wrong, ZoneOffset.UTC), wrong);
        }
    }

    @Test
    void ofTooManyTicksTheNewestCount() {
        List<Instant> ticks = Schedule.parse("* * * * *", ZoneOffset.UTC).between(NOON, NOON.plusSeconds(600), 3);
        assertEquals(List.of(NOON.plusSeconds(480), NOON.plusSeconds(540), NOON.plusSeconds(600)), ticks);
    }

    /** However the looks fall, each tick comes once. */
    @Test
    void everyTickIsDueExactlyOnceHoweverOftenOneLooks() {
        Random random = new Random(1);
        Plan plan = new Plan(
                Schedule.parse("*/2 * * * * *", ZoneOffset.UTC), Duration.ofMinutes(1), Plan.Unfinished.SKIP, 10);
        Instant last = NOON;
        Instant now = NOON;
        List<Instant> ticks = new java.util.ArrayList<>();
        while (now.isBefore(NOON.plusSeconds(300))) {
            now = now.plusMillis(random.nextInt(20_000));
            for (Instant tick : plan.due(last, now)) {
                ticks.add(tick);
                last = tick;
            }
        }
        assertEquals(
                IntStream.rangeClosed(1, ticks.size())
                        .mapToObj(each -> NOON.plusSeconds(2L * each))
                        .toList(),
                ticks);
        assertTrue(ticks.size() >= 150);
    }

    @Test
    void aTickThatIsTooLateIsNotRun() {
        Plan plan =
                new Plan(Schedule.parse("* * * * *", ZoneOffset.UTC), Duration.ofSeconds(90), Plan.Unfinished.SKIP, 10);
        assertEquals(List.of(NOON.plusSeconds(3_600)), plan.due(NOON, NOON.plusSeconds(3_600 + 31)));
    }

    @Test
    void theHistoryIsBoundedAndForgetsNoOpenClaim() {
        Plan plan =
                new Plan(Schedule.parse("* * * * *", ZoneOffset.UTC), Duration.ofSeconds(90), Plan.Unfinished.RETRY, 2);
        Tick open = Tick.claimed(NOON, "c", 1, 7, "n1");
        List<Tick> over = IntStream.rangeClosed(1, 4)
                .mapToObj(each -> Tick.claimed(NOON.plusSeconds(60L * each), "c", 1, 7, "n1")
                        .ended(Tick.State.DONE, ""))
                .toList();
        List<Tick> all = new java.util.ArrayList<>(List.of(open));
        all.addAll(over);
        assertEquals(over.subList(0, 2), plan.tooOld(all));
        assertTrue(plan.isRunAgain(open));
        assertTrue(!plan.isRunAgain(Tick.claimed(NOON, "c", Plan.ATTEMPTS_MAX, 7, "n1")));
    }

    @Test
    void aRecordIsReadAsItWasWritten() {
        Tick tick = Tick.claimed(NOON, "c", 2, 7, "n1").ended(Tick.State.FAILED, "no \"way\"");
        assertEquals(Optional.of(tick), Tick.decode(tick.encoded()));
        assertEquals("tick/2026-03-01T12:00:00Z", tick.key());
        assertEquals(Optional.empty(), Tick.decode(new byte[] {1, 2}));
        assertEquals(Optional.empty(), Tick.decode("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
}
