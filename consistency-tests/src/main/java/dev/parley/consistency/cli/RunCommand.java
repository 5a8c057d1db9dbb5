package dev.parley.consistency.cli;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.nemesis.Faults;
import dev.parley.consistency.run.Plan;
import dev.parley.consistency.run.Run;
import dev.parley.consistency.run.RunFiles;
import dev.parley.consistency.workload.Workloads;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = "Works on a cluster while faults happen, and judges what it answered.",
        mixinStandardHelpOptions = true,
        footer = {"", "Leaves history.jsonl, verdict.json and report.html in a directory of its own."})
final class RunCommand implements Callable<Integer> {
    private static final int FINDINGS_SHOWN = 5;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunnerOptions runner;

    @Option(
            names = "--workload",
            required = true,
            paramLabel = "NAME",
            description = "What clients do; parley consistency list names them.")
    private String workload;

    @Option(
            names = "--nemesis",
            split = ",",
            paramLabel = "FAULT",
            description = "What goes wrong; several are mixed, a+b is both at once. Default: nothing.")
    private List<String> faults = List.of();

    @Option(
            names = "--time",
            paramLabel = "DURATION",
            defaultValue = "60s",
            description = "How long; default ${DEFAULT-VALUE}.")
    private String time;

    @Option(names = "--clients", paramLabel = "N", defaultValue = "10", description = "Default ${DEFAULT-VALUE}.")
    private int clients;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "150",
            description = "Operations a second of all clients together; default ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5s",
            description = "How long a client waits for an answer; default ${DEFAULT-VALUE}.")
    private String timeout;

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

    @Override
    public Integer call() throws InterruptedException {
        Plan plan = plan();
        runner.fallBack(spec.commandLine().getErr());
        Path directory = output.resolve(Seeds.stamp() + "-" + plan.workload());
        PrintWriter out = spec.commandLine().getOut();
        String command = command(plan);
        try (Cluster cluster = open(directory.resolve("nodes"))) {
            Faults.single(faults).forEach(name -> Faults.named(name)
                    .filter(fault -> !cluster.abilities().contains(fault.needs()))
                    .ifPresent(fault -> {
                        throw new ParameterException(
                                spec.commandLine(),
                                "a cluster of " + cluster.describe() + " cannot be disturbed by " + name);
                    }));
            Run.Outcome outcome =
                    new Run(cluster, plan, Workloads.made(plan.workload(), runner.jar()), Faults::named).execute();
            RunFiles.write(directory, outcome, command);
            RunFiles.logs(directory, cluster);
            print(out, outcome, directory);
            return Exit.of(outcome.verdict().answer());
        }
    }

    private static void print(PrintWriter out, Run.Outcome outcome, Path directory) {
        out.println(outcome.verdict().answer() + "  " + outcome.plan().workload() + ", seed "
                + outcome.plan().seed() + ", " + outcome.history().events().size() + " events, "
                + outcome.took().toSeconds() + " s");
        outcome.verdict().findings().stream()
                .limit(FINDINGS_SHOWN)
                .forEach(finding -> out.println("  " + finding.kind() + ": " + finding.sentence()));
        if (outcome.verdict().answer() != Answer.VALID
                || outcome.verdict().findings().isEmpty()) {
            out.println("  " + directory.resolve("report.html"));
        }
        out.flush();
    }

    private Cluster open(Path directory) {
        try {
            return runner.open(directory, faults);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }

    private Plan plan() {
        if (!Workloads.all().containsKey(workload)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "unknown workload " + workload + "; known: "
                            + String.join(", ", Workloads.all().keySet()));
        }
        for (String fault : faults) {
            if (Faults.named(fault).isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "unknown fault " + fault + "; known: "
                                + String.join(", ", Faults.all().keySet()));
            }
        }
        if (!faults.isEmpty() && !runner.endpoints().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--endpoints is somebody's cluster; no faults there");
        }
        try {
            long chosen = seed == null ? Seeds.fresh() : seed;
            return new Plan(workload, faults, Durations.parse(time), clients, rate, chosen, Durations.parse(timeout));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }

    private String command(Plan plan) {
        return "./parley consistency run" + runner.command() + arguments(plan);
    }

    /** The options that make the same plan again. */
    static String arguments(Plan plan) {
        return " --workload " + plan.workload()
                + (plan.faults().isEmpty() ? "" : " --nemesis " + String.join(",", plan.faults())) + " --time "
                + plan.time().toMillis() + "ms --clients "
                + plan.clients() + " --rate " + plan.rate() + " --timeout "
                + plan.timeout().toMillis() + "ms --seed " + plan.seed();
    }
}
