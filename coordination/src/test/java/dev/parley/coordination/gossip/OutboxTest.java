package dev.parley.coordination.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** G10: what is urgent does not wait behind what is large. */
class OutboxTest {
    private final Outbox outbox = new Outbox(4, 100);

    private static byte[] message(int size) {
        return new byte[size];
    }

    @Test
    void theMostUrgentGoesFirstAndWithinOnePriorityTheOldest() throws InterruptedException {
        outbox.open();
        outbox.offer(Priority.DATA, message(1));
        outbox.offer(Priority.DATA, message(2));
        outbox.offer(Priority.CONTROL, message(3));
        outbox.offer(Priority.PROBE, message(4));
        assertEquals(4, outbox.take().orElseThrow().length);
        assertEquals(3, outbox.take().orElseThrow().length);
        assertEquals(1, outbox.take().orElseThrow().length);
        assertEquals(2, outbox.take().orElseThrow().length);
    }

    @Test
    void nothingIsTakenWithoutAConnectionNorBeyondTheBounds() throws InterruptedException {
        assertFalse(outbox.offer(Priority.DATA, message(1)), "there is no connection");
        outbox.open();
        assertTrue(outbox.offer(Priority.DATA, message(500)), "a single message always may wait");
        assertFalse(outbox.offer(Priority.DATA, message(1)));
        outbox.take();
        for (int i = 0; i < 4; i++) {
            assertTrue(outbox.offer(Priority.DATA, message(1)));
        }
        assertFalse(outbox.offer(Priority.PROBE, message(1)));
    }

    @Test
    void aBrokenConnectionForgetsWhatWaitsAndWakesWhoTakes() throws InterruptedException {
        outbox.open();
        outbox.offer(Priority.DATA, message(1));
        outbox.shut();
        assertEquals(Optional.empty(), outbox.take());
        outbox.open();
        Thread taker = Thread.ofVirtual().start(() -> {
            try {
                outbox.take();
            } catch (InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
        });
        while (taker.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        outbox.shut();
        taker.join();
    }
}
