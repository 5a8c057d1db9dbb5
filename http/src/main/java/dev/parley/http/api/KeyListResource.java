package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code /v1/kv}: ranges of keys. */
final class KeyListResource implements Resource {
    private static final int LIMIT_DEFAULT = 100;

    /** A page ends early when its values measure this much, so that an answer stays bounded. */
    private static final long PAGE_BYTES_MAX = 8 << 20;

    private static final List<String> GET_PARAMETERS = parameters();
    private static final List<String> DELETE_PARAMETERS = List.of("prefix", "start", "end", "all", "timeout");

    private final Replica replica;
    private final RangeDelete rangeDelete;

    KeyListResource(Replica replica, RangeDelete rangeDelete) {
        this.replica = replica;
        this.rangeDelete = rangeDelete;
    }

    private static List<String> parameters() {
        List<String> parameters = new ArrayList<>(Ranges.PARAMETERS);
        parameters.addAll(List.of("limit", "after", "reverse", "keys_only", "count_only", "base64"));
        parameters.addAll(ReadLevel.PARAMETERS);
        return List.copyOf(parameters);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/kv", true).on("GET", this::get).on("DELETE", this::delete));
    }

    private record Page(KeyRange range, boolean reverse, int limit, boolean keysOnly, boolean base64) {
        static Page of(Params params) {
            return new Page(
                    Ranges.of(params),
                    params.flag("reverse"),
                    params.number("limit", 1, Limits.RANGE_ITEMS_MAX)
                            .map(Long::intValue)
                            .orElse(LIMIT_DEFAULT),
                    params.flag("keys_only"),
                    params.flag("base64"));
        }
    }

    private Answer get(Request request, String rest) {
        Params params = request.params(GET_PARAMETERS);
        Page page = Page.of(params);
        boolean countOnly = params.flag("count_only");
        ReadLevel level = ReadLevel.of(params);
        Optional<Cursor> after = params.text("after").map(text -> cursor(text, page, level));
        if (countOnly && after.isPresent()) {
            throw Problem.parameter("after", "count_only counts the whole range; it takes no after.");
        }
        ReadLevel at = after.map(cursor -> level.at(cursor.revision())).orElse(level);
        try (OpenRead read = at.open(replica)) {
            if (countOnly) {
                return count(read, page.range());
            }
            return list(
                    read,
                    page,
                    after.map(cursor -> cursor.rest(page.range(), page.reverse()))
                            .orElse(page.range()));
        }
    }

    private static Cursor cursor(String text, Page page, ReadLevel level) {
        Cursor cursor = Cursor.decode(text, page.range(), page.reverse())
                .orElseThrow(() -> Problem.parameter(
                        "after", "after must be the next of a page of the same range and direction, unchanged."));
        if (level.revision().map(revision -> revision != cursor.revision()).orElse(false)) {
            throw Problem.parameter("revision", "The pages of this list show revision " + cursor.revision() + ".");
        }
        return cursor;
    }

    private static Answer count(OpenRead read, KeyRange range) {
        long[] count = {0};
        read.scan(range, false, (key, version) -> {
            count[0]++;
            return true;
        });
        JsonWriter json = new JsonWriter(64);
        json.object().name("revision").number(read.revision());
        json.name("count").number(count[0]).end();
        return read.mark(Answer.json(200, json));
    }

    private static Answer list(OpenRead read, Page page, KeyRange range) {
        Filler filler = new Filler(page);
        read.scan(range, page.reverse(), filler::visit);
        filler.json.endArray();
        filler.json.name("revision").number(read.revision());
        filler.json.name("more").bool(filler.more);
        filler.json.name("next");
        if (filler.more) {
            filler.json.text(new Cursor(read.revision(), filler.last).encode(page.range(), page.reverse()));
        } else {
            filler.json.nothing();
        }
        return read.mark(Answer.json(200, filler.json.end()));
    }

    /** Fills one page. */
    private static final class Filler {
        private final JsonWriter json = new JsonWriter(4 << 10);
        private final Page page;
        private int count;
        private boolean more;
        private Bytes last = Bytes.EMPTY;

        Filler(Page page) {
            this.page = page;
            json.object().name("items").array();
        }

        boolean visit(Key key, Version.Live version) {
            if (count == page.limit() || count > 0 && json.size() >= PAGE_BYTES_MAX) {
                more = true;
                return false;
            }
            Items.write(json, key, version, !page.keysOnly(), page.base64());
            last = key.bytes();
            count++;
            return true;
        }
    }

    private Answer delete(Request request, String rest) {
        Params params = request.params(DELETE_PARAMETERS);
        KeyRange range = Ranges.toDelete(params);
        return rangeDelete.run(range, Companions.of(request), request, params.timeout());
    }
}
