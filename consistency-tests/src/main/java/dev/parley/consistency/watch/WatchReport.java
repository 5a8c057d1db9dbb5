package dev.parley.consistency.watch;

import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one watch received.
 *
 * @param request what was asked for
 * @param responses in the order of arrival
 */
public record WatchReport(Request request, List<Response> responses) {
    public WatchReport {
        responses = List.copyOf(responses);
    }

    /**
     * What a watch asks for.
     *
     * @param key the key, or the beginning of the keys; empty with {@code prefix} for all
     * @param revision the first revision wanted; 0 for those from now on
     */
    public record Request(String key, boolean prefix, long revision, boolean previous) {
        boolean matches(String candidate) {
            return prefix ? candidate.startsWith(key) : candidate.equals(key);
        }
    }

    /** What was in a key before an event. */
    public record Previous(Json value, long modRevision, long version) {}

    /** One change. The value of a delete is null. */
    public record Change(
            boolean delete, String key, Json value, long revision, boolean create, Optional<Previous> previous) {}

    /**
     * One message: changes, or a promise that everything up to {@code revision} was delivered.
     *
     * @param revision of a bookmark, the promised one
     */
    public record Response(List<Change> changes, boolean bookmark, long revision) {
        public Response {
            changes = List.copyOf(changes);
        }
    }

    /** Reads a report from the JSON of a case. */
    static WatchReport of(String where, Json json) {
        if (!(json instanceof Json.Obj watch)) {
            throw new MalformedHistoryException(where + ": a watch is an object with request and responses");
        }
        Json.Obj request = object(watch.get("request"));
        List<Response> responses = new ArrayList<>();
        for (Json response : array(watch.get("responses"))) {
            responses.add(response(where, object(response)));
        }
        return new WatchReport(
                new Request(
                        text(request.get("key")),
                        isTrue(request.get("withPrefix")),
                        number(request.get("revision")),
                        isTrue(request.get("withPrevKV"))),
                responses);
    }

    private static Response response(String where, Json.Obj response) {
        List<Change> changes = new ArrayList<>();
        for (Json item : array(response.get("events"))) {
            Json.Obj event = object(item);
            boolean delete = text(event.get("type")).startsWith("delete");
            if (!delete && !text(event.get("type")).startsWith("put")) {
                throw new MalformedHistoryException(where + ": an event is a put or a delete, not "
                        + event.get("type").text());
            }
            Optional<Previous> previous = event.get("prev") instanceof Json.Obj before
                    ? Optional.of(new Previous(
                            before.get("value"), number(before.get("modRevision")), number(before.get("version"))))
                    : Optional.empty();
            Json value = delete ? Json.NULL : event.get("value");
            changes.add(new Change(
                    delete,
                    text(event.get("key")),
                    value,
                    number(event.get("revision")),
                    isTrue(event.get("isCreate")),
                    previous));
        }
        return new Response(changes, isTrue(response.get("isProgressNotify")), number(response.get("revision")));
    }

    static Json.Obj object(Json json) {
        return json instanceof Json.Obj object ? object : new Json.Obj(java.util.Map.of());
    }

    static List<Json> array(Json json) {
        return json instanceof Json.Array array ? array.items() : List.of();
    }

    static String text(Json json) {
        return json instanceof Json.Text(String text) ? text : "";
    }

    static long number(Json json) {
        return json instanceof Json.Int(long number) ? number : 0;
    }

    static boolean isTrue(Json json) {
        return json instanceof Json.Bool(boolean value) && value;
    }
}
