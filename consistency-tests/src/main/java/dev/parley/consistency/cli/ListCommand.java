package dev.parley.consistency.cli;

import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.nemesis.Faults;
import dev.parley.consistency.workload.Workloads;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "list", description = "Names the workloads, faults and models.", mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Workloads, for run --workload:");
        Workloads.all().forEach((name, entry) -> row(out, name, entry.summary()));
        out.println();
        out.println("Faults, for run --nemesis:");
        Faults.all().forEach((name, entry) -> row(out, name, entry.summary()));
        out.println();
        out.println("Models, for check --model:");
        Checkers.all().forEach((name, entry) -> row(out, name, entry.summary()));
        row(out, "watch", "a file of watch cases, judged by nine guarantees");
        row(out, "small", "a file of small histories, each with its model");
        out.flush();
        return Exit.VALID;
    }

    private static void row(PrintWriter out, String name, String summary) {
        out.printf("  %-24s %s%n", name, summary);
    }
}
