package dev.parley.consistency.suite;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.checker.Finding;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.nemesis.Faults;
import dev.parley.consistency.run.Plan;
import dev.parley.consistency.run.Run;
import dev.parley.consistency.run.RunFiles;
import dev.parley.consistency.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs scenarios one after the other. Those of one group share a cluster, until a run leaves it in doubt. What was run
 * already, as the directory tells, is not run again.
 */
public final class Campaign {

    /** Starts a cluster that the given faults can be done to; the directory is for its data. */
    @FunctionalInterface
    public interface Clusters {
        Cluster open(Path directory, List<String> faults);
    }

    private final Clusters clusters;
    private final Function<String, Function<String, Workload>> workloads;
    private final Function<Scenario, Plan> plans;
    private final Function<Plan, String> command;
    private final Path output;
    private final Rows kept;

    /** @param workloads what makes a workload of that name */
    public Campaign(
            Clusters clusters,
            Function<String, Function<String, Workload>> workloads,
            Function<Scenario, Plan> plans,
            Function<Plan, String> command,
            Path output) {
        this.clusters = clusters;
        this.workloads = workloads;
        this.plans = plans;
        this.command = command;
        this.output = output;
        this.kept = new Rows(output);
    }

    /**
     * Runs what was not run yet.
     *
     * @param chosen of all, which make up the summary
     * @param report gets each row when it is known, also of what was run before
     */
    public List<Row> run(List<Scenario> all, List<Scenario> chosen, Consumer<Row> report) throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        Cluster cluster = null;
        String group = "";
        try {
            for (Scenario scenario : chosen) {
                Optional<Row> known = kept.find(scenario);
                if (known.isPresent()) {
                    rows.add(known.get());
                    report.accept(known.get());
                    continue;
                }
                if (cluster != null && !group.equals(scenario.group())) {
                    cluster.close();
                    cluster = null;
                }
                group = scenario.group();
                Row row;
                try {
                    cluster = cluster == null
                            ? clusters.open(
                                    output.resolve("nodes-" + group + "-" + rows.size()), faultsOf(group, chosen))
                            : cluster;
                    row = one(cluster, scenario);
                } catch (ClusterException trouble) {
                    if (cluster != null) {
                        RunFiles.logs(kept.of(scenario), cluster);
                    }
                    row = new Row(scenario, Answer.UNKNOWN, 0, 0, String.valueOf(trouble.getMessage()));
                }
                kept.keep(row);
                kept.summarize(all);
                rows.add(row);
                report.accept(row);
                if (row.answer() != Answer.VALID && cluster != null) {
                    cluster.close();
                    cluster = null;
                }
            }
        } finally {
            if (cluster != null) {
                cluster.close();
            }
        }
        kept.summarize(all);
        return rows;
    }

    private static List<String> faultsOf(String group, List<Scenario> scenarios) {
        Set<String> faults = new TreeSet<>();
        scenarios.stream()
                .filter(scenario -> scenario.group().equals(group))
                .forEach(scenario -> faults.addAll(scenario.faults()));
        return List.copyOf(faults);
    }

    private Row one(Cluster cluster, Scenario scenario) throws InterruptedException {
        Plan plan = plans.apply(scenario);
        Path directory = kept.of(scenario);
        Run.Outcome outcome = new Run(cluster, plan, workloads.apply(plan.workload()), Faults::named).execute();
        RunFiles.write(directory, outcome, command.apply(plan));
        RunFiles.logs(directory, cluster);
        String remark = outcome.verdict().findings().stream()
                .findFirst()
                .map(Finding::sentence)
                .orElse("");
        return new Row(
                scenario,
                outcome.verdict().answer(),
                outcome.history().events().size(),
                outcome.took().toSeconds(),
                remark);
    }
}
