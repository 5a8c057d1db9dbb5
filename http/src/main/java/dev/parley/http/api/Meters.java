package dev.parley.http.api;

import dev.parley.coordination.control.ControlBoard;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Reading;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/** What is measured of this node, for those who collect it. Looked at when asked for, but for requests. Any thread. */
final class Meters {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Kind, Timer> requests = new ConcurrentHashMap<>();
    private final MultiGauge trimHeldBy;
    private final Replica replica;

    /** Requests that are counted together. */
    private record Kind(String method, String route, int status) {}

    Meters(Replica replica, NodeFacts facts, ControlBoard board, Watches watches) {
        this.replica = replica;
        status("parley.ready", "1 when linearizable reads and writes are served", status -> bit(status.ready()));
        status("parley.leader", "1 when this node leads", status -> bit(status.leader()));
        status("parley.epoch", "in which this node leads, 0 when it does not", Replica.Status::epoch);
        status("parley.applied.index", "of the log, up to which this node has applied", Replica.Status::appliedIndex);
        status("parley.revision", "newest revision on this node", Replica.Status::revision);
        bytes("parley.log.live", "of the log that are not trimmed", () -> replica.status()
                .logBytesLive());
        gauge(
                "parley.zookeeper.connected",
                "1 while ZooKeeper is in reach",
                () -> bit(facts.zookeeper().state().equals("connected")));
        gauge("parley.peers.suspected", "peers that do not answer probes", () -> facts.suspected()
                .size());
        gauge("parley.subsystems.missing", "parts of this node that do not work", () -> board.subsystems()
                .missing()
                .size());
        gauge("parley.watches", "watches of this node", () -> watches.list().size());
        gauge("parley.watch.lag.revisions", "of the watch that is most behind", () -> watchLag(replica, watches));
        seconds("parley.apply.lag", "since this node last knew that it was current", () -> ageSeconds(replica));
        seconds("parley.uptime", "since the process began", () -> facts.uptime().toMillis() / 1_000.0);
        trimHeldBy = MultiGauge.builder("parley.trim.held.by")
                .description("1 for each node whose tables hold the log back")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
    }

    /** A request was answered, or its answer begun. @param route as the reference writes it; empty when there is none */
    void answered(String method, String route, int status, long nanos) {
        requests.computeIfAbsent(new Kind(method, route, status), this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Kind kind) {
        return Timer.builder("parley.http.requests")
                .description("until the answer, or its beginning")
                .tags("method", kind.method(), "route", kind.route(), "status", Integer.toString(kind.status()))
                .register(registry);
    }

    String scrape() {
        List<MultiGauge.Row<?>> rows = replica.status().trimHeldBy().stream()
                .<MultiGauge.Row<?>>map(node -> MultiGauge.Row.of(Tags.of("node", node), 1))
                .toList();
        trimHeldBy.register(rows, true);
        return registry.scrape();
    }

    private void status(String name, String what, ToDoubleFunction<Replica.Status> value) {
        gauge(name, what, () -> value.applyAsDouble(replica.status()));
    }

    private void gauge(String name, String what, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble).description(what).register(registry);
    }

    private void bytes(String name, String what, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble)
                .description(what)
                .baseUnit("bytes")
                .register(registry);
    }

    private void seconds(String name, String what, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble)
                .description(what)
                .baseUnit("seconds")
                .register(registry);
    }

    private static double bit(boolean set) {
        return set ? 1 : 0;
    }

    private static double watchLag(Replica replica, Watches watches) {
        long newest = replica.status().revision();
        return watches.list().stream()
                .mapToLong(watcher -> Math.max(0, newest - watcher.deliveredRevision()))
                .max()
                .orElse(0);
    }

    private static double ageSeconds(Replica replica) {
        return switch (replica.readStale(0, Duration.ZERO)) {
            case Reading.Ready(var view, long ageMillis) -> {
                view.close();
                yield ageMillis / 1_000.0;
            }
            case Reading.Unavailable unavailable -> Double.NaN;
        };
    }
}
