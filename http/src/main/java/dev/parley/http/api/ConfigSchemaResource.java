package dev.parley.http.api;

import dev.parley.coordination.config.ConfigJudge;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.ConfigCommand;
import dev.parley.store.kv.ConfigEntry;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** {@code /v1/config-schemas/<prefix>}: by which JSON Schema the members judge values. */
final class ConfigSchemaResource implements Resource {
    private static final int PATHS_TOLD_MAX = 100;

    private final Replica replica;
    private final ConfigJudge judge;
    private final LongSupplier nanos;

    ConfigSchemaResource(Replica replica, ConfigJudge judge, LongSupplier nanos) {
        this.replica = replica;
        this.judge = judge;
        this.nanos = nanos;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/config-schemas/<prefix>", true)
                .on("GET", this::get)
                .on("PUT", this::put)
                .on("DELETE", this::delete));
    }

    private Answer get(Request request, String rest) {
        Key prefix = Keys.ofPath(rest);
        ReadLevel level = ReadLevel.of(request.params(LockResource.READ_PARAMETERS));
        try (OpenRead read = level.open(replica)) {
            Optional<Version.Live> schema = read.get(Keyspace.CONFIG_SCHEMA, prefix);
            if (schema.isEmpty()) {
                throw read.mark(
                        Outcomes.problem(new Outcome.SchemaUnknown(prefix), read.revision(), Outcomes.Asked.NOTHING));
            }
            return read.mark(Answer.of(200)
                    .etag(schema.get().modRevision())
                    .body(Answer.JSON, schema.get().value().unsafeArray()));
        }
    }

    /** Judged here, stored only if what was judged is still what is there; otherwise judged again. */
    private Answer put(Request request, String rest) {
        Key prefix = Keys.ofPath(rest);
        Params params = request.params(List.of("force", "timeout"));
        boolean force = params.flag("force");
        long deadline = nanos.getAsLong() + params.timeout().toNanos();
        Companions companions = Companions.of(request);
        Bytes schema = request.body(Limits.VALUE_BYTES_MAX);
        JsonObject.any(schema);
        JsonObject.requireJsonType(request);
        judge.malformation(schema).ifPresent(why -> {
            throw Problem.of(ProblemType.REJECTED, "This is no JSON Schema: " + why + ".")
                    .with(json -> {
                        json.name("errors").array().object();
                        json.name("field").text("").name("rule").text(why).end().endArray();
                    });
        });
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - nanos.getAsLong()));
            long judged = force ? 0 : judge(prefix, schema, left);
            Command command = new ConfigCommand.PutSchema(prefix, schema, judged);
            Result result = replica.submit(companions.submission(command, request, schema), left);
            boolean again = result instanceof Result.Decided(Outcome.Superseded changed, long at)
                    && deadline - nanos.getAsLong() > 0;
            if (!again) {
                return Outcomes.answer(result, Outcomes.Asked.of(command));
            }
        }
    }

    /** @return the revision as of which every value holds */
    private long judge(Key prefix, Bytes schema, Duration timeout) {
        try (OpenRead read = new ReadLevel(false, 0, Optional.empty(), timeout).open(replica)) {
            List<String> violating = new ArrayList<>();
            read.scan(Keyspace.CONFIG, KeyRange.prefix(prefix.bytes()), false, (path, live) -> {
                if (!judge.faultsBy(schema, path, ConfigEntry.of(live).json()).isEmpty()) {
                    violating.add(path.toString());
                }
                return violating.size() < PATHS_TOLD_MAX;
            });
            if (!violating.isEmpty()) {
                throw read.mark(Problem.of(
                                ProblemType.SCHEMA_VIOLATED,
                                "Values that are there violate the schema; force=true attaches it all the same.")
                        .with(json -> {
                            json.name("paths").array();
                            violating.forEach(json::text);
                            json.endArray();
                        }));
            }
            return Math.max(1, read.revision());
        }
    }

    private Answer delete(Request request, String rest) {
        Key prefix = Keys.ofPath(rest);
        Duration timeout = request.params(LockResource.WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        Command command = new ConfigCommand.DeleteSchema(prefix);
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, Bytes.EMPTY), timeout),
                Outcomes.Asked.of(command));
    }
}
