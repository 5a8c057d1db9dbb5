package dev.parley.http.api;

import dev.parley.http.api.ConfigAgreement.Agreed;
import dev.parley.http.api.ConfigAgreement.Applied;
import dev.parley.http.api.ConfigAgreement.Asked;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.ConfigChange;
import dev.parley.store.kv.ConfigCommand.Propose.Quorum;
import dev.parley.store.kv.ConfigEntry;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code /v1/config/<path>}: one entry of the configuration, changed by agreement of the members. */
final class ConfigResource implements Resource {
    static final List<String> WRITE_PARAMETERS = List.of("quorum", "applied", "timeout");

    private final Replica replica;
    private final ConfigAgreement agreement;
    private final LongPoll longPoll;

    ConfigResource(Replica replica, ConfigAgreement agreement, LongPoll longPoll) {
        this.replica = replica;
        this.agreement = agreement;
        this.longPoll = longPoll;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/config/<path>", true)
                .on("GET", this::get)
                .on("PUT", this::put)
                .on("DELETE", this::delete));
    }

    // -- reading --------------------------------------------------------------------------------------------------

    private Answer get(Request request, String rest) {
        Key path = Keys.ofPath(rest);
        ReadLevel level = ReadLevel.of(request.params(ReadLevel.PARAMETERS));
        Conditions conditions = Conditions.of(request);
        Optional<Duration> wait = Preferences.wait(request);
        if (wait.isEmpty() || !conditions.hasIfNoneMatch() || level.revision().isPresent()) {
            try (OpenRead read = level.open(replica)) {
                return evaluate(read, path, conditions);
            }
        }
        return longPoll.await(
                level, Keyspace.CONFIG, path, conditions, wait.get(), read -> evaluate(read, path, conditions));
    }

    private static Answer evaluate(OpenRead read, Key path, Conditions conditions) {
        Optional<Version.Live> found = read.get(Keyspace.CONFIG, path);
        long modRevision = found.map(Version.Live::modRevision).orElse(0L);
        if (conditions.failsIfMatch(modRevision)) {
            throw read.mark(Problem.of(ProblemType.PRECONDITION_FAILED, "If-Match", "The entry is another one.")
                    .with("revision", modRevision));
        }
        if (found.isEmpty()) {
            throw read.mark(Problem.of(ProblemType.NO_SUCH_PATH, "There is no entry " + path + "."));
        }
        Version.Live live = found.get();
        Answer answer = Answer.of(conditions.isKnown(modRevision) ? 304 : 200)
                .etag(modRevision)
                .header("Parley-Create-Revision", live.createRevision())
                .header("Parley-Version", live.version());
        if (answer.status() == 200) {
            answer.body(Answer.JSON, ConfigEntry.of(live).json().unsafeArray())
                    .header("X-Content-Type-Options", "nosniff")
                    .header("Content-Security-Policy", "sandbox");
        }
        return read.mark(answer);
    }

    // -- writing --------------------------------------------------------------------------------------------------

    private Answer put(Request request, String rest) {
        Key path = Keys.ofPath(rest);
        Params params = request.params(WRITE_PARAMETERS);
        Conditions conditions = Conditions.of(request);
        Companions companions = Companions.of(request);
        Bytes json = request.body(Limits.VALUE_BYTES_MAX);
        JsonObject.any(json);
        JsonObject.requireJsonType(request);
        Asked asked = asked(params, List.of(new ConfigChange(path, Optional.of(json))), conditions, "");
        Agreed agreed = agreement.reach(request, companions, json, asked);
        JsonWriter body = new JsonWriter(json.size() + 256);
        body.object().name("path").utf8(path.bytes().unsafeArray());
        body.name("value").json(json.unsafeArray());
        describe(body, agreed);
        int status = agreed.pending().isEmpty() ? isNew(path, agreed) ? 201 : 200 : 202;
        Answer answer = answer(status, body, agreed).etag(agreed.revision());
        return status == 201
                ? answer.header(
                        "Location",
                        "/v1/config/" + Percent.encodePath(path.bytes().unsafeArray()))
                : answer;
    }

    private Answer delete(Request request, String rest) {
        Key path = Keys.ofPath(rest);
        Params params = request.params(WRITE_PARAMETERS);
        Conditions conditions = Conditions.of(request);
        Companions companions = Companions.of(request);
        Asked asked = asked(params, List.of(new ConfigChange(path, Optional.empty())), conditions, "");
        Agreed agreed = agreement.reach(request, companions, Bytes.EMPTY, asked);
        if (!agreed.pending().isEmpty()) {
            JsonWriter body = new JsonWriter(256);
            body.object().name("path").utf8(path.bytes().unsafeArray());
            describe(body, agreed);
            return answer(202, body, agreed);
        }
        Answer answer = Answer.of(204).revision(agreed.revision());
        mark(answer, agreed);
        return answer.header("Parley-Deleted", changed(path, agreed).isPresent() ? 1 : 0);
    }

    /** What the commit made of the path; empty when it left it as it was. */
    private Optional<Version> changed(Key path, Agreed agreed) {
        Optional<StateView> view = replica.view();
        if (view.isEmpty()) {
            return Optional.empty();
        }
        try (StateView open = view.get()) {
            return open.at(Keyspace.CONFIG, path, agreed.revision())
                    .filter(version -> version.modRevision() == agreed.revision());
        }
    }

    private boolean isNew(Key path, Agreed agreed) {
        return changed(path, agreed)
                .filter(version -> version instanceof Version.Live live && live.version() == 1)
                .isPresent();
    }

    static Asked asked(Params params, List<ConfigChange> changes, Conditions conditions, String comment) {
        return new Asked(
                changes,
                params.text("quorum").map(ConfigResource::quorum).orElseGet(Quorum.Majority::new),
                params.text("applied").map(ConfigResource::applied).orElse(Applied.NONE),
                conditions.forWrite(),
                comment,
                params.timeout());
    }

    private static Quorum quorum(String text) {
        return switch (text) {
            case "majority" -> new Quorum.Majority();
            case "all" -> new Quorum.All();
            default ->
                new Quorum.Exactly(Numbers.parse(text)
                        .filter(votes -> votes >= 1 && votes <= Limits.MEMBERS_MAX)
                        .orElseThrow(() ->
                                Problem.parameter("quorum", "quorum must be majority, all or a number of members."))
                        .intValue());
        };
    }

    private static Applied applied(String text) {
        return switch (text) {
            case "none" -> Applied.NONE;
            case "majority" -> Applied.MAJORITY;
            case "all" -> Applied.ALL;
            default -> throw Problem.parameter("applied", "applied must be none, majority or all.");
        };
    }

    /** The rest of what every change by agreement answers, and the end of the object. */
    static void describe(JsonWriter json, Agreed agreed) {
        json.name("revision").number(agreed.revision());
        json.name("proposal").text(ConfigItems.id(agreed.proposal()));
        ConfigItems.votes(json, agreed.proposal().votes());
        json.name("applied").object();
        agreed.appliedMillis().forEach((member, millis) -> json.name(member)
                .object()
                .name("after_ms")
                .number(millis)
                .end());
        json.end();
        if (!agreed.pending().isEmpty()) {
            json.name("pending").array();
            agreed.pending().forEach(json::text);
            json.endArray();
        }
        json.end();
    }

    static Answer answer(int status, JsonWriter body, Agreed agreed) {
        Answer answer = Answer.json(status, body).revision(agreed.revision());
        mark(answer, agreed);
        return answer;
    }

    private static void mark(Answer answer, Agreed agreed) {
        if (agreed.replayed()) {
            answer.header("Idempotent-Replay", "true");
        }
    }
}
