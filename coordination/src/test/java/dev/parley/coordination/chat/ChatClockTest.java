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
        ChatClock ahead = new ChatClock(3_600_000);
        ChatClock behind = new ChatClock(0);
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
        ChatClock clock = new ChatClock(5);
        clock.restore(1L << 50);
        clock.restore(7);
        assertEquals((1L << 50) + 1, clock.tick());
    }

    @Test
    void aStampThatCannotBeChangesNothing() {
        ChatClock clock = new ChatClock(10);
        assertFalse(clock.witness(-1));
        assertFalse(clock.witness(11 + LamportTime.LEAD_MAX));
        assertEquals(11, clock.tick());
        assertTrue(clock.witness(11 + LamportTime.LEAD_MAX));
    }
}
