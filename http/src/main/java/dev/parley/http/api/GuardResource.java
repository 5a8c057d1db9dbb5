package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Guards;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.LockCommand;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.List;

/** {@code /v1/locks/<name>/guards}: below which prefixes a fence of the lock is mandatory. */
final class GuardResource implements Resource {
    private final Replica replica;

    GuardResource(Replica replica) {
        this.replica = replica;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/locks/<name>/guards", true).on("GET", this::list),
                Route.of("/v1/locks/<name>/guards/<id>", true)
                        .on("PUT", this::put)
                        .on("DELETE", this::delete));
    }

    private Answer list(Request request, String rest) {
        String lock = Names.ofPath(rest);
        ReadLevel level = ReadLevel.of(request.params(LockResource.READ_PARAMETERS));
        try (OpenRead read = level.open(replica)) {
            JsonWriter json = new JsonWriter(256);
            json.object().name("name").text(lock);
            json.name("guards").array();
            for (Guards.Guard guard : Guards.of(read.view(), lock, read.revision())) {
                json.object().name("id").text(guard.id());
                json.name("prefix").utf8(guard.prefix().unsafeArray()).end();
            }
            json.endArray().name("revision").number(read.revision());
            return read.mark(Answer.json(200, json.end()));
        }
    }

    private Answer put(Request request, String rest) {
        String[] segments = Names.segments(rest);
        String lock = Names.ofPath(segments[0]);
        String id = Names.ofPath(segments[1]);
        Duration timeout = request.params(LockResource.WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        Bytes content = request.body(JsonObject.BODY_BYTES_MAX);
        JsonObject body = JsonObject.of(request, content).only(List.of("prefix"));
        Bytes prefix = Bytes.utf8(body.requiredText("prefix"));
        if (prefix.size() == 0 || prefix.size() > Key.SIZE_BYTES_MAX) {
            throw Problem.field("/prefix", "prefix must have 1 to " + Key.SIZE_BYTES_MAX + " bytes.");
        }
        Command command = new LockCommand.PutGuard(lock, id, prefix);
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, content), timeout), Outcomes.Asked.of(command));
    }

    private Answer delete(Request request, String rest) {
        String[] segments = Names.segments(rest);
        Command command = new LockCommand.DeleteGuard(Names.ofPath(segments[0]), Names.ofPath(segments[1]));
        Duration timeout = request.params(LockResource.WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, Bytes.EMPTY), timeout),
                Outcomes.Asked.of(command));
    }
}
