package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.Command.Precondition.Match;
import dev.parley.store.kv.ConfigCommand;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.LeaseId;
import dev.parley.store.kv.Outcome;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import java.util.Optional;

/** The one place where what became of a command turns into an answer of HTTP. */
final class Outcomes {
    static final String REPLAY = "Idempotent-Replay";

    private Outcomes() {}

    /**
     * What the answer needs to know of the request.
     *
     * @param base64 values of an answer are wanted as base64
     */
    record Asked(Command command, boolean base64) {
        /** The answer will not be more than a revision or a problem. */
        static final Asked NOTHING = of(new Command.Delete(Key.of("-"), Precondition.NONE));

        static Asked of(Command command) {
            return new Asked(command, false);
        }
    }

    static Answer answer(Result result, Asked asked) {
        return switch (result) {
            case Result.Decided(Outcome outcome, long revision) -> answer(outcome, revision, asked);
            case Result.NotApplied(Refusal why) -> throw refusal(why);
            case Result.Unknown unknown -> throw unknown();
        };
    }

    private static Answer answer(Outcome outcome, long revision, Asked asked) {
        return switch (outcome) {
            case Outcome.Stored stored -> stored(stored, asked);
            case Outcome.Deleted(long at, long deleted) ->
                Answer.of(204).revision(at).header("Parley-Deleted", deleted);
            case Outcome.DeletedSome(long at, long deleted) ->
                Answer.of(204).revision(at).header("Parley-Deleted", deleted);
            case Outcome.TransactionDone done ->
                Answer.json(200, TransactionAnswer.of(done, asked)).revision(revision);
            case Outcome.LeaseGranted granted ->
                Answer.json(201, lease(granted.lease(), granted.ttl()))
                        .header("Location", "/v1/leases/" + granted.lease())
                        .revision(revision);
            case Outcome.LeaseKept kept ->
                Answer.json(200, lease(kept.lease(), kept.ttl())).revision(revision);
            case Outcome.OfficeResigned resigned -> Answer.of(204).revision(revision);
            case Outcome.LeaseEnded ended -> Answer.of(204).revision(ended.revision());
            case Outcome.EntryAppended appended -> LedgerJson.appended(appended);
            case Outcome.EntriesLoaded loaded -> LedgerSnapshots.loaded(loaded);
            case Outcome.Compacted compacted ->
                Answer.json(200, Compaction.answer(compacted.revision())).revision(revision);
            case Outcome.Restored(long at, long restored, long deleted, Optional<Bytes> next) ->
                RestoreResource.answer(restored, deleted, at, at, 1);
            case Outcome.Proposed proposed -> throw new IllegalStateException("a proposal is no answer");
            case Outcome.SchemaStored(long at, boolean created) ->
                Answer.json(created ? 201 : 200, revision(at)).revision(at);
            case Outcome.HookStored stored -> HookResource.stored(stored, (Command.PutHook) asked.command());
            case Outcome.ConfigReported reported ->
                ConfigAckResource.answer(reported, reported.revision(), (ConfigCommand.ReportConfig) asked.command());
            case Outcome.ProcessDone done -> ProcessAnswers.answer(done);
            case Outcome.LockDone done -> LockAnswers.answer(done, revision, asked.command());
            case Outcome.Acknowledged acknowledged -> Answer.of(204).revision(revision);
            case Outcome.Replayed(long at, Outcome.Refused first) -> throw replayed(first, at, asked);
            case Outcome.Replayed(long at, Outcome first) ->
                answer(first, at, asked).header(REPLAY, "true");
            case Outcome.Refused refused -> throw problem(refused, revision, asked);
        };
    }

    private static Answer stored(Outcome.Stored stored, Asked asked) {
        Key key = ((Command.Put) asked.command()).key();
        JsonWriter json = new JsonWriter(key.bytes().size() + 128);
        put(json, key, stored.revision(), stored.version(), stored.created(), stored.lease());
        Answer answer = Answer.json(stored.created() ? 201 : 200, json)
                .revision(stored.revision())
                .etag(stored.revision());
        if (stored.created()) {
            answer.header("Location", "/v1/kv/" + Percent.encodePath(key.bytes().unsafeArray()));
        }
        stored.lease().ifPresent(lease -> answer.header("Parley-Lease", lease));
        return answer;
    }

