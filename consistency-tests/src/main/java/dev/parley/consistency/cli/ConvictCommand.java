package dev.parley.consistency.cli;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.run.Plan;
import dev.parley.consistency.suite.Campaign;
import dev.parley.consistency.suite.Scenario;
import dev.parley.consistency.suite.Variant;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "convict",
        description = "Tests the tests: nodes that are wrong on purpose must be convicted.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Needs a jar or image built with the profile that has the variants. Exit 0 when every variant was convicted,",
            "1 when one was not, 2 when a run showed nothing."
        })
final class ConvictCommand implements Callable<Integer> {
    private static final Duration UP = Duration.ofSeconds(60);

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunnerOptions runner;

    @Option(names = "--list", description = "Name the variants.")
    private boolean list;

    @Option(names = "--quick", description = "Only the three that CI convicts.")
    private boolean quick;

    @Option(names = "--control", description = "The same runs on a build that is right, which must not be convicted.")
    private boolean control;

    @Option(
            names = "--time",
            paramLabel = "DURATION",
            defaultValue = "45s",
            description = "How long each run works, at most 60s; default ${DEFAULT-VALUE}.")
    private String time;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--output",
            paramLabel = "DIRECTORY",
            defaultValue = "target/consistency",
            description = "Default ${DEFAULT-VALUE}.")
    private Path output;

    @Parameters(arity = "0..*", paramLabel = "VARIANT", description = "Default: all.")
    private List<String> names = List.of();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            Variant.all().forEach(variant -> out.printf("%-20s %s%n", variant.name(), variant.wrong()));
            out.flush();
            return Exit.VALID;
        }
        List<Variant> variants = variants();
        runner.fallBack(out);
        Answer all = Answer.VALID;
        for (Variant variant : variants) {
            Answer answer = judge(variant, out);
            all = all.and(answer);
        }
        return Exit.of(all);
    }

    private List<Variant> variants() {
        names.stream().filter(name -> Variant.named(name).isEmpty()).findFirst().ifPresent(unknown -> {
            throw new ParameterException(
                    spec.commandLine(), "unknown variant " + unknown + "; convict --list names them");
        });
        return Variant.all().stream()
                .filter(variant -> names.isEmpty() ? !quick || variant.quick() : names.contains(variant.name()))
                .toList();
    }

    /** Valid when the run said what it must: invalid of a wrong build, valid of a right one. */
    private Answer judge(Variant variant, PrintWriter out) throws InterruptedException {
        Plan plan = plan(variant);
        Campaign campaign = new Campaign(
                (directory, faults) -> open(variant, directory, faults),
                scenario -> plan,
                p -> "./parley consistency run" + runner.command() + (control ? "" : " --variant " + variant.name())
                        + RunCommand.arguments(p),
                output.resolve(Seeds.stamp() + "-" + (control ? "control-" : "convict-") + variant.name()));
        Campaign.Row row = campaign.run(
                        List.of(new Scenario(variant.name(), variant.workload(), variant.faults())), r -> {})
                .getFirst();
        Answer wanted = control ? Answer.VALID : Answer.INVALID;
        Answer answer = row.answer() == wanted
                ? Answer.VALID
                : row.answer() == Answer.UNKNOWN ? Answer.UNKNOWN : Answer.INVALID;
        String word = control
                ? (answer == Answer.VALID ? "acquitted" : "ACCUSED")
                : answer == Answer.VALID ? "convicted" : answer == Answer.UNKNOWN ? "UNDECIDED" : "ESCAPED";
        out.printf("%-10s %-20s %s%n           %s%n", word, variant.name(), variant.wrong(), row.remark());
        out.flush();
        return answer;
    }

    private Plan plan(Variant variant) {
        try {
            Duration each = Durations.parse(time);
            if (each.compareTo(Duration.ofSeconds(60)) > 0) {
                throw new IllegalArgumentException("a variant must be convicted within 60s");
            }
            return new Plan(variant.workload(), variant.faults(), each, 12, 200, seed, Duration.ofSeconds(5));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }

    private Cluster open(Variant variant, Path directory, List<String> faults) {
        Cluster cluster = runner.open(directory, faults, control ? "" : variant.name());
        try {
            cluster.machines().forEach(machine -> mustBe(control ? "" : variant.name(), machine));
            return cluster;
        } catch (ClusterException other) {
            cluster.close();
            throw other;
        }
    }

    /** A conviction of something else than the variant would be worth nothing. */
    private static void mustBe(String variant, Machine machine) {
        long end = System.nanoTime() + UP.toNanos();
        try (NodeClient node = new NodeClient(machine.name(), machine.url(), Duration.ofSeconds(2))) {
            while (System.nanoTime() - end < 0) {
                if (node.send("GET", "/v1/status") instanceof Reply.Answer answer && answer.status() == 200) {
                    String is = answer.member("variant") instanceof Json.Text(String name) ? name : "";
                    if (is.equals(variant)) {
                        return;
                    }
                    throw new ClusterException("the node is " + (is.isEmpty() ? "no variant" : "the variant " + is)
                            + " and should be " + (variant.isEmpty() ? "none" : variant)
                            + "; build it with the profile that has the variants");
                }
                LockSupport.parkNanos(200_000_000);
            }
        }
        throw new ClusterException(machine.name() + " did not tell its status");
    }
}
