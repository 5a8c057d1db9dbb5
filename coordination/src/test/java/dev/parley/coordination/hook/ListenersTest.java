package dev.parley.coordination.hook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.coordination.control.Event;
import dev.parley.coordination.control.EventLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // what is opened works by itself
final class ListenersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventLog events = new EventLog("n1", "12345678", () -> 0);

    private static EventListener noting(List<String> names) {
        return event -> names.add(event.name());
    }

    @Test
    @DisplayName("D4, G9: a listener is told of every event in order, also of those before it began")
    void aListenerIsToldOfEveryEventInOrder() {
        List<String> names = new CopyOnWriteArrayList<>();
        events.add(Event.SYSTEM, "before", "");
        try (Listeners listeners = Listeners.start(events, List.of(noting(names)))) {
            events.add(Event.SYSTEM, "first", "");
            events.add(Event.CLUSTER, "second", "");
            await().atMost(PATIENCE).until(() -> names.size() == 3);
        }
        assertEquals(List.of("before", "first", "second"), names);
    }

    @Test
    void oneThatThrowsIsToldOfTheNextEventAndOneThatHangsDelaysNobody() {
        List<String> others = new CopyOnWriteArrayList<>();
        List<String> thrown = new CopyOnWriteArrayList<>();
        EventListener throwing = event -> {
            thrown.add(event.name());
            throw new IllegalStateException("on purpose");
        };
        EventListener hanging = event -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        };
        try (Listeners listeners = Listeners.start(events, List.of(hanging, throwing, noting(others)))) {
            events.add(Event.SYSTEM, "a", "");
            events.add(Event.SYSTEM, "b", "");
            await().atMost(PATIENCE).until(() -> others.size() == 2 && thrown.size() == 2);
        }
        assertEquals(others, thrown);
    }

    @Test
    void aListenerIsToldOnlyOfWhatItWants() {
        List<String> names = new CopyOnWriteArrayList<>();
        EventListener picky = new EventListener() {
            @Override
            public boolean wants(Event event) {
                return event.category().equals(Event.CLUSTER);
            }

            @Override
            public void happened(Event event) {
                names.add(event.name());
            }
        };
        try (Listeners listeners = Listeners.start(events, List.of(picky))) {
            events.add(Event.SYSTEM, "not", "");
            events.add(Event.CLUSTER, "this", "");
            await().atMost(PATIENCE).until(() -> !names.isEmpty());
        }
        assertEquals(List.of("this"), names);
    }
}
