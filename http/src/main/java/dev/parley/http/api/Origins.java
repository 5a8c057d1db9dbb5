package dev.parley.http.api;

import dev.parley.coordination.control.EventLog;
import dev.parley.store.kv.AttendanceCommand.Origin;

/** What the events that a request causes have in common with it. */
final class Origins {
    private static final int TRACE_BEGIN = 3;
    private static final int TRACE_END = 35;

    private Origins() {}

    /** The trace of the request when it has one, or else its id. */
    static String correlation(Request request) {
        return TraceParent.of(request)
                .map(trace -> trace.substring(TRACE_BEGIN, TRACE_END))
                .orElse(request.id());
    }

    static Origin of(Request request, EventLog events) {
        return new Origin(events.stamp(), correlation(request));
    }
}
