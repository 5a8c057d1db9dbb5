package dev.parley.http.cli.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/** Runs a plan: one loop a thread, connections shared out evenly. */
public final class Bench {
    private Bench() {}

    /** @param nanos monotonic */
    public static BenchReport run(BenchPlan plan, long seed, LongSupplier nanos) {
        var random = new SplittableRandom(seed);
        var filled = new AtomicInteger();
        int threads = Math.min(plan.threads(), plan.connections());
        List<LoadLoop> loops = new ArrayList<>();
        long start = nanos.getAsLong();
        try (var executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> running = new ArrayList<>();
            int shared = 0;
            for (int i = 0; i < threads; i++) {
                var loop = new LoadLoop(plan, new Requests(plan, random.split(), filled), nanos);
                int connections = plan.connections() / threads + (i < plan.connections() % threads ? 1 : 0);
                int first = shared;
                shared += connections;
                loops.add(loop);
                running.add(executor.submit(() -> loop.run(connections, first, start)));
            }
            for (Future<?> loop : running) {
                loop.get();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", stopped);
        } catch (ExecutionException failure) {
            throw new IllegalStateException("the load generator failed: " + failure.getCause(), failure.getCause());
        }
        return report(plan, loops, nanos.getAsLong() - start);
    }

    private static BenchReport report(BenchPlan plan, List<LoadLoop> loops, long tookNanos) {
        var latency = new Histogram(3);
        Map<String, Long> failures = new HashMap<>();
        long operations = 0;
        for (LoadLoop loop : loops) {
            latency.add(loop.latencyMicros());
            loop.failures().forEach((what, count) -> failures.merge(what, count, Long::sum));
            operations += loop.operations();
        }
        double seconds = plan.workload() == BenchPlan.Workload.FILL
                ? tookNanos / 1e9
                : plan.duration().toNanos() / 1e9;
        return new BenchReport(plan, operations, seconds, latency, failures);
    }
}