    /** What a put answers, by itself and inside a transaction. */
    static void put(JsonWriter json, Key key, long revision, long version, boolean created, Optional<Long> lease) {
        json.object().name("key").utf8(key.bytes().unsafeArray());
        json.name("revision").number(revision);
        json.name("version").number(version);
        json.name("created").bool(created);
        lease.filter(id -> id != LeaseId.NONE)
                .ifPresent(id -> json.name("lease").text(Long.toString(id)));
        json.end();
    }

    private static JsonWriter revision(long revision) {
        return new JsonWriter(32).object().name("revision").number(revision).end();
    }

    private static JsonWriter lease(long lease, java.time.Duration ttl) {
        JsonWriter json = new JsonWriter(64);
        json.object().name("id").text(Long.toString(lease));
        json.name("ttl").text(Durations.format(ttl));
        return json.end();
    }

    private static Problem replayed(Outcome.Refused first, long revision, Asked asked) {
        return problem(first, revision, asked).withHeader(REPLAY, "true");
    }

    /** Of an outcome that is no {@link Outcome.Done}. */
    static Problem refusal(Result.Decided decided, Asked asked) {
        return switch (decided.outcome()) {
            case Outcome.Refused refused -> problem(refused, decided.revision(), asked);
            case Outcome.Replayed(long at, Outcome.Refused first) -> replayed(first, at, asked);
            case Outcome.Done done -> throw new IllegalStateException("this is no refusal: " + done);
        };
    }

    /** Why a command was refused when it was applied. */
    static Problem problem(Outcome.Refused refused, long revision, Asked asked) {
        return reason(refused, asked).header(Answer.REVISION, revision);
    }

    private static Problem reason(Outcome.Refused refused, Asked asked) {
        return switch (refused) {
            case Outcome.PreconditionFailed(Key key, long actual) -> preconditionFailed(actual, asked);
            case Outcome.LeaseNotFound(long lease) ->
                Problem.of(ProblemType.LEASE_NOT_FOUND, "lease", "There is no lease " + lease + " (any more).");
            case Outcome.LeaseUnknown(long lease) -> noSuchLease(Long.toString(lease));
            case Outcome.Fenced fenced ->
                Problem.of(
                        ProblemType.FENCED,
                        "Parley-Fence",
                        fenced.fence().kind() + "/" + fenced.fence().name() + " is not held with token "
                                + fenced.fence().token() + ".");
            case Outcome.KeyReused reused ->
                rule(
                        Problem.of(
                                ProblemType.IDEMPOTENCY_KEY_REUSED,
                                "Idempotency-Key",
                                "This Idempotency-Key was used for another request."),
                        "Idempotency-Key",
                        "belongs to one request");
            case Outcome.RevisionGone(long compacted) -> Compaction.problem("/revision", compacted);
            case Outcome.RevisionAhead(long newest) -> Compaction.ahead("/revision", newest);
            case Outcome.RangeTooLarge(long max) ->
                rule(
                        Problem.of(
                                ProblemType.RANGE_TOO_LARGE,
                                "A range deleted in a transaction holds more than " + max + " keys."),
                        "/success",
                        "deletes at most " + max + " keys");
            case Outcome.AnswerTooLarge(long max) ->
                rule(
                        Problem.of(
                                ProblemType.ANSWER_TOO_LARGE, "The answer would measure more than " + max + " bytes."),
                        "/success",
                        "answers with at most " + max + " bytes");
            case Outcome.LimitReached(String limit, long max) ->
                Problem.of(ProblemType.LIMIT_REACHED, "There are " + max + " " + limit + " already.")
                        .with(json -> json.name("limit").text(limit));
            case Outcome.PathConflict(Key path, Key other) ->
                Problem.of(ProblemType.PATH_CONFLICT, path + " cannot be beside " + other + ".")
                        .with(json -> json.name("path").text(other.toString()));
            case Outcome.QuorumImpossible(int required, int voters) ->
                rule(
                        Problem.of(
                                ProblemType.QUORUM_TOO_LARGE,
                                "quorum",
                                required + " votes were asked for, there are " + voters + " voters."),
                        "quorum",
                        "is at most the number of members");
            case Outcome.SchemaUnknown(Key prefix) ->
                Problem.of(ProblemType.NO_SUCH_SCHEMA, "There is no schema for " + prefix + ".");
            case Outcome.ProcessRefused process -> ProcessAnswers.problem(process);
            case Outcome.HookUnknown(String id) -> Problem.of(ProblemType.NO_SUCH_HOOK, "There is no hook " + id + ".");
            case Outcome.LockRefused lock -> LockAnswers.problem(lock, asked.command());
            case Outcome.MemberUnknown(String node) ->
                Problem.of(ProblemType.NO_SUCH_MEMBER, "No member " + node + " is registered.");
            case Outcome.StampTooFar(long stamp, long stampMax) ->
                Problem.of(ProblemType.STAMP_TOO_FAR, "/stamp", "stamp must be at most " + stampMax + " by now.")
                        .with(json -> {
                            json.name("errors").array().object();
                            json.name("field").text("/stamp").name("rule").text("at most " + stampMax);
                            json.end().endArray();
                        });
            case Outcome.LedgerMoved(String ledger, long count) ->
                Problem.of(ProblemType.SUPERSEDED, ledger + " has " + count + " entries by now.");
            case Outcome.Superseded(String why) -> Problem.of(ProblemType.SUPERSEDED, why + ".");
        };
    }

