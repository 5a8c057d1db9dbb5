package dev.parley.consistency.workload;

import dev.parley.consistency.client.Reply;
import dev.parley.consistency.history.Event.Type;
import dev.parley.consistency.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an operation ended.
 *
 * @param fields more for the history's line, such as the revision
 */
public record Completion(Type type, Json value, Map<String, Json> fields) {

    public static Completion ok(Json value) {
        return new Completion(Type.OK, value, Map.of());
    }

    public static Completion fail(Json value, String error) {
        return new Completion(Type.FAIL, value, Map.of("err", Json.of(error)));
    }

    /** A write's completion by what its reply tells; {@code value} goes into the history. */
    public static Completion ofWrite(Reply reply, Json value) {
        return switch (reply.effect()) {
            case DONE -> ok(value);
            case NONE -> fail(value, reply.describe());
            case UNKNOWN -> new Completion(Type.INFO, value, Map.of("err", Json.of(reply.describe())));
        };
    }

    /** The completion of a read that did not get its answer. It changed nothing, so there is no doubt about it. */
    public static Completion readFailed(Reply reply) {
        return fail(Json.NULL, reply.describe());
    }

    public Completion with(String field, Json value) {
        Map<String, Json> more = new LinkedHashMap<>(fields);
        more.put(field, value);
        return new Completion(type, this.value, more);
    }
}
