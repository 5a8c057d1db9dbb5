package dev.parley.store.kv;

import static dev.parley.store.kv.Script.put;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AgreedClockTest {
    private static final long NOW = 1_750_000_000_000L;
    private static final long YEAR_2036 = 2_090_000_000_000L;
    private static final long LEAD = Duration.ofSeconds(10).toMillis();

    private final Script script = new Script();

    @Test
    void aClockInTheFarFutureMovesTheAgreedTimeByTenSecondsAtMost() {
        begin();

        assertEquals(NOW + LEAD, timeOfAWriteAt(YEAR_2036));
        assertEquals(NOW + LEAD, timeOfAWriteAt(NOW + 1));
        assertEquals(NOW + LEAD, Agreed.timeMillis(script.map));
    }

    @Test
    void aClockThatIsBehindDoesNotMoveTheAgreedTimeBack() {
        begin();
        timeOfAWriteAt(NOW + 500);

        assertEquals(NOW + 500, timeOfAWriteAt(0));
        assertEquals(NOW + 500, timeOfAWriteAt(-1));
        assertEquals(NOW + 501, timeOfAWriteAt(NOW + 501));
    }

    @Test
    void aTickMovesTheAgreedTimeOnAndNeverBack() {
        long epoch = begin();
        script.run(new Command.Tick(epoch, NOW + 60_000));
        assertEquals(NOW + 60_000, Agreed.timeMillis(script.map));

        script.run(new Command.Tick(epoch, NOW));
        assertEquals(NOW + 60_000, Agreed.timeMillis(script.map));
        assertEquals(NOW + 60_000, timeOfAWriteAt(YEAR_2036), "ten seconds after the last tick are long past");
    }

    @Test
    void beforeTheFirstTickWritesBearTheWritersClockAndNothingOfItIsKept() {
        assertEquals(YEAR_2036, timeOfAWriteAt(YEAR_2036));
        assertEquals(0, Agreed.timeMillis(script.map));

        begin();
        assertEquals(NOW, timeOfAWriteAt(NOW));
    }

    @Test
    void theTimeCanAlwaysBeWrittenDown() {
        long epoch = script.lead();
        script.run(new Command.Tick(epoch, Long.MAX_VALUE));

        assertEquals(253_402_300_799_999L, timeOfAWriteAt(Long.MAX_VALUE));
        assertEquals(253_402_300_799_999L, timeOfAWriteAt(Long.MIN_VALUE));
    }

    private long begin() {
        script.clockMillis = NOW;
        long epoch = script.lead();
        script.run(new Command.Tick(epoch, NOW));
        return epoch;
    }

    private long timeOfAWriteAt(long clockMillis) {
        script.clockMillis = clockMillis;
        script.run(put("a", "x"));
        return script.map.revision(script.revision()).orElseThrow().atMillis();
    }
}
