package dev.parley.http.api;

import dev.parley.store.kv.Command;
import dev.parley.store.kv.Lock.Holder;
import dev.parley.store.kv.Lock.Waiter;
import dev.parley.store.kv.LockCommand;
import dev.parley.store.kv.LockName;
import dev.parley.store.kv.Outcome;
import java.util.List;

/** What became of a command about locks, as an answer. {@link Outcomes} comes here. */
final class LockAnswers {
    private LockAnswers() {}

    /** @param revision of the store after the command */
    static Answer answer(Outcome.LockDone done, long revision, Command command) {
        return switch (done) {
            case Outcome.LockGranted granted -> granted(granted, revision, command);
            case Outcome.LockReleased(long at) -> Answer.of(204).revision(at);
            case Outcome.GuardStored(long at, boolean created) -> guard((LockCommand.PutGuard) command, at, created);
            case Outcome.LockGivenUp(List<Holder> holders, List<Waiter> waiting) ->
                throw held(kindOf(command), holders, waiting).header(Answer.REVISION, revision);
            case Outcome.LockQueued queued -> throw new IllegalStateException("a queued request was answered");
        };
    }

    private static Answer granted(Outcome.LockGranted granted, long revision, Command command) {
        LockName name = granted.lock();
        Holder holder = granted.holder();
        int limit = command instanceof LockCommand.Acquire acquire ? acquire.limit() : 1;
        Answer answer = Answer.json(granted.fresh() ? 201 : 200, LockJson.grant(name, holder, limit))
                .revision(granted.fresh() ? holder.token() : revision);
        return granted.fresh()
                ? answer.header(
                        "Location", "/v1/" + name.kind().text() + "s/" + name.name() + "/holders/" + holder.token())
                : answer;
    }

    private static Answer guard(LockCommand.PutGuard put, long revision, boolean created) {
        JsonWriter json = new JsonWriter(128);
        json.object().name("name").text(put.lock());
        json.name("id").text(put.id());
        json.name("prefix").utf8(put.prefix().unsafeArray());
        json.name("revision").number(revision);
        Answer answer = Answer.json(created ? 201 : 200, json.end()).revision(revision);
        return created ? answer.header("Location", "/v1/locks/" + put.lock() + "/guards/" + put.id()) : answer;
    }

    static Problem problem(Outcome.LockRefused refused, Command command) {
        return switch (refused) {
            case Outcome.LockHeld(List<Holder> holders, List<Waiter> waiting) ->
                held(kindOf(command), holders, waiting);
            case Outcome.NotHolder(LockName lock, long token) ->
                Problem.of(ProblemType.NOT_HOLDER, lock + " is not held with token " + token + " (any more).");
            case Outcome.LimitDiffers(LockName lock, int limit) ->
                Problem.of(ProblemType.NAME_TAKEN, "/limit", lock + " is in use with limit " + limit + ".")
                        .with("limit", limit);
            case Outcome.Guarded guarded ->
                Problem.of(
                                ProblemType.GUARDED,
                                "Parley-Fence",
                                "What is below " + guarded.prefix() + " is written by the holder of lock "
                                        + guarded.lock() + ", with its fence.")
                        .with(json -> json.name("lock").text(guarded.lock()));
            case Outcome.GuardUnknown(String lock, String id) ->
                Problem.of(ProblemType.NO_SUCH_GUARD, "Lock " + lock + " has no guard " + id + ".");
        };
    }

    private static Problem held(LockName.Kind kind, List<Holder> holders, List<Waiter> waiting) {
        return Problem.of(ProblemType.LOCK_HELD, "It is held by others, or others have waited longer.")
                .with(json -> LockJson.queue(json, kind, holders, waiting));
    }

    private static LockName.Kind kindOf(Command command) {
        return command instanceof LockCommand.Acquire acquire ? acquire.lock().kind() : LockName.Kind.LOCK;
    }
}
