package dev.parley.coordination.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.control.Event;
import dev.parley.coordination.control.Event.Scope;
import dev.parley.store.kv.Hooks.Hook;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class DeliveriesTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Deliveries deliveries = new Deliveries();
    private long now;

    private static Hook hook(String id, String host, int priority) {
        return new Hook(id, "*", "http://" + host + "/", priority, 1, 1);
    }

    private static Event event(int number) {
        return new Event(
                "n-" + number, Scope.NODE, "system", "e", "n1", 0, number, OptionalLong.empty(), "", List.of());
    }

    private void hooks(Hook... hooks) {
        deliveries.hooks(Scope.NODE, List.of(hooks), hook -> 0, now);
    }

    /** Everybody who waits for an event gets this one. */
    private void offer(int number) {
        deliveries.idle(Scope.NODE).forEach(line -> line.offer(event(number), number));
    }

    private List<String> ids(List<Line> lines) {
        return lines.stream().map(line -> line.hook().id()).toList();
    }

    private List<Deliveries.Change> fail(Line line) {
        return deliveries.failed(line, line.target().orElseThrow(), now);
    }

    private List<Deliveries.Change> take(Line line) {
        return deliveries.taken(
                line, line.waiting().orElseThrow(), line.target().orElseThrow());
    }

    @Test
    @DisplayName("D4: higher priorities first, and of one hook one event at a time")
    void higherPrioritiesComeFirstAndEachHookHasOneEventUnderWay() {
        hooks(hook("low", "a", 1), hook("high", "b", 9), hook("b-mid", "c", 5), hook("a-mid", "d", 5));
        offer(1);
        List<Line> sent = deliveries.next(now).send();
        assertEquals(List.of("high", "a-mid", "b-mid", "low"), ids(sent));
        assertEquals(List.of(), deliveries.next(now).send());
        take(sent.getFirst());
        offer(2);
        assertEquals(List.of("high"), ids(deliveries.next(now).send()));
    }

    @Test
    void whenFewMayBeUnderWayThoseOfHigherPriorityAreTheOnes() {
        hooks(IntStream.range(0, 2 * Deliveries.UNDER_WAY_MAX)
                .mapToObj(i -> hook("h" + i, "host" + i, i))
                .toArray(Hook[]::new));
        offer(1);
        List<Line> sent = deliveries.next(now).send();
        assertEquals(Deliveries.UNDER_WAY_MAX, sent.size());
        assertTrue(sent.stream().allMatch(line -> line.hook().priority() >= Deliveries.UNDER_WAY_MAX), sent::toString);
        take(sent.getFirst());
        assertEquals(1, deliveries.next(now).send().size());
    }

    @Test
    void anEventIsToldAgainLaterAndLaterUntilItIsTakenAndOnlyThenTheNextOne() {
        hooks(hook("a", "a", 0));
        offer(1);
        Line line = deliveries.next(now).send().getFirst();
        long[] waits = {1, 2};
        for (long wait : waits) {
            fail(line);
            offer(2);
            assertEquals(1, line.waiting().orElseThrow().position(), "the first one still");
            now += wait * SECOND - 1;
            assertEquals(List.of(), deliveries.next(now).send());
            now += 1;
            assertEquals(List.of(line), deliveries.next(now).send());
        }
        take(line);
        assertEquals(1, line.position());
        offer(2);
        assertEquals(List.of(line), deliveries.next(now).send(), "without a wait: the target is well");
    }

    @Test
    void aTargetThatFailsIsLeftAloneForAllItsHooksAndOthersAreToldAllTheSame() {
        hooks(hook("x", "bad", 0));
        offer(1);
        Line x = deliveries.next(now).send().getFirst();
        List<Deliveries.Change> changes = List.of();
        for (int i = 0; i < Breaker.FAILURES_MAX; i++) {
            assertEquals(List.of(), changes);
            changes = fail(x);
        }
        assertEquals(List.of("breaker_opened bad:80"), told(changes));
        hooks(hook("x", "bad", 0), hook("y", "bad", 0), hook("y2", "bad", 0), hook("z2", "good", 0));
        offer(1);
        assertEquals(List.of("z2"), ids(deliveries.next(now).send()));
        now += Breaker.OPEN_FIRST.toNanos();
        assertEquals(
                List.of("breaker_half_opened bad:80"), told(deliveries.next(now).changes()));
    }

    private static List<String> told(List<Deliveries.Change> changes) {
        return changes.stream()
                .map(change -> change.now().event() + " " + change.target())
                .toList();
    }

    @Test
    void aBreakerThatIsHalfOpenLetsOneThroughAndClosesWhenItSucceeds() {
        hooks(hook("x", "bad", 1));
        offer(1);
        Line x = deliveries.next(now).send().getFirst();
        for (int i = 0; i < Breaker.FAILURES_MAX; i++) {
            fail(x);
        }
        hooks(hook("x", "bad", 1), hook("y", "bad", 0));
        offer(1);
        assertEquals(List.of(), deliveries.next(now).send());
        now += Line.AGAIN_LAST.toNanos();
        assertEquals(List.of("x"), ids(deliveries.next(now).send()));
        assertEquals(List.of(), deliveries.next(now).send(), "one is enough to know");
        assertEquals(List.of("breaker_closed bad:80"), told(take(x)));
        assertEquals(List.of("y"), ids(deliveries.next(now).send()));
    }

    @Test
    void aHookThatIsGoneIsToldNothingAndOneMadeAnewBeginsAnew() {
        hooks(hook("a", "a", 0));
        offer(1);
        hooks();
        assertEquals(List.of(), deliveries.next(now).send());
        deliveries.hooks(Scope.NODE, List.of(new Hook("a", "*", "http://a/", 0, 2, 2)), hook -> 40, now);
        assertEquals(40, deliveries.idle(Scope.NODE).getFirst().position());
    }

    @Test
    void aChangedAddressIsToldAtOnceWhatTheOldOneDidNotTake() {
        hooks(hook("a", "old", 0));
        offer(1);
        Line line = deliveries.next(now).send().getFirst();
        fail(line);
        deliveries.hooks(Scope.NODE, List.of(new Hook("a", "*", "http://new/", 0, 1, 2)), hook -> 0, now);
        assertEquals(List.of(line), deliveries.next(now).send());
        assertEquals("new:80", line.target().orElseThrow().toString());
    }
}
