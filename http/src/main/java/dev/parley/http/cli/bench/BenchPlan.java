package dev.parley.http.cli.bench;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What to measure.
 *
 * @param targets connections are spread over them
 * @param connections each has one request under way
 * @param keys how many different ones, 1 to 999,999,999
 * @param readPercent of {@link Workload#MIXED}
 * @param linesPerBulk of {@link Workload#BULK}
 * @param threads that drive the connections
 */
public record BenchPlan(
        List<InetSocketAddress> targets,
        Protocol protocol,
        Workload workload,
        int connections,
        Duration duration,
        Duration warmup,
        int keys,
        int valueBytes,
        int readPercent,
        int linesPerBulk,
        int threads) {

    public BenchPlan {
        targets = List.copyOf(targets);
    }

    /** The same targets and keys, other work. */
    public BenchPlan with(Workload other, int connectionsThen, Duration durationThen) {
        return new BenchPlan(
                targets,
                protocol,
                other,
                connectionsThen,
                durationThen,
                Duration.ZERO,
                keys,
                valueBytes,
                readPercent,
                linesPerBulk,
                threads);
    }

    /** Whose HTTP is spoken. */
    public enum Protocol {
        PARLEY,
        /** The JSON gateway of etcd. */
        ETCD
    }

    public enum Workload {
        /** One key a request. */
        PUT,
        /** Linearizable. */
        GET,
        GET_STALE,
        /** Puts and linearizable gets. */
        MIXED,
        /** Many puts in one request. */
        BULK,
        /** Every key once, in order; what reading workloads begin with. */
        FILL;

        public boolean reads() {
            return this == GET || this == GET_STALE || this == MIXED;
        }
    }
}
