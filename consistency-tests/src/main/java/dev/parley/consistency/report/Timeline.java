package dev.parley.consistency.report;

import dev.parley.consistency.checker.Finding;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the clients did around one finding: a lane for each client, a bar for each operation, by position in the history. */
final class Timeline {
    private static final int WIDTH = 1100;
    private static final int LEFT = 150;
    private static final int LANE = 26;
    private static final int TOP = 34;
    private static final int OPERATIONS_MAX = 32;
    private static final int LINES_SHOWN = 12;

    private final List<Operation> operations;
    private final List<Band> bands;

    Timeline(List<Operation> operations, List<Band> bands) {
        this.operations = operations;
        this.bands = bands;
    }

    String around(Finding finding) {
        Set<Integer> named = new HashSet<>(
                finding.lines().subList(0, Math.min(LINES_SHOWN, finding.lines().size())));
        int decisive = finding.lines().isEmpty() ? 1 : finding.lines().getFirst();
        List<Operation> shown = operations.stream()
                .filter(operation -> finding.key().isEmpty()
                        || operation.key().isEmpty()
                        || operation.key().equals(finding.key()))
                .sorted(Comparator.comparingInt((Operation operation) -> named.contains(operation.line()) ? 0 : 1)
                        .thenComparingInt(operation -> Math.abs(operation.line() - decisive)))
                .limit(OPERATIONS_MAX)
                .sorted(Comparator.comparingInt(Operation::invoked))
                .toList();
        return shown.isEmpty() ? "" : draw(shown, named, decisive);
    }

    private String draw(List<Operation> shown, Set<Integer> named, int decisive) {
        Map<String, Integer> lanes = new LinkedHashMap<>();
        shown.forEach(operation -> lanes.putIfAbsent(lane(operation), lanes.size()));
        List<Integer> moments = new ArrayList<>();
        for (Operation operation : shown) {
            moments.add(operation.invoked());
            if (operation.completed() != Operation.NEVER) {
                moments.add(operation.completed());
            }
        }
        moments.sort(Comparator.naturalOrder());
        int height = TOP + lanes.size() * LANE + 10;
        Svg svg = new Svg(WIDTH, height, "Operations of each client around the violation");
        svg.text(
                LEFT,
                14,
                "start",
                "title",
                "Clients around the violation, in the order of events; each bar is an operation from its beginning to its end");
        lanes.forEach((lane, number) -> {
            double y = TOP + number * LANE;
            svg.line(LEFT, y + LANE - 2, WIDTH, y + LANE - 2, "grid").text(LEFT - 8, y + 15, "end", "tick", lane);
        });
        for (Operation operation : shown) {
            double from = x(moments.indexOf(operation.invoked()), moments.size());
            double to = operation.completed() == Operation.NEVER
                    ? WIDTH - 2
                    : x(moments.indexOf(operation.completed()), moments.size());
            double y = TOP + lanes.get(lane(operation)) * LANE;
            String style = "bar " + Plots.style(operation)
                    + (operation.line() == decisive ? " decisive" : named.contains(operation.line()) ? " named" : "");
            svg.rectangle(from, y, to - from, LANE - 7, style, tooltip(operation));
            int letters = (int) ((to - from) / 6.5);
            String label = label(operation);
            if (letters >= 4) {
                svg.text(
                        from + 3,
                        y + 13,
                        "start",
                        "bartext",
                        label.length() <= letters ? label : label.substring(0, letters - 1) + "…");
            }
        }
        return svg.end();
    }

    private static double x(int moment, int moments) {
        return LEFT + (WIDTH - LEFT - 4.0) * moment / Math.max(1, moments);
    }

    private static String lane(Operation operation) {
        String node = operation.result().get("node") instanceof Json.Text(String name) ? " at " + name : "";
        return "process " + operation.process() + node;
    }

    private static String label(Operation operation) {
        Json value = operation.ok() && !operation.output().isNull() ? operation.output() : operation.input();
        return operation.f()
                + (value.isNull() ? operation.ok() ? " nothing" : "" : " " + HtmlReport.abbreviated(value));
    }

    private String tooltip(Operation operation) {
        double at = operation.invokedNanos() / 1e9;
        String during = bands.stream()
                .filter(band -> band.beginSeconds() <= at && at <= band.endSeconds())
                .map(Band::describe)
                .findFirst()
                .map(fault -> "\nduring " + fault)
                .orElse("");
        String error = operation.result().get("err") instanceof Json.Text(String text) ? "\n" + text : "";
        String revision = operation.result().has("revision")
                ? "\nrevision " + operation.result().get("revision").text()
                : "";
        String lines = operation.completedLine() == 0
                ? "line " + operation.invokedLine() + ", never completed"
                : "lines " + operation.invokedLine() + " to " + operation.completedLine();
        return label(operation) + "\n" + Plots.style(operation) + ", " + lines
                + (operation.key().isEmpty() ? "" : "\nkey " + operation.key()) + revision + error + during;
    }
}
