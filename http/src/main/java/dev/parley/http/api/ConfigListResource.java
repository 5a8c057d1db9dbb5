package dev.parley.http.api;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.ConfigEntry;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.replica.Replica;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code /v1/config} and {@code /v1/config-diff}: all entries with a prefix, and what differs between two revisions. */
final class ConfigListResource implements Resource {
    private static final int ANSWER_BYTES_MAX = 8 << 20;
    private static final List<String> FORMS = List.of("flat", "tree", "yaml", "properties", "env");

    private final Replica replica;

    ConfigListResource(Replica replica) {
        this.replica = replica;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/config", true).on("GET", this::list),
                Route.of("/v1/config-diff", true).on("GET", this::diff));
    }

    private static KeyRange prefix(Params params) {
        return KeyRange.prefix(params.bound("prefix").orElse(Bytes.EMPTY));
    }

    private Answer list(Request request, String rest) {
        List<String> known = new ArrayList<>(ReadLevel.PARAMETERS);
        known.addAll(List.of("prefix", "as"));
        Params params = request.params(known);
        String form = params.text("as").orElse("flat");
        if (!FORMS.contains(form)) {
            throw Problem.parameter("as", "as must be one of " + String.join(", ", FORMS) + ".");
        }
        try (OpenRead read = ReadLevel.of(params).open(replica)) {
            Map<String, Bytes> entries = entries(read, prefix(params));
            return read.mark(
                    switch (form) {
                        case "flat" -> Answer.json(200, flat(entries));
                        case "tree" -> Answer.json(200, ConfigForms.tree(entries));
                        case "yaml" -> text("application/yaml", ConfigForms.yaml(entries));
                        case "properties" -> text("text/plain; charset=utf-8", ConfigForms.properties(entries));
                        default -> text("text/plain; charset=utf-8", ConfigForms.env(entries));
                    });
        }
    }

    private static Answer text(String type, String text) {
        return Answer.of(200)
                .body(type, text.getBytes(StandardCharsets.UTF_8))
                .header("X-Content-Type-Options", "nosniff");
    }

    private static JsonWriter flat(Map<String, Bytes> entries) {
        JsonWriter json = new JsonWriter(1 << 10);
        json.object();
        entries.forEach((path, value) -> json.member(path).json(value.unsafeArray()));
        return json.end();
    }

    private static Map<String, Bytes> entries(OpenRead read, KeyRange range) {
        Map<String, Bytes> entries = new TreeMap<>();
        long[] bytes = {0};
        read.scan(Keyspace.CONFIG, range, false, (path, live) -> {
            Bytes json = ConfigEntry.of(live).json();
            entries.put(path.toString(), json);
            bytes[0] += path.bytes().size() + json.size();
            return bytes[0] <= ANSWER_BYTES_MAX;
        });
        if (bytes[0] > ANSWER_BYTES_MAX) {
            throw read.mark(Problem.of(
                    ProblemType.ANSWER_TOO_LARGE,
                    "prefix",
                    "These entries have more than " + ANSWER_BYTES_MAX + " bytes; ask for a longer prefix."));
        }
        return entries;
    }

    // -- differences ----------------------------------------------------------------------------------------------

    private Answer diff(Request request, String rest) {
        Params params = request.params(List.of("prefix", "from", "to", "consistency", "min_revision", "timeout"));
        KeyRange range = prefix(params);
        try (OpenRead read = ReadLevel.of(params).open(replica)) {
            long from = params.number("from", 0, Numbers.MAX)
                    .orElseThrow(() -> Problem.parameter("from", "from is missing."));
            long to = params.number("to", 0, Numbers.MAX).orElse(read.revision());
            Map<String, Bytes> before = entries(at(read, "from", from), range);
            Map<String, Bytes> after = entries(at(read, "to", to), range);
            return read.mark(Answer.json(200, differences(from, to, before, after)));
        }
    }

    private static OpenRead at(OpenRead read, String field, long revision) {
        long compacted = Agreed.compactionRevision(read.view());
        if (revision < compacted) {
            throw read.mark(Compaction.problem(field, compacted));
        }
        if (revision > read.revision()) {
            throw read.mark(Compaction.ahead(field, read.revision()));
        }
        return read.at(revision);
    }

    private static JsonWriter differences(long from, long to, Map<String, Bytes> before, Map<String, Bytes> after) {
        JsonWriter json = new JsonWriter(1 << 10);
        json.object().name("from").number(from).name("to").number(to);
        json.name("changes").array();
        Map<String, Bytes> all = new TreeMap<>(before);
        all.putAll(after);
        for (String path : all.keySet()) {
            Bytes old = before.getOrDefault(path, Bytes.EMPTY);
            Bytes now = after.getOrDefault(path, Bytes.EMPTY);
            if (!old.equals(now)) {
                json.object().name("path").text(path);
                json.name("type").text(old.size() == 0 ? "added" : now.size() == 0 ? "removed" : "changed");
                if (old.size() > 0) {
                    json.name("from").json(old.unsafeArray());
                }
                if (now.size() > 0) {
                    json.name("to").json(now.unsafeArray());
                }
                json.end();
            }
        }
        return json.endArray().end();
    }
}