    private static Problem preconditionFailed(long actual, Asked asked) {
        String detail = actual == 0 ? "The key does not exist." : "The key is at revision " + actual + ".";
        Problem problem = blamed(asked.command())
                .map(header -> Problem.of(ProblemType.PRECONDITION_FAILED, header, detail))
                .orElseGet(() -> Problem.of(ProblemType.PRECONDITION_FAILED, detail));
        return problem.with("revision", actual);
    }

    private static Optional<String> blamed(Command command) {
        Precondition precondition =
                switch (command) {
                    case Command.Put put -> put.precondition();
                    case Command.Delete delete -> delete.precondition();
                    case ConfigCommand.Propose propose -> propose.precondition();
                    default -> Precondition.NONE;
                };
        boolean ifMatch = !(precondition.ifMatch() instanceof Match.Absent);
        boolean ifNoneMatch = !(precondition.ifNoneMatch() instanceof Match.Absent);
        return ifMatch == ifNoneMatch ? Optional.empty() : Optional.of(ifMatch ? "If-Match" : "If-None-Match");
    }

    private static Problem rule(Problem problem, String field, String rule) {
        return problem.with(json -> {
            json.name("errors").array().object();
            json.name("field").text(field).name("rule").text(rule);
            json.end().endArray();
        });
    }

    static Problem noSuchLease(String lease) {
        return Problem.of(ProblemType.NO_SUCH_LEASE, "There is no lease " + lease + " (any more).");
    }

    /** Why a node did not take a request; nothing happened. */
    static Problem refusal(Refusal why) {
        return switch (why) {
            case NOT_READY -> Problem.of(ProblemType.NOT_READY, "The node is not ready; /readyz says what is missing.");
            case NO_QUORUM -> Problem.of(ProblemType.NO_QUORUM, "ZooKeeper does not answer or has no quorum.");
            case QUEUE_FULL -> Problem.of(ProblemType.QUEUE_FULL, "Too many requests are waiting.");
            case LOG_FULL ->
                Problem.of(ProblemType.LOG_FULL, "The log holds as much as it may; /v1/status says who holds it back.");
            case DISK_FULL ->
                Problem.of(
                        ProblemType.DISK_FULL,
                        "The disk of this node is nearly full; it takes nothing that needs room.");
            case TOO_LARGE ->
                Problem.of(ProblemType.BODY_TOO_LARGE, "The command is larger than one log entry may be.");
            case TIMED_OUT -> Problem.of(ProblemType.TIMED_OUT, "The time given ran out first.");
            case STOPPING -> Problem.of(ProblemType.STOPPING, "The node is stopping; ask another one.");
            case BROKEN -> Problem.of(ProblemType.BROKEN, "The node found an invariant broken; see /v1/status.");
        };
    }

    static Problem unknown() {
        return unknown("It may have happened, or may still. Only a retry with the same Idempotency-Key is safe.");
    }

    static Problem unknown(String detail) {
        return Problem.of(ProblemType.UNKNOWN_OUTCOME, detail);
    }
}
