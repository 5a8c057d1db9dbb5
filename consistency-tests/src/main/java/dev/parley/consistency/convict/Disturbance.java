package dev.parley.consistency.convict;

import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.nemesis.Fault;
import dev.parley.consistency.run.Plan;
import dev.parley.consistency.run.Run;
import dev.parley.consistency.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A run like any other: clients work while one fault comes and goes.
 *
 * @param name of the workload
 * @param cluster starts the cluster it needs
 * @param fault empty for an undisturbed run
 */
record Disturbance(
        String name,
        Function<Site, Cluster> cluster,
        Function<String, Workload> workload,
        Optional<Supplier<Fault>> fault,
        Duration time,
        int clients,
        int rate)
        implements Trial {
    private static final String FAULT = "fault";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    public Run.Outcome hold(Site site) throws InterruptedException {
        List<String> faults = fault.isPresent() ? List.of(FAULT) : List.of();
        Plan plan = new Plan(name, faults, time, clients, rate, System.nanoTime(), PATIENCE);
        try (Cluster started = cluster.apply(site)) {
            return new Run(started, plan, workload, asked -> fault.map(Supplier::get)).execute();
        }
    }
}
