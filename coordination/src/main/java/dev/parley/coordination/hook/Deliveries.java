package dev.parley.coordination.hook;

import dev.parley.coordination.control.Event;
import dev.parley.store.kv.Hooks.Hook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Decides who is told next, and who is left alone. No clock, no thread, no I/O: time comes in. One thread. */
final class Deliveries {
    /** At a time, so that a few that hang do not hold everybody up, and a storm of events opens few connections. */
    static final int UNDER_WAY_MAX = 8;

    private static final Comparator<Line> ORDER = Comparator.comparingInt(
                    (Line line) -> line.hook().priority())
            .reversed()
            .thenComparing(line -> line.hook().id())
            .thenComparing(Line::scope);

    private record Name(String hook, long created, Event.Scope scope) {}

    /** A target's breaker is another one now. */
    record Change(Target target, Breaker now) {}

    /** @param send to be sent now, in this order */
    record Step(List<Line> send, List<Change> changes) {}

    private final Map<Name, Line> lines = new HashMap<>();
    private final Map<Target, Breaker> breakers = new HashMap<>();

    /**
     * From now on these hooks are told of what is in this scope, and no others.
     *
     * @param begin where one that was not told of it before begins
     */
    void hooks(Event.Scope scope, List<Hook> hooks, ToLongFunction<Hook> begin, long nowNanos) {
        List<Name> named = hooks.stream().map(hook -> name(hook, scope)).toList();
        lines.keySet().removeIf(name -> name.scope() == scope && !named.contains(name));
        for (Hook hook : hooks) {
            lines.computeIfAbsent(name(hook, scope), name -> new Line(hook, scope, begin.applyAsLong(hook), nowNanos))
                    .changed(hook, nowNanos);
        }
        List<Target> targets = lines.values().stream()
                .map(Line::target)
                .flatMap(Optional::stream)
                .toList();
        breakers.keySet().retainAll(targets);
    }

    private static Name name(Hook hook, Event.Scope scope) {
        return new Name(hook.id(), hook.created(), scope);
    }

    /** Those of a scope that wait for an event. */
    List<Line> idle(Event.Scope scope) {
        return lines.values().stream()
                .filter(line -> line.scope() == scope && line.waiting().isEmpty() && !line.isUnderWay())
                .toList();
    }

    /** Whoever is in the step counts as being told from now on, until {@link #taken} or {@link #failed}. */
    Step next(long nowNanos) {
        List<Change> changes = new ArrayList<>();
        breakers.replaceAll((target, breaker) -> changed(target, breaker, breaker.at(nowNanos), changes));
        List<Line> send = new ArrayList<>();
        long underWay = lines.values().stream().filter(Line::isUnderWay).count();
        for (Line line : lines.values().stream()
                .filter(line -> line.isDue(nowNanos))
                .sorted(ORDER)
                .toList()) {
            if (underWay < UNDER_WAY_MAX && isAdmitted(line)) {
                line.sent();
                send.add(line);
                underWay++;
            }
        }
        return new Step(List.copyOf(send), List.copyOf(changes));
    }

    private boolean isAdmitted(Line line) {
        return line.target()
                .map(target -> breaker(target).admits(underWay(target)))
                .orElse(false);
    }

    private Breaker breaker(Target target) {
        return breakers.getOrDefault(target, Breaker.NEW);
    }

    private int underWay(Target target) {
        return (int) lines.values().stream()
                .filter(line -> line.isUnderWay() && line.target().equals(Optional.of(target)))
                .count();
    }

    /** The target took it. */
    List<Change> taken(Line line, Line.Waiting told, Target target) {
        line.taken(told);
        return become(target, breaker(target).succeeded());
    }

    /** The target did not take it, as far as is known. */
    List<Change> failed(Line line, Target target, long nowNanos) {
        line.failed(nowNanos);
        return become(target, breaker(target).failed(nowNanos));
    }

    private List<Change> become(Target target, Breaker next) {
        List<Change> changes = new ArrayList<>();
        breakers.put(target, changed(target, breaker(target), next, changes));
        return changes;
    }

    private static Breaker changed(Target target, Breaker before, Breaker next, List<Change> changes) {
        if (!before.event().equals(next.event())) {
            changes.add(new Change(target, next));
        }
        return next;
    }
}
