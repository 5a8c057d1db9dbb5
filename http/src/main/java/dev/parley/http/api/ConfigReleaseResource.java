package dev.parley.http.api;

import dev.parley.http.api.ConfigAgreement.Agreed;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.ConfigChange;
import dev.parley.store.kv.ConfigEntry;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code /v1/config-releases} and {@code /v1/config-rollbacks}: several entries in one agreement, all or none. */
final class ConfigReleaseResource implements Resource {
    private static final int COMMENT_CHARS_MAX = 1_000;

    private final Replica replica;
    private final ConfigAgreement agreement;

    ConfigReleaseResource(Replica replica, ConfigAgreement agreement) {
        this.replica = replica;
        this.agreement = agreement;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/config-releases", true).on("POST", this::release),
                Route.of("/v1/config-rollbacks", true).on("POST", this::rollBack));
    }

    private Answer release(Request request, String rest) {
        Params params = request.params(ConfigResource.WRITE_PARAMETERS);
        Companions companions = Companions.of(request);
        Bytes content = request.body(JsonObject.BODY_BYTES_MAX);
        JsonObject body = JsonObject.of(request, content).only(List.of("changes", "comment"));
        List<ConfigChange> changes = body.objects("changes", Limits.CHANGES_PER_PROPOSAL_MAX).stream()
                .map(ConfigReleaseResource::change)
                .toList();
        return agree(request, params, companions, content, check(changes), comment(body));
    }

    private static ConfigChange change(JsonObject object) {
        object.only(List.of("path", "value", "delete"));
        Key path = Keys.ofField(object.pointer("path"), object.requiredText("path"));
        if (object.isTrue("delete") == object.has("value")) {
            throw Problem.field(object.pointer(), "Exactly one of value and delete must be given.");
        }
        return new ConfigChange(path, object.json("value"));
    }

    private static String comment(JsonObject body) {
        String comment = body.text("comment").orElse("");
        if (comment.length() > COMMENT_CHARS_MAX) {
            throw Problem.field("/comment", "comment must have at most " + COMMENT_CHARS_MAX + " characters.");
        }
        return comment;
    }

    private static List<ConfigChange> check(List<ConfigChange> changes) {
        if (changes.isEmpty()) {
            throw Problem.field("/changes", "There must be a change.");
        }
        if (changes.stream().map(ConfigChange::path).distinct().count() < changes.size()) {
            throw Problem.field("/changes", "A release may change a path only once.");
        }
        long bytes = changes.stream()
                .mapToLong(change -> change.json().map(Bytes::size).orElse(0))
                .sum();
        if (changes.size() > Limits.CHANGES_PER_PROPOSAL_MAX || bytes > Limits.VALUE_BYTES_MAX) {
            throw Problem.of(
                    ProblemType.BODY_TOO_LARGE,
                    "/changes",
                    "A release has at most " + Limits.CHANGES_PER_PROPOSAL_MAX + " changes and "
                            + Limits.VALUE_BYTES_MAX + " bytes of values.");
        }
        return changes;
    }

    private Answer agree(
            Request request,
            Params params,
            Companions companions,
            Bytes content,
            List<ConfigChange> changes,
            String comment) {
        ConfigAgreement.Asked asked = ConfigResource.asked(params, changes, Conditions.of(request), comment);
        Agreed agreed = agreement.reach(request, companions, content, asked);
        JsonWriter json = new JsonWriter(512);
        json.object();
        paths(json, changes);
        ConfigResource.describe(json, agreed);
        return ConfigResource.answer(agreed.pending().isEmpty() ? 200 : 202, json, agreed);
    }

    private static void paths(JsonWriter json, List<ConfigChange> changes) {
        json.name("paths").array();
        changes.forEach(change -> json.utf8(change.path().bytes().unsafeArray()));
        json.endArray();
    }

    // -- rolling back ---------------------------------------------------------------------------------------------

    private Answer rollBack(Request request, String rest) {
        Params params = request.params(ConfigResource.WRITE_PARAMETERS);
        Companions companions = Companions.of(request);
        Bytes content = request.body(JsonObject.BODY_BYTES_MAX);
        JsonObject body = JsonObject.of(request, content).only(List.of("path", "prefix", "revision", "comment"));
        if (body.has("path") == body.has("prefix")) {
            throw Problem.field("/path", "Exactly one of path and prefix must be given.");
        }
        KeyRange range = body.has("path")
                ? KeyRange.single(Keys.ofField("/path", body.requiredText("path")))
                : KeyRange.prefix(Bytes.utf8(body.requiredText("prefix")));
        long revision = body.number("revision", 1, Numbers.MAX).orElseThrow(() -> body.missing("revision"));
        ReadLevel level = new ReadLevel(false, 0, Optional.empty(), params.timeout());
        List<ConfigChange> changes;
        long newest;
        try (OpenRead read = level.open(replica)) {
            newest = read.revision();
            changes = differences(read, range, revision);
        }
        if (changes.isEmpty()) {
            JsonWriter json = new JsonWriter(64);
            json.object();
            paths(json, changes);
            json.name("revision").number(newest).end();
            return Answer.json(200, json).revision(newest);
        }
        return agree(request, params, companions, content, check(changes), comment(body));
    }

    private static List<ConfigChange> differences(OpenRead read, KeyRange range, long revision) {
        if (revision > read.revision()) {
            throw Problem.of(
                            ProblemType.REVISION_ABOVE_NEWEST,
                            "/revision",
                            "The newest revision is " + read.revision() + ".")
                    .with("revision", read.revision());
        }
        long compacted = dev.parley.store.kv.Agreed.compactionRevision(read.view());
        if (revision < compacted) {
            throw read.mark(Compaction.problem("/revision", compacted));
        }
        Map<Key, Version.Live> then = entries(read.at(revision), range);
        Map<Key, Version.Live> now = entries(read, range);
        List<ConfigChange> changes = new ArrayList<>();
        then.forEach((path, live) -> {
            Version.Live current = now.get(path);
            if (current == null || current.modRevision() != live.modRevision()) {
                changes.add(
                        new ConfigChange(path, Optional.of(ConfigEntry.of(live).json())));
            }
        });
        now.keySet().stream()
                .filter(path -> !then.containsKey(path))
                .forEach(path -> changes.add(new ConfigChange(path, Optional.empty())));
        return changes;
    }

    private static Map<Key, Version.Live> entries(OpenRead read, KeyRange range) {
        Map<Key, Version.Live> entries = new TreeMap<>();
        read.scan(Keyspace.CONFIG, range, false, (path, live) -> {
            entries.put(path, live);
            return true;
        });
        return entries;
    }
}
