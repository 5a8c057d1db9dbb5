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
import java.util.function.LongSupplier;

/**
 * Stale reads of what is on disk, for a node that has started while no ZooKeeper answers. How old it is cannot be known,
 * so its age counts from the start of the process and is a lower bound.
 */
final class TablesOnly implements Replica {
    private final StateStore store;
    private final LongSupplier nanos;
    private final long sinceNanos;

    TablesOnly(StateStore store, LongSupplier nanos, long sinceNanos) {
        this.store = store;
        this.nanos = nanos;
        this.sinceNanos = sinceNanos;
    }

    @Override
    public Result submit(Submission submission, Duration timeout) {
        return new Result.NotApplied(Refusal.NO_QUORUM);
    }

    @Override
    public void submit(Submission submission, Duration timeout, Consumer<Result> answered) {
        answered.accept(submit(submission, timeout));
    }

    @Override
    public Reading readLinearizable(long revisionMin, Duration timeout) {
        return new Reading.Unavailable(Refusal.NO_QUORUM);
    }

    @Override
    public Reading readStale(long revisionMin, Duration timeout) {
        StateView view = store.view();
        if (view.position().revision() < revisionMin) {
            view.close();
            return new Reading.Unavailable(Refusal.NO_QUORUM);
        }
        return new Reading.Ready(view, (nanos.getAsLong() - sinceNanos) / 1_000_000);
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
        var position = store.position();
        return new Status(false, true, false, 0, position.applied().value(), position.revision(), 0, List.of(), "");
    }
}
