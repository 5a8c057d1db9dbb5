package dev.parley.coordination.process.host;

import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.Effects;
import dev.parley.coordination.process.Kinds;
import dev.parley.coordination.process.ProcessHost;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One for one: each instance is started, watched and started again by a thread of its own, by its own limit, so a crash of
 * one touches no other. Something that cannot even be killed is the shell's business: it is asked to end the node, because
 * the cluster must be able to rely on the end of what it places elsewhere.
 */
public final class Supervisor implements ProcessHost {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** Of the time that {@link #stopAll} has, what is left for killing. */
    private static final int KILL_SHARE = 4;

    private final Map<String, Instance> instances = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Outputs outputs;
    private final Surroundings around;
    private final LongSupplier nanos;

    /**
     * What a supervisor needs.
     *
     * @param listener told of what becomes of the instances; must not block
     * @param nanos monotonic
     * @param epochMillis wall clock, for people
     * @param killPatience positive; how long something may take to be gone after it was killed
     * @param halt asked, with the reason, to end the node at once; on any thread, not while the supervisor closes
     */
    public record Parts(
            Kinds kinds,
            Listener listener,
            OutputConfig output,
            LongSupplier nanos,
            LongSupplier epochMillis,
            Duration killPatience,
            Consumer<String> halt) {}

    public Supervisor(Parts parts) {
        this.nanos = parts.nanos();
        this.outputs = new Outputs(parts.output(), parts.epochMillis());
        this.around = new Surroundings(
                parts.kinds(),
                parts.listener(),
                parts.nanos(),
                parts.killPatience(),
                why -> hangs(why, parts.halt()),
                instance -> instances.remove(instance.held().name(), instance));
    }

    private void hangs(String why, Consumer<String> halt) {
        LOG.atError().addKeyValue("problem", why).log("a process hangs");
        if (!closed.get()) {
            halt.accept(why);
        }
    }

    /** @throws IllegalStateException when the name runs with another token, or after the close */
    @Override
    public void start(Assignment assignment, Effects effects) {
        if (closed.get()) {
            throw new IllegalStateException("the supervisor is closed");
        }
        var started = new Instance(assignment, effects, outputs.sink(assignment.name()), around);
        Instance running = instances.putIfAbsent(assignment.name(), started);
        if (running == null) {
            started.begin();
        } else if (running.held().token() != assignment.token()) {
            throw new IllegalStateException(assignment.name() + " runs with token "
                    + running.held().token() + ", and must be stopped before " + assignment.token() + " may start");
        }
    }

    @Override
    public CompletionStage<Stop> stop(String name, long token, Duration within) {
        Instance instance = instances.get(name);
        return instance == null || instance.held().token() != token
                ? CompletableFuture.completedStage(Stopped.nothing())
                : instance.stop(within);
    }

    @Override
    public List<Held> held() {
        return instances.values().stream()
                .map(Instance::held)
                .sorted(Comparator.comparing(Held::name))
                .toList();
    }

    @Override
    public AutoCloseable follow(String name, int newest, LogListener listener) {
        return outputs.follow(name, newest, listener);
    }

    @Override
    public List<Held> stopAll(Duration within) {
        long until = nanos.getAsLong() + within.toNanos();
        Duration asked = within.minus(within.dividedBy(KILL_SHARE));
        CompletableFuture<?>[] stops = instances.values().stream()
                .map(instance -> instance.stop(asked).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(stops)
                .completeOnTimeout(null, Math.max(0, until - nanos.getAsLong()), TimeUnit.NANOSECONDS)
                .join();
        return held();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            instances.values().forEach(instance -> instance.stop(Duration.ZERO));
            stopAll(around.killPatience());
            outputs.close();
        }
    }
}
