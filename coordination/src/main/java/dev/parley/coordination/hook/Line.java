package dev.parley.coordination.hook;

import dev.parley.coordination.control.Event;
import dev.parley.store.kv.Hooks.Hook;
import java.time.Duration;
import java.util.Optional;

/**
 * What one hook is told of one scope, one event after the other: an event is told again until it was taken, and only then the
 * next one. One thread.
 */
final class Line {
    static final Duration AGAIN_FIRST = Duration.ofSeconds(1);
    static final Duration AGAIN_LAST = Duration.ofMinutes(1);
    private static final int DOUBLINGS_MAX = 10;

    /** @param position of the event in its feed */
    record Waiting(Event event, long position) {}

    private final Event.Scope scope;
    private Hook hook;
    private long position;
    private Optional<Waiting> waiting = Optional.empty();
    private int failures;
    private long notBeforeNanos;
    private boolean underWay;

    /** @param position the hook is told of what comes behind it */
    Line(Hook hook, Event.Scope scope, long position, long nowNanos) {
        this.hook = hook;
        this.scope = scope;
        this.position = position;
        this.notBeforeNanos = nowNanos;
    }

    Hook hook() {
        return hook;
    }

    Event.Scope scope() {
        return scope;
    }

    long position() {
        return position;
    }

    Optional<Waiting> waiting() {
        return waiting;
    }

    Optional<Target> target() {
        return Target.of(hook.url());
    }

    boolean isUnderWay() {
        return underWay;
    }

    /** What waited for the former address goes to the new one, unless it is not wanted any more. */
    void changed(Hook now, long nowNanos) {
        if (!now.equals(hook)) {
            hook = now;
            waiting = waiting.filter(next -> now.wants(next.event().name()));
            failures = 0;
            notBeforeNanos = nowNanos;
        }
    }

    /** This one is next. */
    void offer(Event event, long at) {
        waiting = Optional.of(new Waiting(event, at));
    }

    /** There is nothing for it up to here. */
    void passed(long upTo) {
        position = Math.max(position, upTo);
    }

    boolean isDue(long nowNanos) {
        return waiting.isPresent() && !underWay && nowNanos - notBeforeNanos >= 0;
    }

    void sent() {
        underWay = true;
    }

    void taken(Waiting told) {
        underWay = false;
        failures = 0;
        passed(told.position());
        waiting = waiting.filter(next -> !next.equals(told));
    }

    void failed(long nowNanos) {
        underWay = false;
        long wait = Math.min(AGAIN_LAST.toMillis(), AGAIN_FIRST.toMillis() << Math.min(failures, DOUBLINGS_MAX));
        failures++;
        notBeforeNanos = nowNanos + Duration.ofMillis(wait).toNanos();
    }
}
