package dev.parley.http.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The one way a request is refused. Thrown where the reason is found, turned into {@code application/problem+json} at
 * the edge. Carries no stack trace: it is an answer, not a fault.
 */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ProblemType type;
    private final transient Optional<String> field;
    private final transient List<Consumer<JsonWriter>> extras;
    private final transient List<String> headers;

    private Problem(
            ProblemType type,
            String detail,
            Optional<String> field,
            List<Consumer<JsonWriter>> extras,
            List<String> headers) {
        super(detail, null, false, false);
        this.type = type;
        this.field = field;
        this.extras = extras;
        this.headers = headers;
    }

    static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Optional.empty(), List.of(), List.of());
    }

    /** @param field the parameter, header or JSON pointer to blame */
    static Problem of(ProblemType type, String field, String detail) {
        return new Problem(type, detail, Optional.of(field), List.of(), List.of());
    }

    static Problem parameter(String name, String detail) {
        return of(ProblemType.MALFORMED_PARAMETER, name, detail);
    }

    static Problem header(String name, String detail) {
        return of(ProblemType.MALFORMED_HEADER, name, detail);
    }

    static Problem field(String pointer, String detail) {
        return of(ProblemType.MALFORMED_FIELD, pointer, detail);
    }

    /** @param member writes one more member of the problem object */
    Problem with(Consumer<JsonWriter> member) {
        List<Consumer<JsonWriter>> more = new ArrayList<>(extras);
        more.add(member);
        return new Problem(type, getMessage(), field, more, headers);
    }

    Problem with(String name, long number) {
        return with(json -> json.name(name).number(number));
    }

    Problem header(String name, long value) {
        return withHeader(name, Long.toString(value));
    }

    Problem withHeader(String name, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(name);
        more.add(value);
        return new Problem(type, getMessage(), field, extras, more);
    }

    ProblemType type() {
        return type;
    }

    String detail() {
        return getMessage();
    }

    /** Whether the problem's command may have happened. */
    boolean isUnknown() {
        return type == ProblemType.UNKNOWN_OUTCOME || type == ProblemType.INTERNAL;
    }

    /** Names and values in turn. */
    List<String> headers() {
        return headers;
    }

    /** @param changes whether the request could have changed something, so that its outcome must be said */
    void writeTo(JsonWriter json, String requestId, String node, boolean changes) {
        json.object();
        json.name("type").text(ProblemType.URN + type.typeName());
        json.name("title").text(type.title());
        json.name("status").number(type.status());
        json.name("detail").text(detail());
        if (changes) {
            json.name("outcome").text(isUnknown() ? "unknown" : "not-applied");
        }
        field.ifPresent(blamed -> json.name("field").text(blamed));
        extras.forEach(extra -> extra.accept(json));
        json.name("request_id").text(requestId);
        json.name("node").text(node);
        json.end();
    }

    Answer answer(String requestId, String node, boolean changes) {
        JsonWriter json = new JsonWriter(512);
        writeTo(json, requestId, node, changes);
        Answer answer = Answer.of(type.status()).body("application/problem+json", json.toBytes());
        for (int i = 0; i < headers.size(); i += 2) {
            answer.header(headers.get(i), headers.get(i + 1));
        }
        if (type.status() == 503) {
            answer.header("Retry-After", "1");
        }
        return answer;
    }
}
