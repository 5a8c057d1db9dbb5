package dev.parley.coordination.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.ClusterEvents.ClusterEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class EventLogTest {
    private final EventLog log = new EventLog("n1", "abcdefgh-1", () -> 5);

    private static ClusterEvent agreed(long sequence, long stamp) {
        return new ClusterEvent(sequence, 10, "node_joined", "n2", 1, stamp, 3, "", List.of());
    }

    private List<String> ids(long position, String category, int limit) {
        return log.after(position, category, limit).events().stream()
                .map(Event::id)
                .toList();
    }

    @Test
    @DisplayName("A10, H16: a cluster event is listed once, however often the state is read")
    void aClusterEventIsListedOnce() {
        log.add("system", "a", "");
        log.addAgreed(List.of(agreed(1, 1), agreed(2, 2)));
        log.addAgreed(List.of(agreed(1, 1), agreed(2, 2), agreed(3, 3)));

        assertEquals(List.of("n-abcdefgh-1", "c-1", "c-2", "c-3"), ids(0, "", 10));
        assertEquals(4, log.nextSequence());
    }

    @Test
    @DisplayName("K9: what follows an event has a larger stamp")
    void anOwnEventIsStampedAboveTheClusterEventsSeen() {
        assertEquals(1, log.add("system", "a", "").stamp());
        log.addAgreed(List.of(agreed(1, 50)));
        assertEquals(51, log.add("system", "b", "").stamp());
        log.addAgreed(List.of(agreed(2, 20)));
        assertEquals(52, log.add("system", "c", "").stamp());
    }

    @Test
    void aPageGoesOnWhereTheOneBeforeEnded() {
        for (int i = 0; i < 5; i++) {
            log.add(i % 2 == 0 ? "system" : "cluster", "e" + i, "");
        }
        EventLog.Page first = log.after(0, "system", 2);
        assertEquals(List.of("n-abcdefgh-1", "n-abcdefgh-3"), ids(0, "system", 2));
        assertEquals(List.of("n-abcdefgh-5"), ids(first.position(), "system", 2));
        assertEquals(List.of(), ids(5, "", 2));
        assertEquals(3, log.positionOf("n-abcdefgh-3"));
        assertEquals(0, log.positionOf("n-other-3"));
        assertEquals(3, log.positionOf(log.cursor(3)));
        assertEquals(0, log.positionOf("at-n-other-3"));
    }

    @Test
    void onlyTheNewestAreKeptAndPositionsStay() {
        for (int i = 0; i < EventLog.EVENTS_MAX + 3; i++) {
            log.add("system", "e", "");
        }
        assertEquals(List.of("n-abcdefgh-4"), ids(0, "", 1));
        assertEquals(List.of("n-abcdefgh-" + (EventLog.EVENTS_MAX + 3)), ids(EventLog.EVENTS_MAX + 2, "", 9));
    }

    @Test
    void whoWaitsIsWokenByTheNextEvent() {
        assertFalse(log.await(0, Duration.ZERO));
        var waiting = CompletableFuture.supplyAsync(() -> log.await(0, Duration.ofSeconds(20)));
        log.add("system", "a", "");
        assertTrue(waiting.join());
    }

    private List<String> names() {
        return log.after(0, "", 100).events().stream().map(Event::name).toList();
    }

    @Test
    @DisplayName(
            "E1, E2, E5, C14: events are held back while the level is raised, with their ids, and told in order afterwards")
    void eventsAreHeldBackWhileTheLevelIsRaised() {
        EventLog.Hold hold = log.raise("test", Event.PRIORITY_MAX, Duration.ofSeconds(1), 0);
        log.add("system", "a", "");
        log.addAgreed(List.of(agreed(1, 9)));
        log.add("integrity", "b", "");
        assertEquals(List.of("queue_raised", "b"), names());
        assertEquals(2, log.level().depth());
        assertEquals(2, log.nextSequence(), "it is not read again");
        hold.close();
        hold.close();
        assertEquals(List.of("queue_raised", "b", "a", "node_joined", "queue_lowered"), names());
        assertEquals(new EventLog.Level(0, 0, java.util.OptionalLong.empty()), log.level());
    }

    @Test
    @DisplayName("E5: a hold whose holder died ends by itself")
    void aHoldEndsWhenItsTimeRunsOut() {
        EventLog.Hold hold = log.raise("test", Event.PRIORITY_MAX, Duration.ofNanos(10), 5);
        log.add("system", "a", "");
        log.expire(14);
        assertEquals(List.of("queue_raised"), names());
        log.expire(15);
        assertEquals(List.of("queue_raised", "a", "queue_lowered"), names());
        hold.close();
        assertEquals(3, names().size());
    }
}
