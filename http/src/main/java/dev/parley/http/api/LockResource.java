package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Lock;
import dev.parley.store.kv.LockCommand;
import dev.parley.store.kv.LockName;
import dev.parley.store.kv.Locks;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code /v1/locks} and {@code /v1/semaphores}, and what elections have in common with them. */
final class LockResource implements Resource {
    static final List<String> READ_PARAMETERS = List.of("consistency", "min_revision", "timeout");
    static final List<String> WRITE_PARAMETERS = List.of("timeout");

    private final Replica replica;
    private final LockWait.Parts waiting;

    LockResource(Replica replica, LockWait.Parts waiting) {
        this.replica = replica;
        this.waiting = waiting;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/locks/<name>", true)
                        .on("POST", (request, rest) -> acquire(request, LockName.Kind.LOCK, rest))
                        .on("GET", (request, rest) -> get(request, LockName.Kind.LOCK, rest)),
                Route.of("/v1/locks/<name>/holders/<token>", true)
                        .on("DELETE", (request, rest) -> release(request, LockName.Kind.LOCK, rest)),
                Route.of("/v1/semaphores/<name>", true)
                        .on("POST", (request, rest) -> acquire(request, LockName.Kind.SEMAPHORE, rest))
                        .on("GET", (request, rest) -> get(request, LockName.Kind.SEMAPHORE, rest)),
                Route.of("/v1/semaphores/<name>/holders/<token>", true)
                        .on("DELETE", (request, rest) -> release(request, LockName.Kind.SEMAPHORE, rest)));
    }

    static LockName name(LockName.Kind kind, String raw) {
        return new LockName(kind, Names.ofPath(raw));
    }

    Answer acquire(Request request, LockName.Kind kind, String rest) {
        LockName name = name(kind, rest);
        Duration timeout = request.params(WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        Bytes content = request.body(JsonObject.BODY_BYTES_MAX);
        LockBody body = LockBody.of(name, JsonObject.of(request, content));
        Submission submission = companions.submission(body.command(), request, content);
        Result result = replica.submit(submission, timeout);
        return queued(result)
                .map(queued ->
                        new LockWait(waiting, request, body.command(), queued, body.patience(), timeout).answer())
                .orElseGet(() -> Outcomes.answer(result, Outcomes.Asked.of(body.command())));
    }

    /** The same request again, under its Idempotency-Key, waits at the place of the first. */
    private static Optional<Outcome.LockQueued> queued(Result result) {
        return switch (result) {
            case Result.Decided(Outcome.LockQueued queued, long at) -> Optional.of(queued);
            case Result.Decided(Outcome.Replayed(long at, Outcome.LockQueued queued), long now) -> Optional.of(queued);
            default -> Optional.empty();
        };
    }

    private Answer get(Request request, LockName.Kind kind, String rest) {
        LockName name = name(kind, rest);
        ReadLevel level = ReadLevel.of(request.params(READ_PARAMETERS));
        try (OpenRead read = level.open(replica)) {
            Optional<Lock> lock = Locks.find(read.view(), name);
            JsonWriter json = new JsonWriter(512);
            json.object().name("name").text(name.name());
            if (kind == LockName.Kind.SEMAPHORE) {
                lock.ifPresent(used -> json.name("limit").number(used.limit()));
            }
            LockJson.queue(
                    json,
                    kind,
                    lock.map(Lock::holders).orElse(List.of()),
                    lock.map(Lock::waiters).orElse(List.of()));
            return read.mark(Answer.json(200, json.end()));
        }
    }

    Answer release(Request request, LockName.Kind kind, String rest) {
        String[] segments = Names.segments(rest);
        Command command = new LockCommand.Release(name(kind, segments[0]), token(segments[1]));
        Duration timeout = request.params(WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, Bytes.EMPTY), timeout),
                Outcomes.Asked.of(command));
    }

    /** What cannot be a token of ours is one that nobody holds. */
    static long token(String raw) {
        return Numbers.parse(raw).filter(token -> token > 0).orElse(LeaseIds.NEVER);
    }
}
