package dev.parley.coordination.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.control.Event.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class EventQueueTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final EventQueue queue = new EventQueue();

    private static Event event(int number, String category) {
        return new Event(
                "n-" + number, Scope.NODE, category, "e", "n1", 0, number, OptionalLong.empty(), "", List.of());
    }

    private static Event low(int number) {
        return event(number, Event.SYSTEM);
    }

    private List<Event> offer(Event event) {
        return queue.offer(event).events();
    }

    private List<Event> expire(long nowNanos) {
        return queue.expire(nowNanos).events();
    }

    @Test
    @DisplayName("E1, E2, E3: what comes while the level is raised waits, and passes in order when it falls")
    void whatIsHeldBackPassesInOrderWhenTheLevelFalls() {
        assertEquals(List.of(low(1)), offer(low(1)));
        long raise = queue.raise(10, MINUTE, 0);
        assertEquals(10, queue.level());
        assertEquals(List.of(), offer(low(2)));
        assertEquals(List.of(), offer(low(3)));
        assertEquals(2, queue.depth());
        assertEquals(List.of(low(2), low(3)), queue.end(raise));
        assertEquals(List.of(), queue.end(raise), "a second time is nothing");
        assertEquals(0, queue.level());
        assertEquals(List.of(low(4)), offer(low(4)));
    }

    @Test
    @DisplayName("E4: an event of the same or a higher priority passes at once")
    void anEventOfTheSamePriorityPasses() {
        queue.raise(5, MINUTE, 0);
        offer(low(1));
        Event leadership = event(2, Event.LEADERSHIP);
        assertEquals(5, leadership.priority());
        assertEquals(List.of(leadership), offer(leadership));
        queue.raise(6, MINUTE, 0);
        assertEquals(List.of(), offer(leadership));
        Event integrity = event(3, Event.INTEGRITY);
        assertEquals(List.of(integrity), offer(integrity));
    }

    @Test
    @DisplayName(
            "E5: when the time of a nested raise runs out the level is the previous one, not 0; then that one's runs out")
    void aTimeoutFallsBackToThePreviousLevel() {
        queue.raise(5, Duration.ofNanos(100), 0);
        queue.raise(10, Duration.ofNanos(10), 0);
        assertEquals(OptionalLong.of(10), queue.fallsAtNanos());
        Event leadership = event(1, Event.LEADERSHIP);
        offer(leadership);
        offer(low(2));
        assertEquals(List.of(), expire(9));
        assertEquals(List.of(leadership), expire(10));
        assertEquals(5, queue.level());
        assertEquals(OptionalLong.of(100), queue.fallsAtNanos());
        assertEquals(List.of(low(2)), expire(100));
        assertEquals(0, queue.level());
        assertEquals(OptionalLong.empty(), queue.fallsAtNanos());
    }

    @Test
    void theOuterRaiseMayEndFirst() {
        long outer = queue.raise(5, MINUTE, 0);
        long inner = queue.raise(10, MINUTE, 0);
        offer(low(1));
        assertEquals(List.of(), queue.end(outer));
        assertEquals(10, queue.level());
        assertEquals(List.of(low(1)), queue.end(inner));
    }

    @Test
    @DisplayName("E2: it is bounded, and rather ends every raise than lose an event")
    void whenTooMuchIsHeldBackEverythingPasses() {
        queue.raise(10, MINUTE, 0);
        queue.raise(9, MINUTE, 0);
        for (int i = 0; i < EventQueue.HELD_MAX; i++) {
            assertEquals(List.of(), offer(low(i)));
        }
        EventQueue.Passed passed = queue.offer(low(EventQueue.HELD_MAX));
        assertEquals(2, passed.raisesEnded());
        assertEquals(
                IntStream.rangeClosed(0, EventQueue.HELD_MAX).boxed().toList(),
                passed.events().stream().map(event -> (int) event.stamp()).toList());
        assertEquals(0, queue.level());
    }

    @Test
    void tooManyRaisesAreNotTaken() {
        for (int i = 0; i < EventQueue.RAISES_MAX; i++) {
            assertTrue(queue.raise(1, MINUTE, 0) > 0);
        }
        assertEquals(0, queue.raise(10, MINUTE, 0));
        assertEquals(1, queue.level());
    }

    @Test
    void whateverHappensNothingIsLostOrDoubledAndEachPriorityKeepsItsOrder() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new SplittableRandom(seed);
            var any = new EventQueue();
            List<Event> passed = new ArrayList<>();
            List<Long> raises = new ArrayList<>();
            int offered = 0;
            for (int step = 0; step < 300; step++) {
                switch (random.nextInt(5)) {
                    case 0 ->
                        raises.add(any.raise(random.nextInt(1, 11), Duration.ofNanos(random.nextInt(1, 40)), step));
                    case 1 -> passed.addAll(any.expire(step).events());
                    case 2 -> {
                        if (!raises.isEmpty()) {
                            passed.addAll(any.end(raises.remove(random.nextInt(raises.size()))));
                        }
                    }
                    default -> {
                        String category = List.of(Event.SYSTEM, Event.LEADERSHIP, Event.INTEGRITY)
                                .get(random.nextInt(3));
                        passed.addAll(any.offer(event(offered++, category)).events());
                    }
                }
            }
            passed.addAll(any.expire(1_000_000).events());
            assertEquals(offered, passed.stream().distinct().count(), "seed " + seed);
            assertEquals(offered, passed.size(), "seed " + seed);
            for (int priority : new int[] {0, 5, 10}) {
                List<Long> stamps = passed.stream()
                        .filter(event -> event.priority() == priority)
                        .map(Event::stamp)
                        .toList();
                assertEquals(stamps.stream().sorted().toList(), stamps, "seed " + seed);
            }
        }
    }
}
