package dev.parley.http.api;

import dev.parley.coordination.control.Event;
import dev.parley.coordination.control.EventLog;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** {@code /v1/events}: what happened on this node and in the cluster, as a page or as a stream. */
final class EventsResource implements Resource {
    private static final List<String> PARAMETERS = List.of("after", "category", "limit");
    private static final List<String> CATEGORIES = List.of(
            Event.SYSTEM, Event.CLUSTER, Event.LEADERSHIP, Event.PROCESSES, Event.INTEGRITY, Event.HOOKS, Event.QUEUE);
    private static final int LIMIT_MAX = 1_000;
    private static final long LIMIT_USUAL = 100;
    private static final Duration SILENCE_MAX = Duration.ofSeconds(15);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final EventLog events;
    private final BooleanSupplier stopping;
    private final LongSupplier nanos;

    EventsResource(EventLog events, BooleanSupplier stopping, LongSupplier nanos) {
        this.events = events;
        this.stopping = stopping;
        this.nanos = nanos;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/events", false).on("GET", this::get));
    }

    private Answer get(Request request, String rest) {
        Params params = request.params(PARAMETERS);
        String category = params.text("category").orElse("");
        if (!category.isEmpty() && !CATEGORIES.contains(category)) {
            throw Problem.parameter("category", "category must be " + String.join(", ", CATEGORIES) + ".");
        }
        int limit =
                (int) params.number("limit", 1, LIMIT_MAX).orElse(LIMIT_USUAL).longValue();
        String accept = String.join(",", request.headerLines("Accept")).toLowerCase(Locale.ROOT);
        if (accept.contains("text/event-stream")) {
            Optional<String> last = request.header("Last-Event-ID").or(() -> params.text("after"));
            return Answer.of(200).header("Cache-Control", "no-store").stream(
                    "text/event-stream", new Flow(position(last), category));
        }
        EventLog.Page page = events.after(position(params.text("after")), category, limit);
        JsonWriter json = new JsonWriter(1 << 12);
        json.object().name("events").array();
        page.events().forEach(event -> EventJson.write(json, event));
        json.endArray().name("next").text(events.cursor(page.position()));
        return Answer.json(200, json.end());
    }

    private long position(Optional<String> after) {
        return after.map(events::positionOf).orElse(0L);
    }

    /** Every event from a place on, until the client or the node goes. */
    private final class Flow implements Answer.Stream {
        private final String category;
        private final JsonWriter json = new JsonWriter(512);
        private long position;
        private long writtenNanos;

        Flow(long position, String category) {
            this.position = position;
            this.category = category;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            flush(json.ascii("retry: 1000\n\n"), out);
            while (!stopping.getAsBoolean()) {
                EventLog.Page page = events.after(position, category, LIMIT_MAX);
                position = page.position();
                for (Event event : page.events()) {
                    json.ascii("id: " + event.id() + "\ndata: ");
                    EventJson.write(json, event);
                    json.ascii("\n\n");
                }
                if (!page.events().isEmpty()) {
                    flush(json, out);
                } else if (nanos.getAsLong() - writtenNanos >= SILENCE_MAX.toNanos()) {
                    flush(json.ascii(": still there\n\n"), out);
                }
                events.await(position, LOOK_EVERY);
            }
            flush(json.ascii("event: closing\ndata: {}\n\n"), out);
        }

        private void flush(JsonWriter written, OutputStream out) throws IOException {
            written.writeTo(out);
            written.clear();
            out.flush();
            writtenNanos = nanos.getAsLong();
        }

        @Override
        public void close() {}
    }
}
