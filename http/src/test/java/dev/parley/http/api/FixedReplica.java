package dev.parley.http.api;

import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A replica that answers what it was told to. */
final class FixedReplica implements Replica {
    private final Function<Submission, Result> results;
    private final Reading reading;

    FixedReplica(Function<Submission, Result> results, Reading reading) {
        this.results = results;
        this.reading = reading;
    }

    @Override
    public Result submit(Submission submission, Duration timeout) {
        return results.apply(submission);
    }

    @Override
    public void submit(Submission submission, Duration timeout, Consumer<Result> answered) {
        answered.accept(results.apply(submission));
    }

    @Override
    public Reading readLinearizable(long revisionMin, Duration timeout) {
        return reading;
    }

    @Override
    public Reading readStale(long revisionMin, Duration timeout) {
        return reading;
    }

    @Override
    public Change awaitFirstChange(Keyspace keyspace, KeyRange range, long since, Duration timeout) {
        return new Change(false, since);
    }

    @Override
    public Optional<StateView> view() {
        return reading instanceof Reading.Ready(StateView view, long age) ? Optional.of(view) : Optional.empty();
    }

    @Override
    public Status status() {
        return new Status(true, true, true, 1, 7, 77, 0, List.of(), "");
    }
}
