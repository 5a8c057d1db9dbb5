package dev.parley.store.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.store.kv.Members.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class TrimChoiceTest {
    private static final long PATIENCE = TrimChoice.PATIENCE.toNanos();

    private final TrimChoice choice = new TrimChoice();

    private static List<Member> durable(long... indexes) {
        List<Member> members = new ArrayList<>();
        for (long index : indexes) {
            int number = members.size() + 1;
            members.add(new Member("n" + number, new UUID(0, number), "", 1, index));
        }
        return members;
    }

    @Test
    void aStoreThatIsBehindIsWaitedForAndTheLastEntryItHoldsIsKept() {
        assertEquals(99, choice.upTo(durable(900, 100, 500), 500, false, 0));
        assertEquals(99, choice.upTo(durable(900, 100, 500), 500, false, PATIENCE - 1));
    }

    @Test
    void aStoreWhoseReportStandsStillForTooLongIsWaitedForNoLonger() {
        choice.upTo(durable(800, 100, 500), 500, false, 0);
        choice.upTo(durable(900, 100, 600), 600, false, PATIENCE / 2);
        assertEquals(599, choice.upTo(durable(900, 100, 600), 600, false, PATIENCE));
        assertEquals(100, choice.upTo(durable(900, 101, 600), 600, false, PATIENCE + 1));
    }

    @Test
    void inALogThatFillsUpNobodyIsWaitedFor() {
        assertEquals(499, choice.upTo(durable(900, 100, 500), 500, true, 0));
    }

    @Test
    void neverMoreIsGivenUpThanEnoughStoresHold() {
        choice.upTo(durable(900, 0), 0, false, 0);
        assertEquals(
                -1, choice.upTo(durable(900, 0), 0, true, Duration.ofDays(1).toNanos()));
        assertEquals(-1, choice.upTo(List.of(), 0, false, 0));
    }

    @Test
    void aNewLeaderMeasuresAnew() {
        choice.upTo(durable(900, 100, 600), 600, false, 0);
        choice.forget();
        assertEquals(99, choice.upTo(durable(900, 100, 600), 600, false, PATIENCE));
    }
}
