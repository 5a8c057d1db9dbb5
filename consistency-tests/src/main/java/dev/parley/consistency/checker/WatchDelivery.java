package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.watch.PersistedLog;
import dev.parley.consistency.watch.WatchReport;
import dev.parley.consistency.watch.WatchReport.Change;
import dev.parley.consistency.watch.WatchReport.Previous;
import dev.parley.consistency.watch.WatchReport.Request;
import dev.parley.consistency.watch.WatchReport.Response;
import dev.parley.consistency.watch.WatchValidators;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether watches kept their promises over reconnects, on any node. The log against which they are judged is what all of
 * them saw together; it must hold every acknowledged write, so what nobody was shown is found as well.
 */
public final class WatchDelivery implements Checker {

    /** One session of one watcher: from where, and what came. */
    private record Session(String watcher, long from, List<Response> responses, Optional<Long> lagged, int line) {}

    @Override
    public Verdict check(History history, Limits limits) {
        List<Operation> operations = Operations.pair(history);
        List<Finding> findings = new ArrayList<>();
        List<Session> sessions = operations.stream()
                .filter(operation -> operation.ok()
                        && (operation.f().equals("watch") || operation.f().equals("log")))
                .map(WatchDelivery::session)
                .toList();
        NavigableMap<Long, List<Change>> seen = union(sessions, findings);
        writesAreSeen(operations, seen, findings);
        logsAreWhole(operations, findings);
        PersistedLog log = new PersistedLog(1);
        seen.forEach(log::append);
        WatchValidators validators = new WatchValidators(log, false);
        for (Map.Entry<WatchReport, Integer> report : reports(sessions).entrySet()) {
            validators
                    .judge(List.of(report.getKey()))
                    .forEach(breach -> findings.add(new Finding(
                            breach.guarantee()
                                    .name()
                                    .toLowerCase(java.util.Locale.ROOT)
                                    .replace('_', '-'),
                            "",
                            breach.sentence() + ".",
                            report.getValue())));
        }
        Map<String, Json> facts = new LinkedHashMap<>();
        facts.put("sessions", Json.of(sessions.size()));
        facts.put("revisions", Json.of(seen.size()));
        return Verdict.of(findings, facts);
    }

    private static Session session(Operation operation) {
        List<Response> responses = new ArrayList<>();
        Optional<Long> lagged = Optional.empty();
        for (Json item : items(operation.output())) {
            Json.Obj message = (Json.Obj) item;
            long revision = whole(message.get("revision"));
            switch (text(message.get("name"))) {
                case "bookmark" -> responses.add(new Response(List.of(), true, revision));
                case "lagged" -> lagged = Optional.of(whole(message.get("compacted_revision")));
                case "" -> responses.add(new Response(changes(message, revision), false, revision));
                default -> {
                    // closing says nothing about the content
                }
            }
        }
        return new Session(operation.key(), whole(operation.result().get("from")), responses, lagged, operation.line());
    }

    private static List<Change> changes(Json.Obj message, long revision) {
        List<Change> changes = new ArrayList<>();
        for (Json item : items(message.get("events"))) {
            Json.Obj event = (Json.Obj) item;
            boolean delete = text(event.get("type")).equals("delete");
            Optional<Previous> previous = event.get("prev") instanceof Json.Obj before
                    ? Optional.of(new Previous(
                            before.get("value"), whole(before.get("mod_revision")), whole(before.get("version"))))
                    : Optional.empty();
            changes.add(new Change(
                    delete,
                    text(event.get("key")),
                    delete ? Json.NULL : event.get("value"),
                    revision,
                    !delete && whole(event.get("version")) == 1,
                    previous));
        }
        return changes;
    }

    private static NavigableMap<Long, List<Change>> union(List<Session> sessions, List<Finding> findings) {
        NavigableMap<Long, List<Change>> seen = new TreeMap<>();
        NavigableMap<Long, Integer> lines = new TreeMap<>();
        for (Session session : sessions) {
            for (Response response : session.responses()) {
                if (response.bookmark()) {
                    continue;
                }
                List<Change> before = seen.putIfAbsent(response.revision(), response.changes());
                int line = lines.computeIfAbsent(response.revision(), first -> session.line());
                if (before != null && !withoutPrevious(before).equals(withoutPrevious(response.changes()))) {
                    findings.add(new Finding(
                            "events-differ",
                            "",
                            "Revision " + response.revision() + " was shown with other events than before.",
                            session.line(),
                            line));
                }
            }
        }
        return seen;
    }

