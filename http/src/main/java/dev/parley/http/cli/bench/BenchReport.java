package dev.parley.http.cli.bench;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What was measured.
 *
 * @param operations that succeeded; of bulk, lines
 * @param seconds they took
 * @param latencyMicros of successful requests
 * @param failures by status, or by what broke
 */
public record BenchReport(
        BenchPlan plan, long operations, double seconds, Histogram latencyMicros, Map<String, Long> failures) {

    public double ratePerSecond() {
        return seconds == 0 ? 0 : operations / seconds;
    }

    /** For people. */
    public String text() {
        String failed = failures.isEmpty()
                ? ""
                : "\nfailures   "
                        + new TreeMap<>(failures)
                                .entrySet().stream()
                                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                                        .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%s %s  connections %d, keys %d, value %d bytes, %.1f s%n"
                        + "rate       %.0f/s (%d operations)%n"
                        + "latency    p50 %.2f  p90 %.2f  p99 %.2f  p99.9 %.2f  max %.2f ms%s",
                name(plan.protocol()),
                name(plan.workload()),
                plan.connections(),
                plan.keys(),
                plan.valueBytes(),
                seconds,
                ratePerSecond(),
                operations,
                millis(50),
                millis(90),
                millis(99),
                millis(99.9),
                millis(100),
                failed);
    }

    /** One object, for programs; latencies in milliseconds. */
    public String json() {
        String failed = new TreeMap<>(failures)
                .entrySet().stream()
                        .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue())
                        .collect(Collectors.joining(","));
        return String.format(
                Locale.ROOT,
                "{\"protocol\":\"%s\",\"workload\":\"%s\",\"connections\":%d,\"keys\":%d,\"value_bytes\":%d,"
                        + "\"seconds\":%.3f,\"operations\":%d,\"rate\":%.1f,\"latency_ms\":{\"p50\":%.3f,\"p90\":%.3f,"
                        + "\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f},\"failures\":{%s}}",
                name(plan.protocol()),
                name(plan.workload()),
                plan.connections(),
                plan.keys(),
                plan.valueBytes(),
                seconds,
                operations,
                ratePerSecond(),
                millis(50),
                millis(90),
                millis(99),
                millis(99.9),
                millis(100),
                failed);
    }

    private double millis(double percentile) {
        return latencyMicros.getTotalCount() == 0 ? 0 : latencyMicros.getValueAtPercentile(percentile) / 1000.0;
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
