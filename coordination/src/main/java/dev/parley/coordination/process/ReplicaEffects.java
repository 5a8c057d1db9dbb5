package dev.parley.coordination.process;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.Command.Precondition.Match;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.ProcessCommand;
import dev.parley.store.kv.Processes;
import dev.parley.store.kv.Submission;
import dev.parley.store.kv.Version.Live;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Reading;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The effects of one instance, by way of this node's replica. */
final class ReplicaEffects implements Effects {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Replica replica;
    private final String name;
    private final List<Submission.Fence> fences;

    ReplicaEffects(Replica replica, String name, long token) {
        this.replica = replica;
        this.name = name;
        this.fences = List.of(new Submission.Fence(Processes.FENCE, name, token));
    }

    @Override
    public Effect write(Write write) {
        Command command;
        try {
            command = command(write);
        } catch (IllegalArgumentException outOfBounds) {
            return new Effect.Refused(String.valueOf(outOfBounds.getMessage()));
        }
        var submission = new Submission(command, "process/" + name, Optional.empty(), fences);
        return switch (replica.submit(submission, TIMEOUT)) {
            case Result.Decided(Outcome outcome, long revision) -> effect(outcome, revision);
            case Result.NotApplied(Replica.Refusal why) -> new Effect.Refused(why.name());
            case Result.Unknown unknown -> new Effect.Unknown();
        };
    }

    private Command command(Write write) {
        Key key = Key.of(write.key());
        Optional<Bytes> value = write.value().map(Bytes::copyOf);
        return switch (write.area()) {
            case RECORDS -> new ProcessCommand.PutRecord(name, key, value, write.contentType(), write.onlyAt());
            case KEYS -> {
                Precondition precondition = precondition(write.onlyAt());
                yield value.<Command>map(bytes ->
                                new Command.Put(key, bytes, write.contentType(), new LeaseChoice.None(), precondition))
                        .orElseGet(() -> new Command.Delete(key, precondition));
            }
        };
    }

    private static Precondition precondition(OptionalLong onlyAt) {
        if (onlyAt.isEmpty()) {
            return Precondition.NONE;
        }
        return onlyAt.getAsLong() == 0
                ? new Precondition(new Match.Absent(), new Match.Any())
                : new Precondition(new Match.OneOf(List.of(onlyAt.getAsLong())), new Match.Absent());
    }

    private static Effect effect(Outcome outcome, long revision) {
        return switch (outcome) {
            case Outcome.Stored stored -> new Effect.Done(stored.revision());
            case Outcome.Deleted deleted -> new Effect.Done(deleted.revision());
            case Outcome.Done done -> new Effect.Done(revision);
            case Outcome.Fenced fenced -> new Effect.Fenced();
            case Outcome.PreconditionFailed failed -> new Effect.Changed(failed.actual());
            case Outcome.Refused refused -> new Effect.Refused(refused.toString());
        };
    }

    @Override
    public Optional<Stored> read(Area area, String key) {
        Key id = Key.of(key);
        return reading(view -> switch (area) {
            case KEYS -> view.liveAt(Keyspace.KV, id, Long.MAX_VALUE).map(live -> stored(id, live));
            case RECORDS -> Processes.record(view, name, id).map(live -> stored(id, live));
        });
    }

    @Override
    public List<Stored> list(Area area, String prefix, int limit) {
        return reading(view -> switch (area) {
            case RECORDS ->
                Processes.records(view, name, prefix, limit).stream()
                        .map(item -> stored(item.key(), item.version()))
                        .toList();
            case KEYS -> {
                List<Stored> found = new ArrayList<>();
                view.scan(Keyspace.KV, KeyRange.prefix(Bytes.utf8(prefix)), Long.MAX_VALUE, false, (key, live) -> {
                    found.add(stored(key, live));
                    return found.size() < limit;
                });
                yield List.copyOf(found);
            }
        });
    }

    private <T> T reading(Function<StateView, T> what) {
        return switch (replica.readLinearizable(0, TIMEOUT)) {
            case Reading.Ready(StateView view, long age) -> {
                try (view) {
                    yield what.apply(view);
                }
            }
            case Reading.Unavailable(Replica.Refusal why) -> throw new Unavailable(why.name());
        };
    }

    private static Stored stored(Key key, Live live) {
        return new Stored(key.toString(), live.value().toArray(), live.contentType(), live.modRevision());
    }
}
