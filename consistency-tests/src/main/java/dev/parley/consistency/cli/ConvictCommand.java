package dev.parley.consistency.cli;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.checker.Finding;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.convict.Site;
import dev.parley.consistency.convict.Variant;
import dev.parley.consistency.convict.Variants;
import dev.parley.consistency.run.Run;
import dev.parley.consistency.run.RunFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "convict",
        description = "Tests the tests: nodes that are wrong on purpose must be convicted, and right ones must not.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit 0 when every run of every wrong build was invalid and every same run of the right build valid, 1 otherwise,",
            "2 when that is only because runs showed nothing."
        })
final class ConvictCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private BuildOptions builds;

    @Option(names = "--list", description = "Name the variants.")
    private boolean list;

    @Option(names = "--variant", split = ",", paramLabel = "NAME", description = "Only these; default: all.")
    private List<String> names = List.of();

    @Option(names = "--quick", description = "Only the three that CI convicts.")
    private boolean quick;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often each build is tried; default ${DEFAULT-VALUE}.")
    private int runs;

    @Option(
            names = "--runner",
            paramLabel = "RUNNER",
            defaultValue = "process",
            description =
                    "process, or docker for those runs that need no proxy between nodes and ZooKeeper; default ${DEFAULT-VALUE}.")
    private String runner;

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            defaultValue = "parley:test",
            description = "Of the containers; default ${DEFAULT-VALUE}.")
    private String image;

    @Option(
            names = "--output",
            paramLabel = "DIRECTORY",
            defaultValue = "target/consistency",
            description = "Default ${DEFAULT-VALUE}.")
    private Path output;

    /** What the runs of one build of one variant came to. */
    private record Tally(List<Answer> answers, long secondsMax, String remark) {
        long count(Answer answer) {
            return answers.stream().filter(answer::equals).count();
        }

        boolean all(Answer answer) {
            return count(answer) == answers.size();
        }
    }

    private record Row(Variant variant, Tally wrong, Tally right) {
        boolean holds() {
            return wrong.all(Answer.INVALID) && right.all(Answer.VALID);
        }

        /** Whether a build was taken for what it is not, rather than for nothing. */
        boolean mistaken() {
            return wrong.count(Answer.VALID) > 0 || right.count(Answer.INVALID) > 0;
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            Variants.all()
                    .forEach(variant -> out.printf("%-18s %-22s %s%n", variant.name(), variant.run(), variant.wrong()));
            out.flush();
            return Exit.VALID;
        }
        if (!List.of("process", "docker").contains(runner) || runs < 1) {
            throw new ParameterException(spec.commandLine(), "--runner is process or docker, --runs at least 1");
        }
        List<Variant> variants = variants();
        Path directory = output.resolve(Seeds.stamp() + "-convict");
        List<Row> rows = new ArrayList<>();
        for (Variant variant : variants) {
            Tally wrong = tally(variant, build(variant.name()), directory.resolve(variant.name()), "wrong", out);
            Tally right = tally(variant, build(""), directory.resolve(variant.name() + "-right"), "right", out);
            rows.add(new Row(variant, wrong, right));
        }
        table(rows, out);
        if (rows.stream().allMatch(Row::holds)) {
            return Exit.VALID;
        }
        return rows.stream().anyMatch(Row::mistaken) ? Exit.INVALID : Exit.UNKNOWN;
    }

    private List<Variant> variants() {
        List<String> known = Variants.all().stream().map(Variant::name).toList();
        names.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(unknown -> {
            throw new ParameterException(
                    spec.commandLine(), "unknown variant " + unknown + "; known: " + String.join(", ", known));
        });
        return Variants.all().stream()
                .filter(variant -> names.isEmpty() || names.contains(variant.name()))
                .filter(variant -> !quick || variant.quick())
                .toList();
    }

    private NodeBuild build(String variant) {
        try {
            return builds.build(variant);
        } catch (IllegalArgumentException missing) {
            throw new ParameterException(spec.commandLine(), missing.getMessage());
        }
    }

    private Tally tally(Variant variant, NodeBuild build, Path directory, String which, PrintWriter out)
            throws InterruptedException {
        List<Answer> answers = new ArrayList<>();
        long secondsMax = 0;
        String remark = "";
        for (int run = 1; run <= runs; run++) {
            Path own = directory.resolve("run-" + run);
            long begun = System.nanoTime();
            Answer answer;
            String finding;
            try {
                Run.Outcome outcome = variant.tryOn(new Site(build, own.resolve("nodes"), containers()));
                RunFiles.write(own, outcome, "./parley consistency convict --variant " + variant.name());
                answer = outcome.verdict().answer();
                finding = outcome.verdict().findings().stream()
                        .findFirst()
                        .map(Finding::sentence)
                        .orElse("");
            } catch (ClusterException trouble) {
                answer = Answer.UNKNOWN;
                finding = String.valueOf(trouble.getMessage());
            }
            long seconds = (System.nanoTime() - begun) / 1_000_000_000;
            answers.add(answer);
            secondsMax = Math.max(secondsMax, seconds);
            remark = remark.isEmpty() || answer == Answer.INVALID ? finding : remark;
            out.printf(
                    "%-18s %-22s %s build: %-7s %3d s  %s%n",
                    variant.name(), variant.run(), which, answer, seconds, finding);
            out.flush();
        }
        return new Tally(answers, secondsMax, remark);
    }

    private Optional<String> containers() {
        return runner.equals("docker") ? Optional.of(image) : Optional.empty();
    }

    private void table(List<Row> rows, PrintWriter out) {
        out.printf("%n%-18s %-22s %-20s %-20s%n", "variant", "run", "wrong build", "right build");
        for (Row row : rows) {
            out.printf(
                    "%-18s %-22s %-20s %-20s %s%n",
                    row.variant().name(),
                    row.variant().run(),
                    "invalid " + row.wrong().count(Answer.INVALID) + " of " + runs,
                    "valid " + row.right().count(Answer.VALID) + " of " + runs,
                    row.holds() ? "" : "  <- must be all");
        }
        out.printf(
                "%d of %d variants told from the right build every time%n",
                rows.stream().filter(Row::holds).count(), rows.size());
        out.flush();
    }
}
