package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Outcome;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Result;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * {@code /v1/restore}: brings a prefix back to an old revision. One command touches at most {@link
 * Limits#KEYS_PER_COMMAND_MAX} keys, so more take several, one after the other, each with its revision; the answer says how
 * many.
 */
final class RestoreResource implements Resource {
    private final Replica replica;
    private final LongSupplier nanos;

    RestoreResource(Replica replica, LongSupplier nanos) {
        this.replica = replica;
        this.nanos = nanos;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/restore", true).on("POST", this::restore));
    }

    private Answer restore(Request request, String rest) {
        Duration timeout = request.params(List.of("timeout")).timeout();
        Companions companions = Companions.of(request);
        Bytes content = request.body(JsonObject.BODY_BYTES_MAX);
        JsonObject body = JsonObject.of(request, content).only(List.of("prefix", "revision"));
        Bytes prefix = Bytes.utf8(body.requiredText("prefix"));
        if (prefix.size() > Key.SIZE_BYTES_MAX) {
            throw Problem.field("/prefix", "prefix is longer than a key can be.");
        }
        long revision = body.number("revision", 0, Numbers.MAX).orElseThrow(() -> body.missing("revision"));
        return new Run(companions, request, content, nanos.getAsLong() + timeout.toNanos())
                .restore(new Command.Restore(KeyRange.prefix(prefix), revision));
    }

    /** How far it came. */
    private final class Run {
        private final Companions companions;
        private final Request request;
        private final Bytes content;
        private final long deadline;
        private long sent;
        private long split;
        private long restored;
        private long deleted;
        private long firstRevision;
        private long lastRevision;
        private boolean replayed;

        Run(Companions companions, Request request, Bytes content, long deadline) {
            this.companions = companions;
            this.request = request;
            this.content = content;
            this.deadline = deadline;
        }

        Answer restore(Command.Restore whole) {
            Command.Restore command = whole;
            while (true) {
                Duration left = Duration.ofNanos(Math.max(0, deadline - nanos.getAsLong()));
                Result result = replica.submit(companions.part(command, request, content, sent), left);
                Outcome.Restored part = part(result, command);
                add(part);
                if (part.next().isEmpty()) {
                    Answer answer = answer(restored, deleted, firstRevision, lastRevision, split);
                    return replayed ? answer.header("Idempotent-Replay", "true") : answer;
                }
                command = new Command.Restore(
                        new KeyRange(part.next().get(), whole.range().end()), whole.revision());
            }
        }

        private Outcome.Restored part(Result result, Command command) {
            return switch (result) {
                case Result.Decided(Outcome.Replayed(long revision, Outcome.Restored first), long at) -> {
                    replayed = true;
                    yield first;
                }
                case Result.Decided(Outcome.Restored part, long at) -> part;
                case Result.Decided decided -> throw stopped(Outcomes.refusal(decided, Outcomes.Asked.of(command)));
                case Result.NotApplied(Replica.Refusal why) -> throw stopped(Outcomes.refusal(why));
                case Result.Unknown unknown -> throw stopped(Outcomes.unknown());
            };
        }

        private void add(Outcome.Restored part) {
            sent++;
            boolean changed = part.restored() + part.deleted() > 0;
            if (changed) {
                split++;
            }
            if (changed && split == 1 || firstRevision == 0) {
                firstRevision = part.revision();
            }
            if (changed || split == 0) {
                lastRevision = part.revision();
            }
            restored += part.restored();
            deleted += part.deleted();
        }

        /** A refusal in the middle is no definite one: part of the prefix is restored. */
        private Problem stopped(Problem problem) {
            if (split == 0) {
                return problem;
            }
            return Outcomes.unknown("The restore was split and stopped after " + (restored + deleted) + " keys: "
                            + problem.detail())
                    .with("restored", restored)
                    .with("deleted", deleted)
                    .with("split", split);
        }
    }

    /** @param split how many revisions it took */
    static Answer answer(long restored, long deleted, long firstRevision, long lastRevision, long split) {
        JsonWriter json = new JsonWriter(128);
        json.object().name("restored").number(restored);
        json.name("deleted").number(deleted);
        json.name("first_revision").number(firstRevision);
        json.name("last_revision").number(lastRevision);
        if (split > 1) {
            json.name("split").number(split);
        }
        return Answer.json(200, json.end()).revision(lastRevision);
    }
}
