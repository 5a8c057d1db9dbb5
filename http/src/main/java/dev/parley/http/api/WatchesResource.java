package dev.parley.http.api;

import dev.parley.store.replica.Replica;
import java.util.List;

/** {@code /v1/watches}: who watches through this node. */
final class WatchesResource implements Resource {
    private final Replica replica;
    private final Watches watches;

    WatchesResource(Replica replica, Watches watches) {
        this.replica = replica;
        this.watches = watches;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/watches", false).on("GET", this::get));
    }

    private Answer get(Request request, String rest) {
        request.params(List.of());
        List<Watcher> open = watches.list();
        long revision = replica.status().revision();
        JsonWriter json = new JsonWriter(4 << 10);
        json.object().name("count").number(open.size());
        json.name("items").array();
        open.forEach(watcher -> write(json, watcher, revision));
        return Answer.json(200, json.endArray().end());
    }

    private static void write(JsonWriter json, Watcher watcher, long revision) {
        Watches.Entry entry = watcher.entry();
        long delivered = watcher.deliveredRevision();
        json.object().name("id").text(Long.toString(entry.id()));
        json.name("kind").text(entry.kind().text());
        json.name("range");
        entry.range().writeTo(json);
        json.name("delivered_revision").number(delivered);
        json.name("lag_revisions").number(Math.max(0, revision - delivered));
        json.name("since").text(Times.format(entry.sinceMillis()));
        json.end();
    }
}
