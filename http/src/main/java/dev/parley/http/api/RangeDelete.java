package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Outcome;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Result;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Deletes a range. One command touches at most {@link Limits#KEYS_PER_COMMAND_MAX} keys, so a larger range takes several,
 * one after the other, each with its revision; the answer says how many.
 */
final class RangeDelete {
    private final Replica replica;
    private final LongSupplier nanos;

    RangeDelete(Replica replica, LongSupplier nanos) {
        this.replica = replica;
        this.nanos = nanos;
    }

    /** How far it came. */
    private record Progress(long deleted, long parts, boolean replayed) {
        Progress plus(long more, boolean again) {
            return new Progress(deleted + more, parts + 1, replayed || again);
        }
    }

    Answer run(KeyRange range, Companions companions, Request request, Duration timeout) {
        Command.DeleteRange command = new Command.DeleteRange(range, true);
        Outcomes.Asked asked = Outcomes.Asked.of(command);
        long deadline = nanos.getAsLong() + timeout.toNanos();
        Progress progress = new Progress(0, 0, false);
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - nanos.getAsLong()));
            Result result = replica.submit(companions.part(command, request, Bytes.EMPTY, progress.parts()), left);
            boolean replayed = result instanceof Result.Decided(Outcome.Replayed again, long at);
            switch (first(result)) {
                case Result.Decided(Outcome.Deleted(long revision, long deleted), long at) -> {
                    return answer(progress.plus(deleted, replayed), revision);
                }
                case Result.Decided(Outcome.DeletedSome(long revision, long deleted), long at) ->
                    progress = progress.plus(deleted, replayed);
                case Result.Decided(Outcome outcome, long at) -> {
                    return Outcomes.answer(result, asked);
                }
                case Result.NotApplied(Replica.Refusal why) -> throw stopped(Outcomes.refusal(why), progress);
                case Result.Unknown unknown -> throw stopped(Outcomes.unknown(), progress);
            }
        }
    }

    private static Result first(Result result) {
        return result instanceof Result.Decided(Outcome.Replayed(long revision, Outcome first), long at)
                ? new Result.Decided(first, revision)
                : result;
    }

    /** A refusal in the middle is no definite one: part of the range is gone. */
    private static Problem stopped(Problem problem, Progress progress) {
        if (progress.parts() == 0) {
            return problem;
        }
        return Outcomes.unknown(
                        "The delete was split and stopped after " + progress.deleted() + " keys: " + problem.detail())
                .with("deleted", progress.deleted())
                .with("split", progress.parts());
    }

    private static Answer answer(Progress progress, long revision) {
        JsonWriter json = new JsonWriter(64);
        json.object().name("deleted").number(progress.deleted());
        json.name("revision").number(revision);
        if (progress.parts() > 1) {
            json.name("split").number(progress.parts());
        }
        Answer answer = Answer.json(200, json.end()).revision(revision);
        return progress.replayed() ? answer.header("Idempotent-Replay", "true") : answer;
    }
}
