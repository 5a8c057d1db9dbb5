package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.replica.StateView;
import java.util.Arrays;
import java.util.Optional;

/** The state of a range before a watch of it begins, as messages. @param revision of the state */
record WatchSnapshot(KeyRange range, WatchEvents events, long revision) {
    private static final int ITEMS_MAX = 1_000;

    /**
     * Writes one message, without an id, so that who loses the connection gets all of them again.
     *
     * @param from what is left of the range
     * @param bytesMax about how long a message becomes
     * @return what is left of the range then
     */
    Optional<KeyRange> page(JsonWriter json, StateView view, KeyRange from, int bytesMax) {
        json.ascii("event: snapshot\ndata: ").object().name("revision").number(revision);
        json.name("items").array();
        int[] count = {0};
        Bytes[] last = {Bytes.EMPTY};
        boolean[] more = {false};
        if (!from.isEmpty()) {
            view.scan(events.keyspace(), from, revision, false, (key, version) -> {
                more[0] = count[0] == ITEMS_MAX || json.size() >= bytesMax;
                if (!more[0]) {
                    events.item(json, key, version);
                    last[0] = key.bytes();
                    count[0]++;
                }
                return !more[0];
            });
        }
        json.endArray().end().ascii("\n\n");
        Bytes behind = Bytes.wrap(Arrays.copyOf(last[0].unsafeArray(), last[0].size() + 1));
        return more[0] ? Optional.of(new KeyRange(behind, from.end())) : Optional.empty();
    }
}
