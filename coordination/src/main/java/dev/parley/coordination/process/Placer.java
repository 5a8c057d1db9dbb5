package dev.parley.coordination.process;

import dev.parley.store.kv.ClusterEvents;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.PlacementCommand;
import dev.parley.store.kv.PlacementCommand.NoteRedistribution;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Places processes while this node leads. Each command is checked when it is applied, so one that is late or comes from a
 * node that leads no more does nothing. A thread of its own.
 */
public final class Placer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Placer.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration NAP = Duration.ofMillis(10);
    private static final Duration ASKED_WITHIN = Duration.ofSeconds(5);
    private static final int COMMANDS_MAX = 128;

    private final Replica replica;
    private final Function<MapView, Set<String>> draining;
    private final Thread thread = Thread.ofPlatform().daemon().name("placer").unstarted(this::run);
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean missed = new AtomicBoolean();
    private Optional<Looked> looked = Optional.empty();
    private boolean redistributing;
    private volatile boolean closed;

    /** What the last plan was made from; the same again needs no other. */
    private record Looked(long epoch, long nextEvent, Set<String> draining) {}

    /** @param draining nodes that are to get nothing new */
    public Placer(Replica replica, Function<MapView, Set<String>> draining) {
        this.replica = replica;
        this.draining = draining;
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                look();
            } catch (RuntimeException fault) {
                looked = Optional.empty();
                LOG.atError().setCause(fault).log("processes could not be placed; tried again");
                LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
            }
        }
    }

    private void look() {
        var status = replica.status();
        Optional<StateView> newest = status.leader() && status.ready() ? replica.view() : Optional.empty();
        if (newest.isEmpty()) {
            looked = Optional.empty();
            redistributing = false;
            LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
            return;
        }
        long revision;
        try (StateView view = newest.get()) {
            revision = view.position().revision();
            place(view, status.epoch());
        }
        boolean changed = replica.awaitChange(Keyspace.PROCESS, KeyRange.ALL, revision, LOOK_EVERY);
        if (changed) {
            looked = Optional.empty();
        }
        LockSupport.parkNanos(this, NAP.toNanos()); // what comes together is looked at together
    }

    private void place(StateView view, long epoch) {
        if (underWay.get() > 0) {
            looked = Optional.empty();
            return;
        }
        Set<String> drained = draining.apply(view);
        var now = new Looked(epoch, ClusterEvents.next(view), drained);
        if (looked.equals(Optional.of(now)) && !missed.getAndSet(false)) {
            return;
        }
        Placing.Plan plan = Placing.decide(view, epoch, drained, COMMANDS_MAX);
        List<PlacementCommand> commands = new ArrayList<>(plan.commands());
        if (plan.moves() > 0 != redistributing) {
            redistributing = plan.moves() > 0;
            commands.addFirst(new NoteRedistribution(epoch, redistributing, plan.moves()));
        }
        looked = plan.complete() ? Optional.of(now) : Optional.empty();
        underWay.set(commands.size());
        for (PlacementCommand command : commands) {
            replica.submit(Submission.of(command), ASKED_WITHIN, result -> {
                if (!(result instanceof Result.Decided)) {
                    missed.set(true);
                }
                underWay.decrementAndGet();
                LockSupport.unpark(thread);
            });
        }
    }

    /** Returns when it places nothing any more. May be called twice. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
