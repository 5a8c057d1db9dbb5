package dev.parley.http.api;

import dev.parley.coordination.control.EventLog;
import java.util.List;

/** {@code /v1/queue}: whether this node holds events back. */
final class QueueResource implements Resource {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final EventLog events;
    private final Ambient ambient;

    QueueResource(EventLog events, Ambient ambient) {
        this.events = events;
        this.ambient = ambient;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/queue", false).on("GET", this::get));
    }

    private Answer get(Request request, String rest) {
        request.params(List.of());
        EventLog.Level level = events.level();
        JsonWriter json = new JsonWriter(96);
        json.object().name("level").number(level.level()).name("depth").number(level.depth());
        json.name("reset_at");
        level.fallsAtNanos()
                .ifPresentOrElse(
                        at -> json.text(Times.format(ambient.epochMillis().getAsLong()
                                + Math.max(0, at - ambient.nanos().getAsLong()) / NANOS_PER_MILLI)),
                        json::nothing);
        return Answer.json(200, json.end());
    }
}
