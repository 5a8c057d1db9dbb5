package dev.parley.consistency.suite;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.checker.Finding;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.run.Plan;
import dev.parley.consistency.run.Run;
import dev.parley.consistency.run.RunFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Runs scenarios one after the other. Those of one group share a cluster, until a run leaves it in doubt. */
public final class Campaign {

    /** What came of one scenario; {@code remark} is the first finding. */
    public record Row(Scenario scenario, Answer answer, int events, long seconds, String remark, Path directory) {
        /** One line of a table. */
        public String text() {
            String faults = String.join(",", scenario.faults());
            return String.format(
                    "%-8s %-11s %-19s %-40s %6d events %4d s  %s",
                    answer, scenario.group(), scenario.workload(), faults, events, seconds, remark);
        }
    }

    /** Starts a cluster that the given faults can be done to; the directory is for its data. */
    @FunctionalInterface
    public interface Clusters {
        Cluster open(Path directory, List<String> faults);
    }

    private final Clusters clusters;
    private final Function<Scenario, Plan> plans;
    private final Function<Plan, String> command;
    private final Path output;

    public Campaign(Clusters clusters, Function<Scenario, Plan> plans, Function<Plan, String> command, Path output) {
        this.clusters = clusters;
        this.plans = plans;
        this.command = command;
        this.output = output;
    }

    /** Runs all; {@code report} gets each row when it is known. */
    public List<Row> run(List<Scenario> scenarios, java.util.function.Consumer<Row> report)
            throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        Cluster cluster = null;
        String group = "";
        try {
            for (Scenario scenario : scenarios) {
                if (cluster != null && !group.equals(scenario.group())) {
                    cluster.close();
                    cluster = null;
                }
                group = scenario.group();
                Row row;
                try {
                    cluster = cluster == null
                            ? clusters.open(output.resolve("nodes-" + rows.size()), faultsOf(group, scenarios))
                            : cluster;
                    row = one(cluster, scenario, rows.size());
                } catch (ClusterException trouble) {
                    row = new Row(scenario, Answer.UNKNOWN, 0, 0, trouble.getMessage(), output);
                }
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
        summarize(rows);
        return rows;
    }

    private static List<String> faultsOf(String group, List<Scenario> scenarios) {
        Set<String> faults = new TreeSet<>();
        scenarios.stream()
                .filter(scenario -> scenario.group().equals(group))
                .forEach(scenario -> faults.addAll(scenario.faults()));
        return List.copyOf(faults);
    }

    private Row one(Cluster cluster, Scenario scenario, int number) throws InterruptedException {
        Plan plan = plans.apply(scenario);
        Path directory = output.resolve(String.format("%02d-%s-%s", number + 1, scenario.group(), scenario.workload()));
        Run.Outcome outcome = new Run(cluster, plan).execute();
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
                remark,
                directory);
    }

    private void summarize(List<Row> rows) {
        StringBuilder text = new StringBuilder(
                "| verdict | faults | workload | events | seconds | first finding |\n| --- | --- | --- | ---: | ---: | --- |\n");
        rows.forEach(row -> text.append("| ")
                .append(row.answer())
                .append(" | ")
                .append(String.join(", ", row.scenario().faults()))
                .append(" | ")
                .append(row.scenario().workload())
                .append(" | ")
                .append(row.events())
                .append(" | ")
                .append(row.seconds())
                .append(" | ")
                .append(row.remark().replace('|', '/'))
                .append(" |\n"));
        try {
            Files.createDirectories(output);
            Files.writeString(output.resolve("summary.md"), text);
        } catch (IOException notWritten) {
            throw new UncheckedIOException(notWritten);
        }
    }
}
