package dev.parley.consistency.convict;

import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.nemesis.Fault;
import dev.parley.consistency.run.Plan;
import dev.parley.consistency.run.Run;
import dev.parley.consistency.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * A run like any other: clients work while one fault comes and goes.
 *
 * @param stages starts the cluster it needs
 */
record Disturbance(
        String name,
        Function<Site, Stage> stages,
        Function<String, Workload> workload,
        Duration time,
        int clients,
        int rate)
        implements Trial {
    private static final String FAULT = "fault";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * A cluster whose nodes run.
     *
     * @param fault empty for an undisturbed run
     */
    record Stage(Cluster cluster, Optional<Fault> fault) {}

    @Override
    public Run.Outcome hold(Site site) throws InterruptedException {
        Stage stage = stages.apply(site);
        List<String> faults = stage.fault().isPresent() ? List.of(FAULT) : List.of();
        long seed = ThreadLocalRandom.current().nextLong(1, 1_000_000_000);
        try (Cluster cluster = stage.cluster()) {
            Plan plan = new Plan(name, faults, time, clients, rate, seed, PATIENCE);
            return new Run(cluster, plan, workload, asked -> stage.fault()).execute();
        }
    }
}
