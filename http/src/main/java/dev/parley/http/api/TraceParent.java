package dev.parley.http.api;

import java.util.Optional;
import java.util.regex.Pattern;

/** The W3C trace context, sent back so that logs on both sides can be joined. A malformed one is as good as none. */
final class TraceParent {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    static Optional<String> of(Request request) {
        if (!request.hasHeader("traceparent")) {
            return Optional.empty();
        }
        return request.headerLines("traceparent").stream()
                .limit(1)
                .filter(trace -> FORM.matcher(trace).matches())
                .findFirst();
    }
}
