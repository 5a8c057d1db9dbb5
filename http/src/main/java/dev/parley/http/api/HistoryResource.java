package dev.parley.http.api;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.Replica;
import dev.parley.store.watch.KeyHistory;
import java.util.List;

/** {@code /v1/history/<key>}: the versions of one key. */
final class HistoryResource implements Resource {
    private static final int LIMIT_DEFAULT = 100;

    /** A page ends early when it measures this much, so that an answer stays bounded. */
    private static final long PAGE_BYTES_MAX = 8 << 20;

    private static final List<String> PARAMETERS =
            List.of("limit", "before", "keys_only", "base64", "consistency", "min_revision", "timeout");

    private final Replica replica;

    HistoryResource(Replica replica) {
        this.replica = replica;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/history/<key>", true).on("GET", this::get));
    }

    private Answer get(Request request, String rest) {
        Key key = Keys.ofPath(rest);
        Params params = request.params(PARAMETERS);
        long before = params.number("before", 1, Numbers.MAX).orElse(Numbers.MAX);
        Page page = new Page(
                params.number("limit", 1, Limits.RANGE_ITEMS_MAX)
                        .map(Long::intValue)
                        .orElse(LIMIT_DEFAULT),
                !params.flag("keys_only"),
                params.flag("base64"));
        try (OpenRead read = ReadLevel.of(params).open(replica)) {
            return read.mark(list(read, key, before, page));
        }
    }

    private record Page(int limit, boolean withValue, boolean base64) {}

    private static Answer list(OpenRead read, Key key, long before, Page page) {
        long compacted = Agreed.compactionRevision(read.view());
        if (before < compacted) {
            throw read.mark(Compaction.problem("before", compacted));
        }
        Filler filler = new Filler(key, read.revision(), page);
        KeyHistory.visit(read.view(), key, Math.min(before, read.revision() + 1), filler::visit);
        return Answer.json(200, filler.end());
    }

    /** Fills one page. */
    private static final class Filler {
        private final JsonWriter json = new JsonWriter(4 << 10);
        private final Page page;
        private int count;
        private boolean more;
        private long last;

        Filler(Key key, long revision, Page page) {
            this.page = page;
            json.object().name("key").utf8(key.bytes().unsafeArray());
            json.name("revision").number(revision);
            json.name("items").array();
        }

        boolean visit(KeyHistory.Entry entry) {
            if (count == page.limit() || count > 0 && json.size() >= PAGE_BYTES_MAX) {
                more = true;
                return false;
            }
            write(entry.version(), entry.record());
            last = entry.record().revision();
            count++;
            return true;
        }

        private void write(Version version, RevisionRecord record) {
            json.object().name("revision").number(record.revision());
            switch (version) {
                case Version.Live live -> {
                    json.name("type").text("put");
                    Items.content(json, live, page.withValue(), page.base64());
                }
                case Version.Tombstone tombstone -> json.name("type").text("delete");
            }
            json.name("at").text(Times.format(record.atMillis()));
            json.name("node").text(record.node());
            if (!record.author().isEmpty()) {
                json.name("author").text(record.author());
            }
            json.end();
        }

        JsonWriter end() {
            json.endArray().name("more").bool(more);
            json.name("next");
            if (more) {
                json.number(last);
            } else {
                json.nothing();
            }
            return json.end();
        }
    }
}
