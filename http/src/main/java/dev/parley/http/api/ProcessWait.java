package dev.parley.http.api;

import dev.parley.coordination.process.Standing;
import dev.parley.coordination.process.Standing.State;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Processes;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Waits until a process that was registered stands as the client wants to see it. Any thread. */
record ProcessWait(Replica replica, LongSupplier nanos, BooleanSupplier stopping) {
    private static final Duration SLICE = Duration.ofMillis(500);

    /** What the client waits for. */
    enum For {
        RUNNING,
        REGISTERED,
        NONE
    }

    /** @param reached whether it stands as it was waited for */
    private record Seen(Standing standing, long revision, boolean reached) {}

    long deadline(Duration timeout) {
        return nanos.getAsLong() + timeout.toNanos();
    }

    Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - nanos.getAsLong()));
    }

    /** 201 or, of one that was registered before, 200; 202 when it is not as far as it was to be. */
    Answer answer(String name, Outcome.ProcessStored stored, For until, Duration timeout) {
        Seen seen = await(name, until, deadline(timeout));
        int status = !stored.created() ? 200 : seen.reached() && until != For.NONE ? 201 : 202;
        return ProcessResource.answer(status, seen.standing()).revision(Math.max(stored.revision(), seen.revision()));
    }

    private Seen await(String name, For until, long deadline) {
        while (true) {
            Seen seen = look(name, until);
            boolean last = until != For.RUNNING
                    || seen.reached()
                    || isAtRest(seen.standing().state());
            if (last || deadline - nanos.getAsLong() <= 0 || stopping.getAsBoolean()) {
                return seen;
            }
            Duration left = left(deadline);
            replica.awaitChange(
                    Keyspace.PROCESS, KeyRange.ALL, seen.revision(), left.compareTo(SLICE) < 0 ? left : SLICE);
        }
    }

    /** It will not run by itself, however long one waits. */
    private static boolean isAtRest(State state) {
        return state == State.FAILED || state == State.STOPPED;
    }

    /** This node has applied the registration, so what it has shows it, unless it was deleted again. */
    private Seen look(String name, For until) {
        Optional<StateView> newest = replica.view();
        if (newest.isEmpty()) {
            throw Outcomes.unknown();
        }
        try (StateView view = newest.get()) {
            long revision = view.position().revision();
            return Processes.find(view, name)
                    .map(process -> Standing.of(view, process))
                    .map(standing ->
                            new Seen(standing, revision, until != For.RUNNING || standing.state() == State.RUNNING))
                    .orElseThrow(() -> ProcessResource.noSuchProcess(name).header(Answer.REVISION, revision));
        }
    }
}
