package dev.parley.http.api;

import dev.parley.coordination.control.Event;
import dev.parley.store.kv.Bytes;
import java.util.Locale;

/** How an event is written, wherever it goes. */
public final class EventJson {
    private EventJson() {}

    public static Bytes of(Event event) {
        JsonWriter json = new JsonWriter(512);
        write(json, event);
        return Bytes.wrap(json.toBytes());
    }

    static void write(JsonWriter json, Event event) {
        json.object().name("id").text(event.id());
        json.name("scope").text(event.scope().name().toLowerCase(Locale.ROOT));
        json.name("category").text(event.category());
        json.name("name").text(event.name());
        json.name("node").text(event.node());
        json.name("at").text(Times.format(event.atMillis()));
        json.name("stamp").number(event.stamp());
        event.revision().ifPresent(revision -> json.name("revision").number(revision));
        json.name("correlation_id").text(event.correlation());
        json.name("data").object();
        event.data().forEach(field -> json.name(field.name()).text(field.value()));
        json.end().end();
    }
}
