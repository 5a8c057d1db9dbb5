package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.ConfigAck;
import dev.parley.store.kv.ConfigCommand;
import dev.parley.store.kv.ConfigScope;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code /v1/config-acks}: clients say which revision of the configuration they run, or why they do not; who runs which. */
final class ConfigAckResource implements Resource {
    private static final int REASON_CHARS_MAX = 1_000;
    private static final int LIMIT_DEFAULT = 100;
    private static final List<String> GET_PARAMETERS = parameters();
    private static final List<String> FIELDS = List.of("client", "path", "prefix", "revision", "status", "reason");

    private final Replica replica;

    ConfigAckResource(Replica replica) {
        this.replica = replica;
    }

    private static List<String> parameters() {
        List<String> parameters = new ArrayList<>(List.of("client", "path", "prefix", "status", "limit", "after"));
        parameters.addAll(ReadLevel.PARAMETERS);
        return List.copyOf(parameters);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/config-acks", true).on("GET", this::list).on("POST", this::report));
    }

    // -- reporting ------------------------------------------------------------------------------------------------

    private Answer report(Request request, String rest) {
        Duration timeout = request.params(LockResource.WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        Bytes content = request.body(JsonObject.BODY_BYTES_MAX);
        JsonObject body = JsonObject.of(request, content).only(FIELDS);
        Command command = new ConfigCommand.ReportConfig(
                client(body), scope(body), revision(body), applied(body.requiredText("status")), reason(body));
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, content), timeout), Outcomes.Asked.of(command));
    }

    private static String client(JsonObject body) {
        String client = body.requiredText("client");
        if (!Names.isName(client)) {
            throw Problem.field("/client", "client must be a name.");
        }
        return client;
    }

    private static ConfigScope scope(JsonObject body) {
        if (body.has("path") == body.has("prefix")) {
            throw Problem.field("", "Exactly one of path and prefix must be given.");
        }
        if (body.has("path")) {
            return ConfigScope.path(Keys.ofField("/path", body.requiredText("path")));
        }
        Bytes prefix = Bytes.utf8(body.requiredText("prefix"));
        if (prefix.size() > Key.SIZE_BYTES_MAX) {
            throw Problem.field("/prefix", "prefix must have at most " + Key.SIZE_BYTES_MAX + " bytes.");
        }
        return ConfigScope.prefix(prefix);
    }

    private static long revision(JsonObject body) {
        return body.number("revision", 0, Numbers.MAX).orElseThrow(() -> body.missing("revision"));
    }

    private static boolean applied(String status) {
        return switch (status) {
            case "applied" -> true;
            case "rejected" -> false;
            default -> throw Problem.field("/status", "status must be applied or rejected.");
        };
    }

    private static String reason(JsonObject body) {
        String reason = body.text("reason").orElse("");
        if (reason.length() > REASON_CHARS_MAX) {
            throw Problem.field("/reason", "reason must have at most " + REASON_CHARS_MAX + " characters.");
        }
        return reason;
    }

    /** What a report is answered with. */
    static Answer answer(Outcome.ConfigReported reported, long revision, ConfigCommand.ReportConfig report) {
        JsonWriter json = new JsonWriter(256);
        json.object();
        fields(json, report.client(), report.scope(), report.revision(), report.applied(), report.reason());
        return Answer.json(reported.created() ? 201 : 200, json.end()).revision(revision);
    }

    // -- who runs what --------------------------------------------------------------------------------------------

    private Answer list(Request request, String rest) {
        Params params = request.params(GET_PARAMETERS);
        KeyRange range = params.text("client")
                .map(client -> {
                    Names.requireName("client", client);
                    return ConfigAck.keysOf(client);
                })
                .orElse(KeyRange.ALL);
        Predicate<ConfigAck> wanted = wanted(params);
        long limit = params.number("limit", 1, Limits.RANGE_ITEMS_MAX).orElse((long) LIMIT_DEFAULT);
        Optional<Cursor> after = params.text("after").map(text -> Cursor.decode(text, range, false)
                .orElseThrow(() -> Problem.parameter("after", "after must be the next of a page of this list.")));
        ReadLevel level = ReadLevel.of(params);
        try (OpenRead read =
                after.map(cursor -> level.at(cursor.revision())).orElse(level).open(replica)) {
            Page page = new Page(wanted, limit);
            read.scan(
                    Keyspace.CONFIG_ACK,
                    after.map(cursor -> cursor.rest(range, false)).orElse(range),
                    false,
                    page::visit);
            page.json
                    .endArray()
                    .name("revision")
                    .number(read.revision())
                    .name("more")
                    .bool(page.more)
                    .name("next");
            if (page.more) {
                page.json.text(new Cursor(read.revision(), page.last).encode(range, false));
            } else {
                page.json.nothing();
            }
            return read.mark(Answer.json(200, page.json.end()));
        }
    }

    /** Reports about anything that is in the range asked for, also as a part of more. */
    private static Predicate<ConfigAck> wanted(Params params) {
        boolean all = !params.has("path") && !params.has("prefix");
        KeyRange range = all ? KeyRange.ALL : WatchedRange.ofConfig(params).range();
        Optional<Boolean> status = params.text("status").map(ConfigAckResource::status);
        return ack -> ack.scope().range().overlaps(range)
                && status.map(applied -> applied == ack.applied()).orElse(true);
    }

    private static boolean status(String status) {
        return switch (status) {
            case "applied" -> true;
            case "rejected" -> false;
            default -> throw Problem.parameter("status", "status must be applied or rejected.");
        };
    }

    private static final class Page {
        private final JsonWriter json = new JsonWriter(4 << 10);
        private final Predicate<ConfigAck> wanted;
        private final long limit;
        private long count;
        private boolean more;
        private Bytes last = Bytes.EMPTY;

        Page(Predicate<ConfigAck> wanted, long limit) {
            this.wanted = wanted;
            this.limit = limit;
            json.object().name("items").array();
        }

        boolean visit(Key key, Version.Live live) {
            ConfigAck ack = ConfigAck.of(live);
            if (!wanted.test(ack)) {
                return true;
            }
            if (count == limit) {
                more = true;
                return false;
            }
            json.object();
            fields(json, ack.client(), ack.scope(), ack.revision(), ack.applied(), ack.reason());
            json.name("node")
                    .text(ack.node())
                    .name("at")
                    .text(Times.format(ack.atMillis()))
                    .end();
            last = key.bytes();
            count++;
            return true;
        }
    }

    private static void fields(
            JsonWriter json, String client, ConfigScope scope, long revision, boolean applied, String reason) {
        json.name("client").text(client);
        json.name(scope.isPrefix() ? "prefix" : "path").utf8(scope.text().unsafeArray());
        json.name("revision").number(revision);
        json.name("status").text(applied ? "applied" : "rejected");
        if (!reason.isEmpty()) {
            json.name("reason").text(reason);
        }
    }
}
