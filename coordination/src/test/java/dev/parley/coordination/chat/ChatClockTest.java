package dev.parley.coordination.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.lamport.LamportTime;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChatClockTest {
    @Test
    @DisplayName(
            "K7, K8, K9: a stamp is greater than everything seen before, also when the wall clock is an hour behind")
    void aStampIsGreaterThanEverythingSeen() {
        ChatClock ahead = new ChatClock(3_600_000, 0);
        ChatClock behind = new ChatClock(0, 0);
        long sent = ahead.tick();
        assertTrue(behind.witness(sent));
        long answered = behind.tick();
        assertEquals(sent + 1, answered);
        assertTrue(ahead.witness(answered));
        assertTrue(ahead.tick() > answered);
        assertTrue(ahead.witness(1));
        assertTrue(ahead.tick() > answered + 1);
    }

    @Test
    @DisplayName("K12: the clock does not go back over a restart")
    void itDoesNotGoBackOverARestart() {
        assertEquals((1L << 50) + 1, new ChatClock(5, 1L << 50).tick());
        assertEquals(6, new ChatClock(5, 4).tick());
    }

    @Test
    void aStampThatCannotBeChangesNothing() {
        ChatClock clock = new ChatClock(10, 0);
        assertFalse(clock.witness(-1));
        assertFalse(clock.witness(11 + LamportTime.LEAD_MAX));
        assertEquals(11, clock.tick());
        assertTrue(clock.witness(11 + LamportTime.LEAD_MAX));
    }

    @Test
    @DisplayName("K12: what it promises is on the disk before, so that it holds after a restart too")
    void itPromisesNoMoreThanIsReservedAndNothingThatIsUnderWay() {
        ChatClock clock = new ChatClock(100, 0);
        assertEquals(0, clock.promised());
        long reserved = clock.reservation().orElseThrow();
        assertTrue(reserved > 100);
        clock.reserved(reserved);
        assertTrue(clock.reservation().isEmpty());
        assertEquals(100, clock.promised());
        long first = clock.tick();
        long second = clock.tick();
        assertEquals(first - 1, clock.promised());
        clock.arrived(second);
        assertEquals(first - 1, clock.promised());
        clock.arrived(first);
        assertEquals(second, clock.promised());
        clock.witness(reserved + 5);
        assertEquals(reserved, clock.promised());
        assertTrue(clock.reservation().orElseThrow() > reserved + 5);
    }
}
