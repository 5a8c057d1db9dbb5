package dev.parley.consistency.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.cluster.Endpoints;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.history.Event.Type;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.run.StubStore.Bug;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found out about writes that were never answered must be true; nothing may be concluded from silence. */
class InquestTest {
    private static Run.Outcome run(StubStore store, String workload) throws InterruptedException {
        Plan plan = new Plan(workload, List.of(), Duration.ofMillis(2500), 6, 400, 11, Duration.ofSeconds(2));
        return new Run(new Endpoints(store.urls()), plan).execute();
    }

    private static List<Event> resolved(Run.Outcome outcome, Type type) {
        return outcome.history().events().stream()
                .filter(event ->
                        event.type() == type && event.fields().get("resolved").equals(Json.of(true)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"set", "versioned-register", "counter", "list-append"})
    void aStoreThatDoesNotAnswerIsNoLiar(String workload) throws InterruptedException {
        try (StubStore store = new StubStore(3, Bug.LOST_ANSWERS)) {
            Run.Outcome outcome = run(store, workload);
            assertEquals(Answer.VALID, outcome.verdict().answer(), () -> outcome.verdict()
                    .findings()
                    .toString());
            assertTrue(!resolved(outcome, workload.equals("counter") ? Type.FAIL : Type.OK)
                    .isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"set", "versioned-register"})
    void whatIsFoundOutIsWhatHappened(String workload) throws InterruptedException {
        try (StubStore store = new StubStore(3, Bug.LOST_ANSWERS)) {
            Run.Outcome outcome = run(store, workload);
            Map<String, Boolean> fates = store.fates();
            resolved(outcome, Type.OK)
                    .forEach(event -> assertEquals(true, fates.get(name(workload, event)), event::toString));
            resolved(outcome, Type.FAIL)
                    .forEach(event -> assertEquals(false, fates.get(name(workload, event)), event::toString));
            assertEquals(workload.equals("set"), resolved(outcome, Type.FAIL).isEmpty());
        }
    }

    private static String name(String workload, Event event) {
        String value = event.value().text();
        return event.key() + (workload.equals("set") ? "/" + value : "") + "=" + value;
    }
}
