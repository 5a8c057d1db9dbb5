package dev.parley.coordination.process;

import dev.parley.coordination.process.Errands.Errand;
import dev.parley.coordination.process.ProcessHost.Change;
import dev.parley.coordination.process.ProcessHost.Held;
import dev.parley.store.kv.Attendants;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.PlacementCommand.ReportInstance;
import dev.parley.store.kv.PlacementCommand.ReportInstance.Report;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Reading;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this node run what is placed on it: follows the agreed state, drives the host, says what became of each instance.
 * Two threads of its own: one that does so, and one that only watches that the cluster still answers, and stops everything
 * when it does not.
 */
public final class ProcessAgent implements AutoCloseable, ProcessHost.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessAgent.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration NAP = Duration.ofMillis(20);
    private static final Duration ASKED_WITHIN = Duration.ofSeconds(5);
    private static final Duration HANDED_ON_WITHIN = Duration.ofSeconds(2);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(2);

    private final String node;
    private final Replica replica;
    private final LongSupplier nanos;
    private final Lifeline lifeline;
    private final Consumer<String> halt;
    private final Thread thread = Thread.ofPlatform().daemon().name("processes").unstarted(this::run);
    private final Thread watch =
            Thread.ofPlatform().daemon().name("processes-watch").unstarted(this::watch);
    private final Map<Held, Report> reports = new ConcurrentHashMap<>();
    private final Set<Held> underWay = ConcurrentHashMap.newKeySet();
    private final Set<Held> over = ConcurrentHashMap.newKeySet();
    private final Set<Held> stopping = ConcurrentHashMap.newKeySet();
    // Of the first thread alone.
    private long askedNanos;
    private long seen;
    private boolean due = true;

    private volatile Optional<ProcessHost> host = Optional.empty();
    private volatile boolean taking = true;
    private volatile boolean closed;

    /**
     * @param session after which silence of this node the others may take over what it runs
     * @param nanos monotonic
     * @param halt ends this program at once, because an instance cannot be stopped; takes the reason
     */
    public ProcessAgent(
            String node, Replica replica, Supplier<Duration> session, LongSupplier nanos, Consumer<String> halt) {
        this.node = node;
        this.replica = replica;
        this.nanos = nanos;
        this.halt = halt;
        this.lifeline = new Lifeline(() -> session.get().toNanos(), nanos.getAsLong());
    }

    /** Begins. @param runs what runs the instances, and tells this agent of their changes */
    public void start(ProcessHost runs) {
        host = Optional.of(runs);
        thread.start();
        watch.start();
    }

    @Override
    public void changed(String name, long token, Change change) {
        Held instance = new Held(name, token);
        if (change instanceof ProcessHost.Finished || change instanceof ProcessHost.Failed) {
            over.add(instance);
        }
        report(change).ifPresent(report -> reports.put(instance, report));
        sendReports();
    }

    private static Optional<Report> report(Change change) {
        return switch (change) {
            case ProcessHost.Starting starting -> Optional.empty();
            case ProcessHost.Running(int restarts) -> Optional.of(new Report.Running(restarts));
            case ProcessHost.Ended(int restarts, String reason) -> Optional.of(new Report.Ended(restarts, reason));
            case ProcessHost.Finished(int restarts) -> Optional.of(new Report.Finished(restarts));
            case ProcessHost.Failed(int restarts, String reason) -> Optional.of(new Report.Failed(restarts, reason));
        };
    }

    // -- what runs and what should ----------------------------------------------------------------------------------

    private void run() {
        while (!closed) {
            try {
                look(host.orElseThrow());
            } catch (RuntimeException fault) {
                LOG.atError().setCause(fault).log("a look at the processes failed; the next one follows");
                LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
            }
        }
    }

    private void look(ProcessHost runs) {
        if (!replica.status().staleReady()) {
            LockSupport.parkNanos(this, LOOK_EVERY.toNanos()); // the node has not joined yet
            return;
        }
        boolean concerned = isConcerned(runs);
        if (concerned && (due || !taking || nanos.getAsLong() - askedNanos >= lifeline.periodNanos())) {
            due = false;
            ask(runs);
        }
        sendReports();
        rest(concerned ? lifeline.periodNanos() : LOOK_EVERY.toNanos());
    }

    private void ask(ProcessHost runs) {
        askedNanos = nanos.getAsLong();
        Reading reading = replica.readLinearizable(0, Duration.ofNanos(lifeline.periodNanos() * 2));
        if (reading instanceof Reading.Ready(StateView view, long age)) {
            try (view) {
                lifeline.answered(askedNanos);
                seen = view.position().revision();
                attend(runs, view);
            }
        } else {
            due = true;
            LockSupport.parkNanos(this, NAP.toNanos());
        }
    }

    private void rest(long nanosMax) {
        if (!reports.isEmpty()) {
            due = true;
            LockSupport.parkNanos(this, NAP.toNanos());
            return;
        }
        long start = nanos.getAsLong();
        Duration slice = Duration.ofNanos(Math.min(nanosMax, LOOK_EVERY.toNanos()));
        due |= replica.awaitChange(Keyspace.PROCESS, KeyRange.ALL, seen, slice);
        long left = NAP.toNanos() - (nanos.getAsLong() - start);
        if (left > 0) {
            LockSupport.parkNanos(this, left); // what comes together is looked at together
        }
    }

    /** A node that runs nothing asks the cluster nothing. */
    private boolean isConcerned(ProcessHost runs) {
        if (!runs.held().isEmpty() || !reports.isEmpty()) {
            return true;
        }
        Optional<StateView> newest = replica.view();
        if (newest.isEmpty()) {
            return false;
        }
        try (StateView view = newest.get()) {
            seen = Math.max(seen, view.position().revision());
            return Placing.heldBy(view, node).isPresent();
        }
    }

    private void attend(ProcessHost runs, StateView view) {
        boolean mayStart = taking && lifeline.mayStart(nanos.getAsLong());
        for (Errand errand : Errands.decide(view, node, runs.held(), over, taking)) {
            switch (errand) {
                case Errands.Start(Assignment assignment) -> {
                    if (mayStart) {
                        runs.start(assignment, new ReplicaEffects(replica, assignment.name(), assignment.token()));
                    }
                }
                case Errands.Stop stop -> stop(runs, stop);
                case Errands.Release(Held held) -> {
                    over.add(held);
                    reports.put(held, new Report.Released(Optional.empty()));
                }
            }
        }
    }

    private void stop(ProcessHost runs, Errands.Stop stop) {
        Held held = stop.held();
        if (!stopping.add(held)) {
            return;
        }
        over.add(held);
        long left = lifeline.leftNanos(nanos.getAsLong());
        Duration within = stop.within().toNanos() > left ? Duration.ofNanos(left) : stop.within();
        runs.stop(held.name(), held.token(), within).thenAccept(ended -> {
            switch (ended) {
                case ProcessHost.Stopped(Optional<byte[]> state) -> released(held, stop.told(), state);
                case ProcessHost.Killed killed -> released(held, stop.told(), Optional.empty());
                case ProcessHost.Hanging hanging -> halt.accept("process " + held.name() + " cannot be stopped");
            }
            stopping.remove(held);
            sendReports();
        });
    }

    private void released(Held held, boolean told, Optional<byte[]> state) {
        if (told) {
            reports.put(held, new Report.Released(state.map(Bytes::copyOf)));
        }
    }

    // -- what became of them ----------------------------------------------------------------------------------------

    private void sendReports() {
        for (Map.Entry<Held, Report> each : reports.entrySet()) {
            Held held = each.getKey();
            if (underWay.add(held)) {
                var command = new ReportInstance(held.name(), node, held.token(), each.getValue());
                replica.submit(Submission.of(command), ASKED_WITHIN, result -> {
                    underWay.remove(held);
                    // What was not decided is sent again by the next look; what came meanwhile at once.
                    if (result instanceof Result.Decided && !reports.remove(held, each.getValue())) {
                        sendReports();
                    }
                });
            }
        }
    }

    // -- the watch --------------------------------------------------------------------------------------------------

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(
                    this,
                    Math.min(lifeline.periodNanos() / 4, Duration.ofMillis(50).toNanos()));
            ProcessHost runs = host.orElseThrow();
            long now = nanos.getAsLong();
            if (lifeline.isOver(now) && !runs.held().isEmpty()) {
                LOG.atWarn()
                        .addKeyValue("instances", runs.held().size())
                        .log("the cluster does not answer: everything stops before another node takes over");
                lifeline.stopped(now);
                List<Held> left = runs.stopAll(Duration.ofNanos(lifeline.leftNanos(now)));
                lifeline.stopped(nanos.getAsLong());
                if (!left.isEmpty()) {
                    halt.accept("processes cannot be stopped: " + left);
                }
            }
        }
    }

    // -- the end ----------------------------------------------------------------------------------------------------

    /** Nothing new is started here; what runs is handed on for a while, then stopped. May be called twice. */
    @Override
    public void close() {
        if (closed || host.isEmpty()) {
            closed = true;
            return;
        }
        ProcessHost runs = host.get();
        long deadline = nanos.getAsLong() + HANDED_ON_WITHIN.toNanos();
        if (hasOthers()) {
            awaitNothing(runs, deadline); // the leader moves what it can, a few at a time
        }
        taking = false;
        LockSupport.unpark(thread);
        awaitNothing(runs, nanos.getAsLong() + STOPPED_WITHIN.toNanos());
        closed = true;
        join(thread);
        join(watch);
        runs.close();
    }

    private boolean hasOthers() {
        Optional<StateView> newest = replica.view();
        if (newest.isEmpty() || !replica.status().ready()) {
            return false;
        }
        try (StateView view = newest.get()) {
            return Attendants.all(view).size() > 1;
        }
    }

    private void awaitNothing(ProcessHost runs, long deadline) {
        while ((!runs.held().isEmpty() || !reports.isEmpty()) && nanos.getAsLong() - deadline < 0) {
            LockSupport.parkNanos(this, NAP.toNanos());
        }
    }

    private static void join(Thread thread) {
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
