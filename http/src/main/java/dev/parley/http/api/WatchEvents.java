package dev.parley.http.api;

import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Version;
import dev.parley.store.watch.Watch;
import dev.parley.store.watch.WatchCursor.Step;
import java.io.IOException;
import java.io.OutputStream;

/**
 * How the events of a revision are written.
 *
 * @param keyspace that of the users' keys or the configuration
 * @param withPrevious with what the key was before
 */
record WatchEvents(Keyspace keyspace, boolean withValue, boolean withPrevious, boolean base64) {
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
        switch (Watch.versionOf(view, keyspace, key, revision)) {
            case Version.Live live -> {
                json.text("put");
                fields(json, key, live);
            }
            case Version.Tombstone tombstone ->
                json.text("delete")
                        .name(keyspace == Keyspace.CONFIG ? "path" : "key")
                        .utf8(key.bytes().unsafeArray());
        }
        if (withPrevious) {
            Watch.previous(view, keyspace, key, revision).ifPresent(previous -> {
                json.name("prev");
                item(json, key, previous);
            });
        }
        json.end();
    }

    void item(JsonWriter json, Key key, Version.Live version) {
        json.object();
        fields(json, key, version);
        json.end();
    }

    private void fields(JsonWriter json, Key key, Version.Live version) {
        if (keyspace == Keyspace.CONFIG) {
            ConfigItems.fields(json, key, version, withValue);
        } else {
            Items.fields(json, key, version, withValue, base64);
        }
    }
}
