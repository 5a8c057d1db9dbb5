package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.control.ControlBoard;
import dev.parley.coordination.control.Event;
import dev.parley.store.replica.SingleNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // what is opened works by itself
final class QueueResourceTest {
    private final ControlBoard board = TestServer.board();

    @Test
    @DisplayName("E1, E3, E6: the level of this node, what it holds back and when that ends")
    void theLevelIsShownAndWhatIsHeldBackIsNotListed() {
        try (SingleNode node = SingleNode.start();
                TestServer server = TestServer.of(TestServer.listen(
                        node.replica(),
                        List.of(),
                        Set.of(),
                        Checkpoints.NONE,
                        RequestLimits.AGREED,
                        WatchResource.SILENCE_MAX,
                        board))) {
            assertEquals(
                    "{\"level\":0,\"depth\":0,\"reset_at\":null}",
                    server.get("/v1/queue").body());
            try (var hold = board.events().raise("test", Event.PRIORITY_MAX, Duration.ofHours(1), System.nanoTime())) {
                board.events().add(Event.SYSTEM, "held", "");
                var queue = server.get("/v1/queue").json();
                assertEquals(10, queue.get("level").asInt());
                assertEquals(1, queue.get("depth").asInt());
                Instant reset = Instant.parse(queue.get("reset_at").asText());
                assertTrue(reset.isAfter(Instant.now().plus(Duration.ofMinutes(30))), reset::toString);
                assertEquals(
                        0,
                        server.get("/v1/events?category=system")
                                .json()
                                .get("events")
                                .size());
            }
            assertEquals(
                    1,
                    server.get("/v1/events?category=system")
                            .json()
                            .get("events")
                            .size());
            assertEquals(
                    2,
                    server.get("/v1/events?category=queue").json().get("events").size());
            assertEquals(400, server.get("/v1/queue?level=1").status());
            assertEquals(405, server.post("/v1/queue", "{}").status());
        }
    }
}
