package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Ledgers;
import dev.parley.store.kv.Ledgers.Kept;
import dev.parley.store.kv.Limits;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import dev.parley.store.merkle.Proofs;
import dev.parley.store.merkle.Subtrees;
import dev.parley.store.replica.Replica;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** {@code /v1/ledgers}: append-only contexts, whose entries are numbered without a gap and never change. */
final class LedgerResource implements Resource {
    static final List<String> READ_PARAMETERS = List.of("consistency", "min_revision", "timeout");

    private static final List<String> LIST_PARAMETERS =
            List.of("key", "after", "limit", "base64", "consistency", "min_revision", "timeout");
    private static final List<String> NAMES_PARAMETERS =
            List.of("after", "limit", "consistency", "min_revision", "timeout");
    private static final List<String> ENTRY_PARAMETERS = List.of("base64", "consistency", "min_revision", "timeout");
    private static final int LIMIT_DEFAULT = 100;
    private static final int PAGE_BYTES_MAX = 8 << 20;

    private final Replica replica;
    private final LedgerSnapshots snapshots;
    private final LedgerWatch watch;

    LedgerResource(WatchDesk desk) {
        replica = desk.replica();
        snapshots = new LedgerSnapshots(replica);
        watch = new LedgerWatch(desk);
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/ledgers", true).on("GET", this::names),
                Route.of("/v1/ledgers/<context>/entries", true)
                        .on("POST", this::append)
                        .on("GET", this::list),
                Route.of("/v1/ledgers/<context>/entries/<sequence>", true).on("GET", this::get),
                Route.of("/v1/ledgers/<context>/entries/<sequence>/proof", true).on("GET", this::proof),
                Route.of("/v1/ledgers/<context>/root", true).on("GET", this::root),
                Route.of("/v1/ledgers/<context>/snapshot", true)
                        .on("GET", snapshots::get)
                        .on("PUT", snapshots::put),
                Route.of("/v1/ledgers/<context>/watch", true).on("GET", watch::get));
    }

    // -- appending ------------------------------------------------------------------------------------------------

    private Answer append(Request request, String rest) {
        String ledger = Names.ofPath(rest);
        Duration timeout = request.params(List.of("timeout")).timeout();
        Companions companions = Companions.of(request);
        Bytes content = request.body(JsonObject.BODY_BYTES_MAX);
        JsonObject body =
                JsonObject.of(request, content).only(List.of("key", "value", "value_base64", "metadata", "stamp"));
        Command command = new Command.AppendEntry(
                ledger, key(body), body.value(), metadata(body), body.number("stamp", 0, Numbers.MAX));
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, content), timeout), Outcomes.Asked.of(command));
    }

    private static Key key(JsonObject body) {
        Bytes key = Bytes.utf8(body.requiredText("key"));
        Key.ruleBrokenBy(key).ifPresent(rule -> {
            throw Problem.field("/key", "key must be " + rule + ".");
        });
        return new Key(key);
    }

    private static String metadata(JsonObject body) {
        String metadata = body.objectText("metadata").orElse("");
        if (metadata.getBytes(StandardCharsets.UTF_8).length > Limits.TEXT_BYTES_MAX) {
            throw Problem.field("/metadata", "metadata must have at most " + Limits.TEXT_BYTES_MAX + " bytes as JSON.");
        }
        return metadata;
    }

    // -- reading --------------------------------------------------------------------------------------------------

    private Answer names(Request request, String rest) {
        Params params = request.params(NAMES_PARAMETERS);
        String after = params.text("after").orElse("");
        if (!after.isEmpty()) {
            Names.requireName("after", after);
        }
        int limit = limit(params);
        try (OpenRead read = ReadLevel.of(params).open(replica)) {
            List<String> names = new ArrayList<>();
            Ledgers.names(read.view(), after, read.revision(), name -> {
                names.add(name);
                return names.size() <= limit;
            });
            JsonWriter json = new JsonWriter(1 << 10);
            json.object().name("revision").number(read.revision()).name("items").array();
            for (String name : names.subList(0, Math.min(limit, names.size()))) {
                Ledgers.last(read.view(), name, read.revision()).ifPresent(last -> {
                    json.object().name("context").text(name);
                    json.name("last_sequence").number(last.entry().sequence());
                    json.name("stamp").number(last.entry().stamp()).end();
                });
            }
            boolean more = names.size() > limit;
            json.endArray().name("more").bool(more).name("next");
            if (more) {
                json.text(names.get(limit - 1));
            } else {
                json.nothing();
            }
            return read.mark(Answer.json(200, json.end()));
        }
    }

    private static int limit(Params params) {
        return params.number("limit", 1, Limits.RANGE_ITEMS_MAX)
                .map(Long::intValue)
                .orElse(LIMIT_DEFAULT);
    }

    private Answer list(Request request, String rest) {
        String ledger = Names.ofPath(rest);
        Params params = request.params(LIST_PARAMETERS);
        long after = params.number("after", 0, Numbers.MAX).orElse(0L);
        int limit = limit(params);
        Optional<Key> key = key(params);
        boolean base64 = params.flag("base64");
        try (OpenRead read = ReadLevel.of(params).open(replica)) {
            Page page = new Page(limit, base64);
            page.json.object().name("context").text(ledger);
            page.json.name("revision").number(read.revision()).name("items").array();
            if (key.isPresent()) {
                Ledgers.visit(read.view(), ledger, key.get(), after, read.revision(), page::take);
            } else {
                Ledgers.visit(read.view(), ledger, after, read.revision(), page::take);
            }
            page.json.endArray().name("more").bool(page.more).name("next");
            if (page.more) {
                page.json.number(page.last);
            } else {
                page.json.nothing();
            }
            page.json
                    .name("last_sequence")
                    .number(Ledgers.last(read.view(), ledger, read.revision())
                            .map(last -> last.entry().sequence())
                            .orElse(0L));
            return read.mark(Answer.json(200, page.json.end()));
        }
    }

    /** Of the entries wanted. */
    static Optional<Key> key(Params params) {
        Optional<Bytes> key = params.bytes("key");
        key.flatMap(Key::ruleBrokenBy).ifPresent(rule -> {
            throw Problem.of(ProblemType.MALFORMED_KEY, "key", "A key must be " + rule + ".");
        });
        return key.map(Key::new);
    }

    /** Fills one page. */
    private static final class Page {
        private final JsonWriter json = new JsonWriter(4 << 10);
        private final int limit;
        private final boolean base64;
        private int count;
        private long last;
        private boolean more;

        Page(int limit, boolean base64) {
            this.limit = limit;
            this.base64 = base64;
        }

        boolean take(Kept kept) {
            if (count == limit || count > 0 && json.size() >= PAGE_BYTES_MAX) {
                more = true;
                return false;
            }
            LedgerJson.entry(json, kept, base64);
            last = kept.entry().sequence();
            count++;
            return true;
        }
    }

    private Answer get(Request request, String rest) {
        String[] segments = Names.segments(rest);
        String ledger = Names.ofPath(segments[0]);
        Params params = request.params(ENTRY_PARAMETERS);
        try (OpenRead read = ReadLevel.of(params).open(replica)) {
            JsonWriter json = new JsonWriter(1 << 10);
            json.object().name("context").text(ledger);
            LedgerJson.fields(json, entry(read, ledger, segments[1]), params.flag("base64"));
            return read.mark(Answer.json(200, json.end()));
        }
    }

    private static Kept entry(OpenRead read, String ledger, String rawSequence) {
        long sequence = Numbers.parse(rawSequence).orElse(0L);
        return Ledgers.entry(read.view(), ledger, sequence, read.revision())
                .orElseThrow(() -> read.mark(Problem.of(
                        ProblemType.NO_SUCH_ENTRY, "There is no entry " + rawSequence + " in " + ledger + ".")));
    }

    private Answer root(Request request, String rest) {
        String ledger = Names.ofPath(rest);
        try (OpenRead read = ReadLevel.of(request.params(READ_PARAMETERS)).open(replica)) {
            long count = count(read, ledger);
            JsonWriter json = new JsonWriter(256);
            json.object().name("count").number(count);
            json.name("root").text(root(read, ledger, count).hex()).end();
            return read.mark(Answer.json(200, json));
        }
    }

    static long count(OpenRead read, String ledger) {
        return Ledgers.last(read.view(), ledger, read.revision())
                .map(last -> last.entry().sequence())
                .orElse(0L);
    }

    static Hash root(OpenRead read, String ledger, long count) {
        return Ledgers.subtrees(read.view(), ledger, read.revision())
                .frontier(count)
                .root(new Hasher());
    }

    private Answer proof(Request request, String rest) {
        String[] segments = Names.segments(rest);
        String ledger = Names.ofPath(segments[0]);
        try (OpenRead read = ReadLevel.of(request.params(READ_PARAMETERS)).open(replica)) {
            Kept kept = entry(read, ledger, segments[1]);
            long count = count(read, ledger);
            long index = kept.entry().sequence() - 1;
            Subtrees subtrees = Ledgers.subtrees(read.view(), ledger, read.revision());
            JsonWriter json = new JsonWriter(2 << 10);
            json.object().name("context").text(ledger);
            json.name("sequence").number(kept.entry().sequence());
            json.name("revision").number(kept.revision());
            json.name("leaf").text(kept.hash().hex());
            json.name("content")
                    .text(HexFormat.of().formatHex(kept.entry().content().unsafeArray()));
            json.name("index").number(index).name("count").number(count);
            LedgerJson.path(json, Proofs.inclusion(new Hasher(), subtrees, index, count));
            json.name("root").text(root(read, ledger, count).hex()).end();
            return read.mark(Answer.json(200, json));
        }
    }
}
