package dev.parley.consistency.watch;

import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.watch.WatchReport.Change;
import dev.parley.consistency.watch.WatchReport.Previous;
import dev.parley.consistency.watch.WatchReport.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The true order of changes, against which watches are judged. The first change has the revision given at the beginning; a delete of nothing and a request
 * that changes nothing have none.
 */
public final class PersistedLog {
    private final List<Change> changes = new ArrayList<>();
    private final Map<String, Previous> state = new HashMap<>();
    private long revision;

    /** An empty log; its first change will be {@code firstRevision}. */
    public PersistedLog(long firstRevision) {
        this.revision = firstRevision - 1;
    }

    /** Reads the requests of a case: puts, deletes, and transactions of them. What changes nothing is passed over. */
    static PersistedLog of(String where, List<Json> requests) {
        PersistedLog log = new PersistedLog(2);
        for (Json request : requests) {
            log.append(where, steps(WatchReport.object(request)));
        }
        return log;
    }

    private static List<Json.Obj> steps(Json.Obj request) {
        for (String name : List.of("operations", "ops", "success", "operationsOnSuccess")) {
            if (request.get(name) instanceof Json.Array array) {
                return array.items().stream().map(WatchReport::object).toList();
            }
        }
        return List.of(request);
    }

    private void append(String where, List<Json.Obj> steps) {
        List<Change> together = new ArrayList<>();
        for (Json.Obj step : steps) {
            String op = WatchReport.text(step.has("op") ? step.get("op") : step.get("type"));
            String key = WatchReport.text(step.get("key"));
            switch (op) {
                case "put" -> together.add(put(key, step.get("value")));
                case "delete" -> {
                    if (state.containsKey(key)) {
                        together.add(
                                new Change(true, key, Json.NULL, revision + 1, false, Optional.of(state.get(key))));
                        state.remove(key);
                    }
                }
                case "" -> throw new MalformedHistoryException(where + ": a persisted request without op");
                default -> {
                    // Ranges, compactions and the like change nothing.
                }
            }
        }
        if (!together.isEmpty()) {
            revision++;
            changes.addAll(together);
        }
    }

    private Change put(String key, Json value) {
        Optional<Previous> before = Optional.ofNullable(state.get(key));
        state.put(
                key,
                new Previous(value, revision + 1, before.map(Previous::version).orElse(0L) + 1));
        return new Change(false, key, value, revision + 1, before.isEmpty(), before);
    }

    /** Appends one revision of changes, given as they happened. */
    public void append(long atRevision, List<Change> together) {
        revision = atRevision;
        changes.addAll(together);
    }

    /** The changes a watch asks for, in order, from the first revision on. */
    List<Change> matching(Request request) {
        return changes.stream().filter(change -> request.matches(change.key())).toList();
    }

    /** What was in the key just before that revision. */
    Optional<Previous> before(String key, long atRevision) {
        Optional<Previous> found = Optional.empty();
        for (Change change : changes) {
            if (change.revision() >= atRevision) {
                break;
            }
            if (change.key().equals(key)) {
                long version =
                        change.create() ? 1 : found.map(Previous::version).orElse(0L) + 1;
                found = change.delete()
                        ? Optional.empty()
                        : Optional.of(new Previous(change.value(), change.revision(), version));
            }
        }
        return found;
    }

    long revision() {
        return revision;
    }
}
