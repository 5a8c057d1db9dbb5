package dev.parley.consistency.checker;

import dev.parley.consistency.history.Event;
import dev.parley.consistency.history.History;
import dev.parley.consistency.history.HistoryReader;
import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file of small histories, each with its model and often with the verdict to expect. */
public final class SmallCases {
    private SmallCases() {}

    /**
     * One judged case.
     *
     * @param verdict nothing when there is no check for the model
     * @param expected the answer to expect, when the case says so
     */
    public record Judged(
            String id,
            String model,
            Optional<Verdict> verdict,
            Optional<Answer> expected,
            List<String> expectedAnomalies) {
        /** Whether the answer is as expected; a case without a check or an expectation is. */
        public boolean asExpected() {
            return verdict.isEmpty() || expected.isEmpty() || verdict.get().answer() == expected.get();
        }
    }

    /** Judges every case of the file. */
    public static List<Judged> judge(String source, Json file, Limits limits) {
        Json cases = file instanceof Json.Obj object ? object.get("cases") : file;
        if (!(cases instanceof Json.Array(List<Json> items))) {
            throw new MalformedHistoryException(source + ": no list of cases");
        }
        List<Judged> judged = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String where = source + ": case " + (i + 1);
            if (!(items.get(i) instanceof Json.Obj small)) {
                throw new MalformedHistoryException(where + " is not an object");
            }
            judged.add(one(where, small, limits));
        }
        return judged;
    }

    private static Judged one(String where, Json.Obj small, Limits limits) {
        String model = small.get("model") instanceof Json.Text(String name) ? name : "";
        String id = small.get("id") instanceof Json.Text(String name) ? name : where;
        if (!(small.get("history") instanceof Json.Array(List<Json> items))) {
            throw new MalformedHistoryException(where + " has no history");
        }
        boolean intervals = model.endsWith("-intervals");
        Optional<Checker> checker = Checkers.named(
                intervals ? model.substring(0, model.length() - "-intervals".length()) : model, small.get("init"));
        History history = checker.isEmpty()
                ? new History(where, List.of())
                : intervals ? intervals(where, items) : events(where, items);
        Json expected = small.get("expected");
        return new Judged(id, model, checker.map(c -> c.check(history, limits)), answer(expected), anomalies(expected));
    }

    private static Optional<Answer> answer(Json expected) {
        Json valid = expected instanceof Json.Obj object ? object.get("valid") : expected;
        return switch (valid) {
            case Json.Bool(boolean value) -> Optional.of(value ? Answer.VALID : Answer.INVALID);
            case Json.Text(String text) when text.equals("unknown") -> Optional.of(Answer.UNKNOWN);
            default -> Optional.empty();
        };
    }

    private static List<String> anomalies(Json expected) {
        Json anomalies = expected instanceof Json.Obj object ? object.get("anomalies") : Json.NULL;
        return anomalies instanceof Json.Array(List<Json> names)
                ? names.stream()
                        .map(name -> name instanceof Json.Text(String text) ? text : name.text())
                        .toList()
                : List.of();
    }

    private static History events(String where, List<Json> items) {
        List<Event> events = new ArrayList<>();
        items.forEach(item -> events.add(HistoryReader.event(where, events.size() + 1, events.size(), item)));
        return new History(where, events);
    }

    /** Operations given as intervals of time; those that touch are concurrent, so of calls and ends at one time the calls come first. */
    private static History intervals(String where, List<Json> items) {
        record Moment(long time, boolean end, Json.Obj fields) {}
        List<Moment> moments = new ArrayList<>();
        for (Json item : items) {
            if (item instanceof Json.Obj operation
                    && operation.get("call") instanceof Json.Int(long call)
                    && operation.get("return") instanceof Json.Int(long end)) {
                moments.add(new Moment(call, false, typed(operation, "invoke")));
                moments.add(new Moment(end, true, typed(operation, "ok")));
            } else {
                throw new MalformedHistoryException(where + ": an interval needs call and return, whole numbers");
            }
        }
        moments.sort(java.util.Comparator.comparingLong(Moment::time).thenComparing(Moment::end));
        return events(
                where, moments.stream().map(moment -> (Json) moment.fields()).toList());
    }

    private static Json.Obj typed(Json.Obj operation, String type) {
        Map<String, Json> members = new LinkedHashMap<>(operation.members());
        members.put("type", Json.of(type));
        return new Json.Obj(members);
    }
}
