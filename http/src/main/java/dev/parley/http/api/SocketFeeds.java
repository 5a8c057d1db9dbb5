package dev.parley.http.api;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.replica.Replica;
import dev.parley.store.watch.Watch;
import dev.parley.store.watch.Watch.Filter;
import dev.parley.store.watch.WatchCursor;
import java.util.List;
import java.util.Optional;

/** Reads what a client of a WebSocket wants to watch: keys, or with {@code ledger} the entries of one. */
final class SocketFeeds {
    private static final List<String> LEDGER_FIELDS = List.of("id", "ledger", "key", "from", "base64");
    static final List<String> FIELDS =
            List.of("id", "ledger", "key", "prefix", "start", "end", "from", "prev", "keys_only", "filter", "base64");

    private SocketFeeds() {}

    record Opened(WatchedRange range, WatchFeed feed) {}

    /** @throws Problem when it is malformed, or cannot be had */
    static Opened open(JsonObject body, Replica replica) {
        return body.has("ledger") ? ledger(body.only(LEDGER_FIELDS), replica) : keys(body, replica);
    }

    private static Opened ledger(JsonObject body, Replica replica) {
        String ledger = body.requiredText("ledger");
        Names.requireNameField(body.pointer("ledger"), ledger);
        Optional<Key> key = body.text("key").map(text -> Keys.ofField(body.pointer("key"), text));
        boolean base64 = body.flag("base64");
        Optional<Long> from = body.number("from", 0, Numbers.MAX);
        try (OpenRead read = begin(from, replica)) {
            return new Opened(LedgerWatch.range(ledger, key), new LedgerFeed(ledger, key, base64, from, read));
        }
    }

    private static Opened keys(JsonObject body, Replica replica) {
        WatchedRange range = WatchedRange.of(body);
        Watch watch = new Watch(
                range.range(), body.text("filter").map(WatchResource::filter).orElse(Filter.ALL));
        WatchEvents events =
                new WatchEvents(Keyspace.KV, !body.flag("keys_only"), body.flag("prev"), body.flag("base64"));
        Optional<Long> from = body.number("from", 0, Numbers.MAX);
        try (OpenRead read = begin(from, replica)) {
            long compacted = Agreed.compactionRevision(read.view());
            if (from.isPresent() && from.get() < compacted) {
                throw Compaction.problem(body.pointer("from"), compacted);
            }
            WatchCursor cursor = new WatchCursor(watch, from.orElse(read.revision() + 1));
            return new Opened(range, new KeyFeed(cursor, events));
        }
    }

    private static OpenRead begin(Optional<Long> from, Replica replica) {
        return new ReadLevel(false, 0, Optional.empty(), Params.TIMEOUT_DEFAULT)
                .beginning(from.isPresent())
                .open(replica);
    }
}
