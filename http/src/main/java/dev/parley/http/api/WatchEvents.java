package dev.parley.http.api;

import dev.parley.store.kv.Key;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Version;
import dev.parley.store.watch.Watch;
import dev.parley.store.watch.WatchCursor.Step;
import java.io.IOException;
import java.io.OutputStream;

/**
 * How the events of a revision are written.
 *
 * @param withPrevious with what the key was before
 */
record WatchEvents(boolean withValue, boolean withPrevious, boolean base64) {
    /** What is kept in memory of one revision before it is passed on. */
    private static final int UNWRITTEN_BYTES_MAX = 1 << 20;

    /** {@code "revision":R,"events":[…]}, into an object that has begun. */
    void write(JsonWriter json, MapView view, Step.Changed changed, OutputStream out) throws IOException {
        json.name("revision").number(changed.revision());
        json.name("events").array();
        for (Key key : changed.keys()) {
            write(json, view, key, changed.revision());
            if (json.size() >= UNWRITTEN_BYTES_MAX) {
                json.drainTo(out);
            }
        }
        json.endArray();
    }

    private void write(JsonWriter json, MapView view, Key key, long revision) {
        json.object().name("type");
        switch (Watch.versionOf(view, key, revision)) {
            case Version.Live live -> {
                json.text("put");
                Items.fields(json, key, live, withValue, base64);
            }
            case Version.Tombstone tombstone ->
                json.text("delete").name("key").utf8(key.bytes().unsafeArray());
        }
        if (withPrevious) {
            Watch.previous(view, key, revision).ifPresent(previous -> {
                json.name("prev");
                Items.write(json, key, previous, withValue, base64);
            });
        }
        json.end();
    }
}
