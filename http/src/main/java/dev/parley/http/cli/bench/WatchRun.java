package dev.parley.http.cli.bench;

import dev.parley.http.cli.bench.WatchBench.Plan;
import dev.parley.http.cli.bench.WatchBench.Report;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Writes at a steady rate below what is watched, one put after the other, on a thread of its own. */
public final class WatchRun {
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private final Plan plan;
    private final LongSupplier nanos;
    private final Map<Long, Long> returned = new ConcurrentSkipListMap<>();
    private final AtomicBoolean over = new AtomicBoolean();

    private WatchRun(Plan plan, LongSupplier nanos) {
        this.plan = plan;
        this.nanos = nanos;
    }

    /** @param begun called when every stream runs */
    public static Report run(Plan plan, LongSupplier nanos, Runnable begun) {
        try (WatchBench bench = new WatchBench(plan, nanos)) {
            bench.open();
            begun.run();
            WatchRun run = new WatchRun(plan, nanos);
            if (plan.writesPerSecond() == 0) {
                bench.hold(plan.duration());
            } else {
                Thread writer = Thread.ofVirtual().start(run::write);
                bench.hold(plan.duration());
                run.over.set(true);
                bench.hold(SETTLING);
                writer.join();
            }
            return bench.judge(run.returned);
        } catch (IOException failure) {
            throw new IllegalStateException(failure.getMessage(), failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", stopped);
        }
    }

    private void write() {
        long period = 1_000_000_000L / plan.writesPerSecond();
        long next = nanos.getAsLong();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; !over.get(); i++) {
                InetSocketAddress target = plan.targets().get(i % plan.targets().size());
                URI url = URI.create(
                        "http://" + target.getHostString() + ":" + target.getPort() + "/v1/kv/bench-watch/" + i % 100);
                var put = HttpRequest.newBuilder(url)
                        .PUT(HttpRequest.BodyPublishers.ofString("v".repeat(128)))
                        .build();
                var answer = http.send(put, HttpResponse.BodyHandlers.discarding());
                long now = nanos.getAsLong();
                if (answer.statusCode() / 100 == 2) {
                    answer.headers().firstValueAsLong("Parley-Revision").ifPresent(at -> returned.put(at, now));
                }
                next += period;
                while (next - nanos.getAsLong() > 0 && !over.get()) {
                    LockSupport.parkNanos(next - nanos.getAsLong());
                }
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
