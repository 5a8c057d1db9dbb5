package dev.parley.consistency.suite;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What came of one scenario.
 *
 * @param events of its history; 0 when the cluster could not be used at all
 * @param seconds with healing and check
 * @param remark the first finding; empty when there is none
 */
public record Row(Scenario scenario, Answer answer, long events, long seconds, String remark) {

    /** One line of a table on a screen. */
    public String text() {
        String faults = String.join(",", scenario.faults());
        return String.format(
                "%-8s %-11s %-19s %-40s %6d events %4d s  %s",
                answer, scenario.group(), scenario.workload(), faults, events, seconds, remark);
    }

    String markdown() {
        return "| " + answer + " | " + scenario.group() + " | " + scenario.workload() + " | "
                + String.join(", ", scenario.faults()) + " | " + events + " | " + seconds + " | "
                + remark.replace('|', '/').replace('\n', ' ') + " |\n";
    }

    Json json() {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("verdict", Json.of(answer.toString()));
        members.put("group", Json.of(scenario.group()));
        members.put("workload", Json.of(scenario.workload()));
        members.put(
                "faults",
                new Json.Array(scenario.faults().stream().map(Json::of).toList()));
        members.put("events", Json.of(events));
        members.put("seconds", Json.of(seconds));
        members.put("remark", Json.of(remark));
        return new Json.Obj(members);
    }

    /** Empty when that is no row. */
    static Optional<Row> of(Json json) {
        if (json instanceof Json.Obj row
                && row.get("verdict") instanceof Json.Text(String verdict)
                && row.get("group") instanceof Json.Text(String group)
                && row.get("workload") instanceof Json.Text(String workload)
                && row.get("faults") instanceof Json.Array(List<Json> faults)
                && row.get("events") instanceof Json.Int(long events)
                && row.get("seconds") instanceof Json.Int(long seconds)
                && row.get("remark") instanceof Json.Text(String remark)) {
            List<String> names = faults.stream()
                    .map(fault -> fault instanceof Json.Text(String name) ? name : "")
                    .toList();
            Answer answer = Answer.valueOf(verdict.toUpperCase(Locale.ROOT));
            return Optional.of(new Row(new Scenario(group, workload, names), answer, events, seconds, remark));
        }
        return Optional.empty();
    }
}
