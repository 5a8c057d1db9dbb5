package dev.parley.consistency.cli;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.run.Plan;
import dev.parley.consistency.suite.Campaign;
import dev.parley.consistency.suite.Row;
import dev.parley.consistency.suite.Scenario;
import dev.parley.consistency.suite.Terms;
import dev.parley.consistency.workload.Workloads;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "suite", description = "Runs every workload while things go wrong.", mixinStandardHelpOptions = true)
final class SuiteCommand implements Callable<Integer> {
    private static final int CLIENTS = 9;
    private static final int RATE = 120;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunnerOptions runner;

    @ArgGroup(multiplicity = "1")
    private Extent extent;

    private static final class Extent {
        @Option(names = "--quick", description = "Each workload once, with one kind of fault; a few minutes.")
        private boolean quick;

        @Option(names = "--full", description = "Each workload with each of five groups of faults; more than an hour.")
        private boolean full;
    }

    @Option(
            names = "--time",
            paramLabel = "DURATION",
            description = "How long each run works; default 15s (quick) or 60s (full).")
    private String time;

    @Option(names = "--workload", split = ",", paramLabel = "NAME", description = "Only these.")
    private List<String> workloads = List.of();

    @Option(
            names = "--group",
            split = ",",
            paramLabel = "GROUP",
            description = "Of --full, only these: process, network, clock, disk, membership.")
    private List<String> groups = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Chooses operations and faults; default: another one each time.")
    private Long seed;

    @Option(
            names = "--output",
            paramLabel = "DIRECTORY",
            defaultValue = "target/consistency",
            description = "Default ${DEFAULT-VALUE}.")
    private Path output;

    @Option(
            names = "--resume",
            paramLabel = "DIRECTORY",
            description =
                    "Keep the rows here, and run only what is not among them yet; seed and time are the ones it began with.")
    private Path resume;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (!runner.endpoints().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "a suite needs a cluster of its own; use run for --endpoints");
        }
        runner.fallBack(out);
        Path directory = resume == null ? output.resolve(Seeds.stamp() + "-suite") : resume;
        Terms terms = terms(directory);
        Campaign campaign = new Campaign(
                runner::open,
                name -> Workloads.made(name, runner.jar()),
                scenario -> new Plan(
                        scenario.workload(),
                        scenario.faults(),
                        terms.each(),
                        CLIENTS,
                        RATE,
                        terms.seed(),
                        Duration.ofSeconds(5)),
                plan -> "./parley consistency run" + runner.command() + RunCommand.arguments(plan),
                directory);
        List<Scenario> all = scenarios();
        List<Row> rows = campaign.run(all, chosen(all), row -> {
            out.println(row.text());
            out.flush();
        });
        long valid = rows.stream().filter(row -> row.answer() == Answer.VALID).count();
        out.println(valid + " of " + rows.size() + " runs valid, seed " + terms.seed() + ", "
                + directory.resolve("summary.md"));
        out.flush();
        return Exit.of(rows.stream().map(Row::answer).reduce(Answer.VALID, Answer::and));
    }

    private Duration duration() {
        try {
            return Durations.parse(time != null ? time : extent.quick ? "15s" : "60s");
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }

    /** As on the command line, or as the campaign that is resumed began. */
    private Terms terms(Path directory) {
        Terms asked = new Terms(extent.full, duration(), seed == null ? Seeds.fresh() : seed);
        Terms kept = Terms.keep(directory, asked);
        if (kept.full() != asked.full()
                || time != null && !kept.each().equals(asked.each())
                || seed != null && kept.seed() != seed) {
            throw new ParameterException(spec.commandLine(), directory + " was begun on other terms: " + kept.text());
        }
        return kept;
    }

    private List<Scenario> scenarios() {
        List<String> known = List.copyOf(Workloads.all().keySet());
        return extent.full
                ? Scenario.full(known)
                : runner.processes() ? Scenario.quickWithoutNetwork(known) : Scenario.quick(known);
    }

    private List<Scenario> chosen(List<Scenario> all) {
        List<Scenario> chosen = all.stream()
                .filter(scenario -> workloads.isEmpty() || workloads.contains(scenario.workload()))
                .filter(scenario -> groups.isEmpty() || groups.contains(scenario.group()))
                .filter(scenario ->
                        !runner.processes() || extent.quick || scenario.group().equals("process"))
                .toList();
        if (chosen.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no such workload or group");
        }
        return chosen;
    }
}
