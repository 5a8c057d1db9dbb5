package dev.parley.http.api;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.ConfigEntry;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code /v1/config-history}: every version of an entry or of all with a prefix, newest first. */
final class ConfigHistoryResource implements Resource {
    private static final int LIMIT_DEFAULT = 100;
    private static final int PAGE_BYTES_MAX = 4 << 20;

    /** Revisions looked at for one page; then the client goes on from there. */
    private static final int REVISIONS_PER_PAGE_MAX = 100_000;

    private final Replica replica;

    ConfigHistoryResource(Replica replica) {
        this.replica = replica;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/config-history", true).on("GET", this::get));
    }

    private Answer get(Request request, String rest) {
        List<String> known = new ArrayList<>(WatchedRange.CONFIG_PARAMETERS);
        known.addAll(List.of("limit", "before", "consistency", "min_revision", "timeout"));
        Params params = request.params(known);
        KeyRange range = WatchedRange.ofConfig(params).range();
        long limit = params.number("limit", 1, Limits.RANGE_ITEMS_MAX).orElse((long) LIMIT_DEFAULT);
        long before = params.number("before", 1, Numbers.MAX).orElse(Numbers.MAX);
        try (OpenRead read = ReadLevel.of(params).open(replica)) {
            long compacted = Agreed.compactionRevision(read.view());
            if (before < compacted) {
                throw read.mark(Compaction.problem("before", compacted));
            }
            return read.mark(Answer.json(200, page(read, range, limit, before)));
        }
    }

    private static JsonWriter page(OpenRead read, KeyRange range, long limit, long before) {
        JsonWriter json = new JsonWriter(4 << 10);
        json.object().name("revision").number(read.revision()).name("items").array();
        long first = Math.min(before - 1, read.revision());
        long at = first;
        int written = 0;
        boolean more = false;
        for (; at > 0; at--) {
            Optional<RevisionRecord> record = read.view().revision(at);
            if (record.isEmpty()) {
                break; // what is below is gone
            }
            List<Change> changes = record.get().changes().stream()
                    .filter(change -> change.keyspace() == Keyspace.CONFIG && range.contains(change.key()))
                    .toList();
            boolean full = written > 0 && written + changes.size() > limit || json.size() >= PAGE_BYTES_MAX;
            if (full && !changes.isEmpty() || first - at >= REVISIONS_PER_PAGE_MAX) {
                more = true;
                break;
            }
            changes.forEach(change -> write(json, read, record.get(), change));
            written += changes.size();
        }
        json.endArray().name("more").bool(more).name("next");
        if (more) {
            json.number(at + 1);
        } else {
            json.nothing();
        }
        return json.end();
    }

    private static void write(JsonWriter json, OpenRead read, RevisionRecord record, Change change) {
        Optional<Version> version = read.view().at(Keyspace.CONFIG, change.key(), record.revision());
        json.object().name("revision").number(record.revision());
        json.name("path").utf8(change.key().bytes().unsafeArray());
        if (version.isPresent() && version.get() instanceof Version.Live live) {
            ConfigEntry entry = ConfigEntry.of(live);
            json.name("type").text("put").name("value").json(entry.json().unsafeArray());
            json.name("version").number(live.version());
            json.name("node").text(entry.node()).name("proposal").text(Long.toString(entry.proposal()));
            if (!entry.comment().isEmpty()) {
                json.name("comment").text(entry.comment());
            }
        } else {
            json.name("type").text("delete");
        }
        json.name("at").text(Times.format(record.atMillis()));
        if (!record.author().isEmpty()) {
            json.name("author").text(record.author());
        }
        json.end();
    }
}
