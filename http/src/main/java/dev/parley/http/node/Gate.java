package dev.parley.http.node;

import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * What requests meet while the node behind it comes and goes: HTTP listens before there is a replica, and still answers
 * when it stops.
 *
 * <pre>
 *   Shut --> Open --> Closing
 *    |        ^          ^
 *    +--> Reading -------+     the log is out of reach, what is on disk can be read
 * </pre>
 */
final class Gate implements Replica {
    private final AtomicReference<Stage> stage = new AtomicReference<>(new Stage.Shut("starting", false));

    /** Where the node is in its life. */
    sealed interface Stage {
        /** @param broken whether only an operator can change it */
        record Shut(String missing, boolean broken) implements Stage {}

        record Reading(String missing, Replica tables) implements Stage {}

        record Open(Replica replica) implements Stage {}

        /** Requests that run go on; nobody should send new ones. */
        record Closing(Replica replica) implements Stage {}
    }

    void shut(String missing) {
        stage.set(new Stage.Shut(missing, false));
    }

    void shutBroken(String problem) {
        stage.set(new Stage.Shut(problem, true));
    }

    void read(String missing, Replica tables) {
        stage.set(new Stage.Reading(missing, tables));
    }

    void open(Replica replica) {
        stage.set(new Stage.Open(replica));
    }

    void close() {
        stage.updateAndGet(now -> new Stage.Closing(behind(now)));
    }

    /** What the node waits for; empty when it is ready. */
    String missing() {
        return switch (stage.get()) {
            case Stage.Shut(String missing, boolean broken) -> missing;
            case Stage.Reading(String missing, Replica tables) -> missing;
            case Stage.Open(Replica replica) -> {
                Status status = replica.status();
                yield status.ready() ? "" : status.problem().isEmpty() ? "catching-up" : status.problem();
            }
            case Stage.Closing(Replica replica) -> "stopping";
        };
    }

    private Replica behind(Stage now) {
        return switch (now) {
            case Stage.Shut(String missing, boolean broken) -> new Nothing(missing, broken);
            case Stage.Reading(String missing, Replica tables) -> tables;
            case Stage.Open(Replica replica) -> replica;
            case Stage.Closing(Replica replica) -> replica;
        };
    }

    private Replica behind() {
        return behind(stage.get());
    }

    @Override
    public Result submit(Submission submission, Duration timeout) {
        return behind().submit(submission, timeout);
    }

    @Override
    public void submit(Submission submission, Duration timeout, Consumer<Result> answered) {
        behind().submit(submission, timeout, answered);
    }

    @Override
    public Reading readLinearizable(long revisionMin, Duration timeout) {
        return behind().readLinearizable(revisionMin, timeout);
    }

    @Override
    public Reading readStale(long revisionMin, Duration timeout) {
        return behind().readStale(revisionMin, timeout);
    }

    @Override
    public Change awaitFirstChange(Keyspace keyspace, KeyRange range, long since, Duration timeout) {
        return behind().awaitFirstChange(keyspace, range, since, timeout);
    }

    @Override
    public Optional<StateView> view() {
        return behind().view();
    }

    @Override
    public Status status() {
        Stage now = stage.get();
        Status status = behind(now).status();
        return now instanceof Stage.Closing
                ? new Status(
                        false,
                        false,
                        status.leader(),
                        status.epoch(),
                        status.appliedIndex(),
                        status.revision(),
                        status.logBytesLive(),
                        status.trimHeldBy(),
                        status.problem())
                : status;
    }

    /** Stands where no replica is yet. */
    private record Nothing(String missing, boolean broken) implements Replica {
        private Refusal refusal() {
            return broken ? Refusal.BROKEN : Refusal.NOT_READY;
        }

        @Override
        public Result submit(Submission submission, Duration timeout) {
            return new Result.NotApplied(refusal());
        }

        @Override
        public void submit(Submission submission, Duration timeout, Consumer<Result> answered) {
            answered.accept(submit(submission, timeout));
        }

        @Override
        public Reading readLinearizable(long revisionMin, Duration timeout) {
            return new Reading.Unavailable(refusal());
        }

        @Override
        public Reading readStale(long revisionMin, Duration timeout) {
            return new Reading.Unavailable(refusal());
        }

        @Override
        public Change awaitFirstChange(Keyspace keyspace, KeyRange range, long since, Duration timeout) {
            return new Change(false, since);
        }

        @Override
        public Optional<StateView> view() {
            return Optional.empty();
        }

        @Override
        public Status status() {
            return new Status(false, false, false, 0, 0, 0, 0, List.of(), broken ? missing : "");
        }
    }
}