    /** The previous value may have been given up by compaction between two looks. */
    private static List<Change> withoutPrevious(List<Change> changes) {
        return changes.stream()
                .map(change -> new Change(
                        change.delete(),
                        change.key(),
                        change.value(),
                        change.revision(),
                        change.create(),
                        Optional.empty()))
                .toList();
    }

    private static void writesAreSeen(
            List<Operation> operations, NavigableMap<Long, List<Change>> seen, List<Finding> findings) {
        if (seen.isEmpty()) {
            return;
        }
        for (Operation write : operations) {
            if (!write.f().equals("write") || write.input().isNull()) {
                continue;
            }
            String value = write.input().text();
            long revision = write.ok() ? whole(write.result().get("revision")) : 0;
            if (write.ok() && revision >= seen.firstKey() && revision <= seen.lastKey()) {
                boolean shown = seen.getOrDefault(revision, List.of()).stream()
                        .anyMatch(change -> change.key().equals(write.key())
                                && text(change.value()).equals(value));
                if (!shown) {
                    findings.add(new Finding(
                            "never-shown",
                            write.key(),
                            "The write of " + value + " was acknowledged at revision " + revision
                                    + " and no watch was shown it there.",
                            write.line()));
                }
            }
            if (write.failed()
                    && seen.values().stream().flatMap(List::stream).anyMatch(change -> text(change.value())
                            .equals(value))) {
                findings.add(new Finding(
                        "shown-though-refused",
                        write.key(),
                        "The write of " + value + " did not happen, and a watch was shown it.",
                        write.line()));
            }
        }
    }

    private static void logsAreWhole(List<Operation> operations, List<Finding> findings) {
        for (Operation log : operations) {
            if (log.f().equals("log") && log.ok()) {
                long until = whole(log.result().get("until"));
                boolean reached = items(log.output()).stream()
                        .anyMatch(message -> whole(((Json.Obj) message).get("revision")) >= until);
                if (!reached) {
                    findings.add(new Finding(
                            "stuck",
                            log.key(),
                            "A watch from the beginning did not come to revision " + until + ".",
                            log.line()));
                }
            }
        }
    }

    /** Each session by itself, and all sessions of a watcher as one, up to where compaction overtook it. */
    private static Map<WatchReport, Integer> reports(List<Session> sessions) {
        Map<WatchReport, Integer> reports = new LinkedHashMap<>();
        Map<String, WatchReport> whole = new LinkedHashMap<>();
        Map<String, Long> next = new LinkedHashMap<>();
        for (Session session : sessions) {
            reports.put(report(session.from(), session.responses()), session.line());
            WatchReport before = whole.get(session.watcher());
            boolean follows = before != null && session.from() == next.get(session.watcher());
            List<Response> responses = new ArrayList<>(follows ? before.responses() : List.of());
            responses.addAll(session.responses());
            WatchReport joined = report(follows ? before.request().revision() : session.from(), responses);
            if (before != null && !follows) {
                reports.put(before, session.line());
            }
            whole.put(session.watcher(), joined);
            next.put(session.watcher(), behind(session));
        }
        whole.values().forEach(report -> reports.putIfAbsent(report, 0));
        return reports;
    }

    private static long behind(Session session) {
        if (session.lagged().isPresent()) {
            return session.lagged().get();
        }
        return session.responses().isEmpty()
                ? session.from()
                : session.responses().getLast().revision() + 1;
    }

    private static WatchReport report(long from, List<Response> responses) {
        return new WatchReport(new Request("", true, from, true), responses);
    }

    private static List<Json> items(Json json) {
        return json instanceof Json.Array array ? array.items() : List.of();
    }

    private static long whole(Json json) {
        return json instanceof Json.Int(long value) ? value : 0;
    }

    private static String text(Json json) {
        return json instanceof Json.Text(String value) ? value : "";
    }
}
