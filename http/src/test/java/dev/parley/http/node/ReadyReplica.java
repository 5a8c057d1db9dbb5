package dev.parley.http.node;

import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateStore;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Shows a store as it is; nothing can be written through it. */
record ReadyReplica(StateStore store) implements Replica {
    @Override
    public Result submit(Submission submission, Duration timeout) {
        return new Result.NotApplied(Refusal.NOT_READY);
    }

    @Override
    public void submit(Submission submission, Duration timeout, Consumer<Result> answered) {
        answered.accept(submit(submission, timeout));
    }

    @Override
    public Reading readLinearizable(long revisionMin, Duration timeout) {
        return new Reading.Ready(store.view(), 0);
    }

    @Override
    public Reading readStale(long revisionMin, Duration timeout) {
        return new Reading.Ready(store.view(), 0);
    }

    @Override
    public Change awaitFirstChange(Keyspace keyspace, KeyRange range, long since, Duration timeout) {
        return new Change(false, since);
    }

    @Override
    public Optional<StateView> view() {
        return Optional.of(store.view());
    }

    @Override
    public Status status() {
        long applied = store.position().applied().value();
        return new Status(true, true, false, 0, applied, store.position().revision(), 0, List.of(), "");
    }
}
