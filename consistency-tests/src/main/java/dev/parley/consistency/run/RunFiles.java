package dev.parley.consistency.run;

import dev.parley.consistency.checker.Finding;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.history.History;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.report.HtmlReport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes what a run leaves: {@code history.jsonl}, {@code verdict.json} and {@code report.html}. */
public final class RunFiles {
    private RunFiles() {}

    /** @param command what runs the same again */
    public static void write(Path directory, Run.Outcome outcome, String command) {
        try {
            Files.createDirectories(directory);
            history(directory.resolve("history.jsonl"), outcome.history());
            Files.writeString(
                    directory.resolve("verdict.json"), verdict(outcome, command).text() + "\n");
            Files.writeString(directory.resolve("report.html"), HtmlReport.of(page(outcome, command)));
        } catch (IOException notWritten) {
            throw new UncheckedIOException(notWritten);
        }
    }

    /** What nodes and servers printed, the end of it. */
    public static void logs(Path directory, Cluster cluster) {
        List<Machine> all = new ArrayList<>(cluster.machines());
        all.addAll(cluster.servers());
        try {
            Files.createDirectories(directory);
        } catch (IOException notCreated) {
            throw new UncheckedIOException(notCreated);
        }
        for (Machine machine : all) {
            String log = machine.log();
            if (!log.isEmpty()) {
                try {
                    Files.writeString(directory.resolve(machine.name() + ".log"), log);
                } catch (IOException notWritten) {
                    throw new UncheckedIOException(notWritten);
                }
            }
        }
    }

    private static void history(Path file, History history) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Event event : history.events()) {
                out.write(event.fields().text());
                out.newLine();
            }
        }
    }

    private static Json verdict(Run.Outcome outcome, String command) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("verdict", Json.of(outcome.verdict().answer().toString()));
        members.put("workload", Json.of(outcome.plan().workload()));
        members.put(
                "faults",
                new Json.Array(outcome.plan().faults().stream().map(Json::of).toList()));
        members.put("seed", Json.of(outcome.plan().seed()));
        members.put("command", Json.of(command));
        members.put(
                "findings",
                new Json.Array(outcome.verdict().findings().stream()
                        .map(RunFiles::finding)
                        .toList()));
        members.put("facts", new Json.Obj(outcome.verdict().facts()));
        return new Json.Obj(members);
    }

    private static Json finding(Finding finding) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("kind", Json.of(finding.kind()));
        members.put("key", Json.of(finding.key()));
        members.put("sentence", Json.of(finding.sentence()));
        return new Json.Obj(members);
    }

    private static HtmlReport.Page page(Run.Outcome outcome, String command) {
        Plan plan = outcome.plan();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("cluster", outcome.cluster());
        facts.put("workload", plan.workload());
        facts.put("faults", plan.faults().isEmpty() ? "none" : String.join(", ", plan.faults()));
        facts.put("clients", plan.clients() + ", " + plan.rate() + " operations a second together");
        facts.put(
                "time",
                plan.time().toSeconds() + " s, " + outcome.took().toSeconds() + " s with start, healing and check");
        facts.put("seed", Long.toString(plan.seed()));
        String title = plan.workload()
                + (plan.faults().isEmpty() ? " without faults" : " with " + String.join(", ", plan.faults()));
        return new HtmlReport.Page(title, facts, command, outcome.history(), outcome.verdict());
    }
}
