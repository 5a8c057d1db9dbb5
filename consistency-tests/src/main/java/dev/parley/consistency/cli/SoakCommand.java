package dev.parley.consistency.cli;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.soak.Soak;
import dev.parley.consistency.soak.Soaks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "soak",
        description =
                "Repeats each of the worst things that happen to nodes, on local processes under acknowledged writers.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "After each round every acknowledged write must be there, on every node, once. Takes an hour or more in full.",
            "Exit 0 when every round of every soak showed that, 1 when something was lost or twice, 2 when some showed nothing."
        })
final class SoakCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private BuildOptions builds;

    @Option(names = "--list", description = "Name the soaks.")
    private boolean list;

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "Only these; default: all.")
    private List<String> names = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "How often each is repeated; default: 10 to 50.")
    private Integer rounds;

    @Option(names = "--out", paramLabel = "FILE.md", description = "Write the table there as well.")
    private Path out;

    @Option(names = "--seed", paramLabel = "N", description = "Chooses whom and when; default: another one each time.")
    private Long seed;

    @Option(
            names = "--output",
            paramLabel = "DIRECTORY",
            defaultValue = "target/consistency",
            description = "For data and logs; default ${DEFAULT-VALUE}.")
    private Path output;

    @Override
    public Integer call() {
        PrintWriter screen = spec.commandLine().getOut();
        if (list) {
            Soaks.all()
                    .forEach(soak ->
                            screen.printf("%-24s %3d rounds  %s%n", soak.name(), soak.rounds(), soak.summary()));
            screen.flush();
            return Exit.VALID;
        }
        List<Soak> soaks = chosen();
        NodeBuild build = build();
        long chosenSeed = seed == null ? Seeds.fresh() : seed;
        Path directory = output.resolve(Seeds.stamp() + "-soak");
        List<Soak.Result> results = new ArrayList<>();
        for (Soak soak : soaks) {
            results.add(one(soak, build, directory.resolve(soak.name()), chosenSeed, screen));
            screen.print(row(results.getLast()));
            screen.flush();
            write(table(results, chosenSeed));
        }
        screen.println();
        screen.print(table(results, chosenSeed));
        screen.flush();
        return Exit.of(results.stream().map(Soak.Result::answer).reduce(Answer.VALID, Answer::and));
    }

    private Soak.Result one(Soak soak, NodeBuild build, Path directory, long chosenSeed, PrintWriter screen) {
        int times = rounds == null ? soak.rounds() : rounds;
        try {
            return soak.run(build, directory, times, chosenSeed, line -> {
                screen.println(line);
                screen.flush();
            });
        } catch (ClusterException trouble) {
            return new Soak.Result(
                    soak.name(),
                    Answer.UNKNOWN,
                    times,
                    0,
                    0,
                    0,
                    0,
                    0,
                    List.of(),
                    0,
                    String.valueOf(trouble.getMessage()));
        }
    }

    private List<Soak> chosen() {
        List<String> known = Soaks.all().stream().map(Soak::name).toList();
        names.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(unknown -> {
            throw new ParameterException(
                    spec.commandLine(), "unknown soak " + unknown + "; known: " + String.join(", ", known));
        });
        if (rounds != null && rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds is at least 1");
        }
        return Soaks.all().stream()
                .filter(soak -> names.isEmpty() || names.contains(soak.name()))
                .toList();
    }

    private NodeBuild build() {
        try {
            return builds.build("");
        } catch (IllegalArgumentException missing) {
            throw new ParameterException(spec.commandLine(), missing.getMessage());
        }
    }

    private void write(String table) {
        if (out == null) {
            return;
        }
        try {
            Files.writeString(out, table);
        } catch (IOException notWritten) {
            throw new UncheckedIOException(notWritten);
        }
    }

    private static String table(List<Soak.Result> results, long chosenSeed) {
        return results.stream()
                .map(SoakCommand::row)
                .collect(Collectors.joining(
                        "",
                        "| soak | verdict | rounds | acknowledged | refused | in doubt | ready again, median (longest) | seconds | remark |\n"
                                + "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n",
                        "\nSeed " + chosenSeed + ".\n"));
    }

    private static String row(Soak.Result result) {
        List<Long> ready = result.readyAfterMillis().stream().sorted().toList();
        String again = ready.isEmpty()
                ? "-"
                : String.format("%.1f s (%.1f s)", ready.get(ready.size() / 2) / 1000.0, ready.getLast() / 1000.0);
        return "| `" + result.name() + "` | " + result.answer() + " | " + result.shown() + " of " + result.rounds()
                + " | " + result.acknowledged() + " (" + result.replayed() + " by replay) | " + result.refused() + " | "
                + result.inDoubt() + " | " + again + " | " + result.seconds() + " | "
                + result.remark().replace('|', '/') + " |\n";
    }
}
