package dev.parley.coordination.hook;

import dev.parley.coordination.control.Event;
import dev.parley.coordination.control.EventLog;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.ClusterEvents;
import dev.parley.store.kv.ClusterEvents.ClusterEvent;
import dev.parley.store.kv.ClusterEvents.Field;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Hooks;
import dev.parley.store.kv.Hooks.Hook;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells hooks of events: of those of the cluster the node that leads does, and has it agreed what was taken, so that the next
 * leader goes on from there; of its own events each node does. At least once: an event is told again until somebody takes it,
 * as long as it is listed. Nothing is queued: what is next is read from the lists of events. A thread of its own; each attempt
 * has a virtual one.
 */
public final class HookDelivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HookDelivery.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(10);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(2);

    /** One attempt. */
    @FunctionalInterface
    public interface Post {
        /**
         * Sends it and waits for the answer, some seconds at most.
         *
         * @return whether it was taken; false when that is not known
         */
        boolean send(Message message);
    }

    /** @param trace of the request that caused the event; empty when there is none */
    public record Message(String url, String hook, Event event, String trace, Bytes json) {}

    /**
     * @param allowed where this node may send to
     * @param json an event as the node shows it
     * @param nanos monotonic
     */
    public record Parts(
            Replica replica,
            EventLog events,
            Post post,
            Predicate<Target> allowed,
            Function<Event, Bytes> json,
            LongSupplier nanos) {}

    private record Attempt(Line line, Line.Waiting told, Target target, boolean taken) {}

    private final Parts parts;
    private final Deliveries deliveries = new Deliveries();
    private final BlockingQueue<Attempt> done = new ArrayBlockingQueue<>(2 * Deliveries.UNDER_WAY_MAX);
    private final Thread thread = Thread.ofPlatform().daemon().name("hooks").unstarted(this::run);
    private volatile boolean closed;
    private long nodePosition;
    private long epoch;

    private HookDelivery(Parts parts) {
        this.parts = parts;
    }

    public static HookDelivery start(Parts parts) {
        HookDelivery delivery = new HookDelivery(parts);
        delivery.thread.start();
        return delivery;
    }

    private void run() {
        while (!closed) {
            try {
                look();
                Optional.ofNullable(done.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS))
                        .ifPresent(this::finish);
            } catch (RuntimeException failure) {
                LOG.atError().setCause(failure).log("hooks could not be looked at; the next look follows");
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private void look() {
        long newest = parts.events().newest();
        Optional<StateView> view = parts.replica().view();
        if (view.isEmpty()) {
            return;
        }
        try (StateView state = view.get()) {
            List<Hook> hooks = Hooks.all(state, state.position().revision());
            long before = nodePosition;
            deliveries.hooks(Event.Scope.NODE, hooks, hook -> before, now());
            keepOffice();
            deliveries.hooks(
                    Event.Scope.CLUSTER, epoch == 0 ? List.of() : hooks, hook -> Hooks.told(state, hook.id()), now());
            deliveries.idle(Event.Scope.CLUSTER).forEach(line -> nextOfCluster(state, line));
        }
        deliveries.idle(Event.Scope.NODE).forEach(this::nextOfNode);
        nodePosition = newest;
        sendWhatIsDue();
    }

    /** Another epoch goes on from what is agreed. */
    private void keepOffice() {
        var status = parts.replica().status();
        long now = status.ready() && status.leader() ? status.epoch() : 0;
        if (now != epoch) {
            epoch = now;
            deliveries.hooks(Event.Scope.CLUSTER, List.of(), hook -> 0, now());
        }
    }

    private void nextOfCluster(StateView state, Line line) {
        if (ClusterEvents.next(state) - 1 <= line.position()) {
            return;
        }
        for (ClusterEvent event : ClusterEvents.from(state, line.position() + 1)) {
            if (line.hook().wants(event.name())) {
                line.offer(Event.of(event), event.sequence());
                return;
            }
            line.passed(event.sequence());
        }
    }

    private void nextOfNode(Line line) {
        while (true) {
            EventLog.Page page = parts.events().after(line.position(), "", 1);
            if (page.events().isEmpty()) {
                return;
            }
            Event event = page.events().getFirst();
            if (isToldByNode(event) && line.hook().wants(event.name())) {
                line.offer(event, page.position());
                return;
            }
            line.passed(page.position());
        }
    }

    /** What is about hooks is not told by hooks: one that fails would be told of that for ever. */
    private static boolean isToldByNode(Event event) {
        return event.scope() == Event.Scope.NODE && !event.category().equals(Event.HOOKS);
    }

    private void sendWhatIsDue() {
        Deliveries.Step step = deliveries.next(now());
        tell(step.changes());
        for (Line line : step.send()) {
            Line.Waiting next = line.waiting().orElseThrow();
            Target target = line.target().orElseThrow();
            var message = new Message(
                    line.hook().url(),
                    line.hook().id(),
                    next.event(),
                    next.event().correlation(),
                    parts.json().apply(next.event()));
            Thread.ofVirtual()
                    .name("hook")
                    .start(() -> handOver(new Attempt(line, next, target, send(message, target))));
        }
    }

    private void handOver(Attempt attempt) {
        try {
            done.put(attempt);
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean send(Message message, Target target) {
        if (!parts.allowed().test(target)) {
            LOG.atWarn().addKeyValue("hook", message.hook()).log("this node may not send to the hook's host");
            return false;
        }
        try {
            return parts.post().send(message);
        } catch (RuntimeException failure) {
            LOG.atWarn().addKeyValue("hook", message.hook()).setCause(failure).log("a hook could not be told");
            return false;
        }
    }

    private void finish(Attempt attempt) {
        Line line = attempt.line();
        if (!attempt.taken()) {
            tell(deliveries.failed(line, attempt.target(), now()));
            return;
        }
        tell(deliveries.taken(line, attempt.told(), attempt.target()));
        if (line.scope() == Event.Scope.CLUSTER && epoch != 0) {
            Hook hook = line.hook();
            var told = new Command.HookTold(
                    epoch, hook.id(), hook.created(), attempt.told().position());
            parts.replica().submit(Submission.of(told), TOLD_WITHIN, result -> {});
        }
    }

    private void tell(List<Deliveries.Change> changes) {
        for (Deliveries.Change change : changes) {
            parts.events()
                    .add(
                            Event.HOOKS,
                            change.now().event(),
                            "",
                            new Field("target", change.target().toString()));
            LOG.atInfo()
                    .addKeyValue("event", change.now().event())
                    .addKeyValue("target", change.target())
                    .log("the breaker of a hook's target changed");
        }
    }

    private long now() {
        return parts.nanos().getAsLong();
    }

    /** Nobody is told any more; attempts under way end by themselves. May be called twice. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(STOPS_WITHIN);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
