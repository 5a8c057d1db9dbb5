package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Lock;
import dev.parley.store.kv.LockCommand;
import dev.parley.store.kv.LockName;
import dev.parley.store.kv.Locks;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code /v1/elections}: an exclusive lock whose holder says something of itself that others may watch. */
final class ElectionResource implements Resource {
    private static final LockName.Kind KIND = LockName.Kind.ELECTION;

    private final Replica replica;
    private final LockResource locks;
    private final Watches watches;
    private final Ambient ambient;

    ElectionResource(Replica replica, LockResource locks, Watches watches, Ambient ambient) {
        this.replica = replica;
        this.locks = locks;
        this.watches = watches;
        this.ambient = ambient;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/elections/<name>", true)
                        .on("POST", (request, rest) -> locks.acquire(request, KIND, rest))
                        .on("GET", this::get),
                Route.of("/v1/elections/<name>/watch", true).on("GET", this::watch),
                Route.of("/v1/elections/<name>/holders/<token>", true)
                        .on("DELETE", (request, rest) -> locks.release(request, KIND, rest)),
                Route.of("/v1/elections/<name>/holders/<token>/value", true).on("PUT", this::setValue));
    }

    private Answer get(Request request, String rest) {
        LockName name = LockResource.name(KIND, rest);
        ReadLevel level = ReadLevel.of(request.params(LockResource.READ_PARAMETERS));
        try (OpenRead read = level.open(replica)) {
            Optional<Lock> election = Locks.find(read.view(), name);
            JsonWriter json = new JsonWriter(512);
            json.object().name("name").text(name.name());
            leader(json, election.flatMap(lock -> lock.holders().stream().findFirst()));
            LockJson.waiting(json, KIND, election.map(Lock::waiters).orElse(List.of()));
            return read.mark(Answer.json(200, json.end()));
        }
    }

    static void leader(JsonWriter json, Optional<Lock.Holder> leader) {
        json.name("leader");
        if (leader.isEmpty()) {
            json.nothing();
            return;
        }
        json.object();
        LockJson.fields(json, KIND, leader.get());
        json.end();
    }

    private Answer watch(Request request, String rest) {
        LockName name = LockResource.name(KIND, rest);
        ReadLevel level = ReadLevel.of(request.params(LockResource.READ_PARAMETERS));
        try (OpenRead read = level.open(replica)) {
            return read
                    .mark(Answer.of(200))
                    .header("Cache-Control", "no-store")
                    .header("X-Accel-Buffering", "no")
                    .stream(
                            WatchResource.EVENT_STREAM,
                            new ElectionStream(replica, ambient.nanos(), watches::isStopping, name));
        }
    }

    /** The body is the value; an object whose only field is {@code value} or {@code value_base64} carries it. */
    private Answer setValue(Request request, String rest) {
        String[] segments = Names.segments(rest);
        LockName name = LockResource.name(KIND, segments[0]);
        Duration timeout = request.params(LockResource.WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        Bytes content = request.body(JsonObject.BODY_BYTES_MAX);
        Command command = new LockCommand.SetCandidateValue(name, LockResource.token(segments[1]), value(content));
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, content), timeout), Outcomes.Asked.of(command));
    }

    private static Bytes value(Bytes content) {
        if (content.size() > 0 && content.at(0) == '{' && content.size() <= 2 * Limits.CANDIDATE_VALUE_BYTES_MAX) {
            try {
                return LockBody.value(JsonObject.parse(content).only(List.of("value", "value_base64")));
            } catch (Problem notWrapped) {
                return LockBody.bounded(content, "body");
            }
        }
        return LockBody.bounded(content, "body");
    }
}
