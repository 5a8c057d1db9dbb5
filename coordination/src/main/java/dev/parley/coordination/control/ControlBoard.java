package dev.parley.coordination.control;

import dev.parley.store.kv.ClusterEvents;
import dev.parley.store.kv.MapView;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Where the control plane of a node shows what it knows, to those who answer requests. Any thread. */
public final class ControlBoard {
    private final EventLog events;
    private final NodeReports reports;
    private final AtomicReference<Subsystems> subsystems;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicLong lookedAtMillis = new AtomicLong();

    public ControlBoard(EventLog events, NodeReports reports, Subsystems subsystems) {
        this.events = events;
        this.reports = reports;
        this.subsystems = new AtomicReference<>(subsystems);
    }

    public EventLog events() {
        return events;
    }

    public NodeReports reports() {
        return reports;
    }

    /** Takes over what the agreed state says has happened. @return what is new */
    public List<Event> follow(MapView view) {
        return events.addAgreed(ClusterEvents.from(view, events.nextSequence()));
    }

    public Subsystems subsystems() {
        return subsystems.get();
    }

    /** When {@link #subsystems} was looked at last, Unix ms. */
    public long lookedAtMillis() {
        return lookedAtMillis.get();
    }

    public void looked(Subsystems now, long epochMillis) {
        subsystems.set(now);
        lookedAtMillis.set(epochMillis);
    }

    /** From now on the node is to get no new work; what it has goes on. @return false when it was so before */
    public boolean drain() {
        return draining.compareAndSet(false, true);
    }

    public boolean isDraining() {
        return draining.get();
    }
}
