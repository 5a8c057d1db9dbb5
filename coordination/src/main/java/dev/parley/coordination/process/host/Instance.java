package dev.parley.coordination.process.host;

import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.Effects;
import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.ProcessHost;
import dev.parley.coordination.process.ProcessHost.Change;
import dev.parley.coordination.process.ProcessHost.Stop;
import dev.parley.coordination.process.RunningProcess;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One assignment from its first start to its end. A thread of its own does everything that concerns it; what may take its
 * time (the kind's start, the process's stop) is done on others and waited for.
 *
 * <pre>
 *   STARTING --> RUNNING --> ended --pause--> STARTING …      until finished, failed
 *       |           |          |
 *       +-----------+----------+--> stopping --> stopped | killed | hanging
 * </pre>
 */
final class Instance {
    private final Assignment assignment;
    private final Effects effects;
    private final Surroundings around;
    private final Kind.LogSink output;
    private final Thread thread;
    private final CompletableFuture<Stop> stopped = new CompletableFuture<>();
    private final AtomicReference<Optional<Long>> stopAtNanos = new AtomicReference<>(Optional.empty());

    Instance(Assignment assignment, Effects effects, Kind.LogSink output, Surroundings around) {
        this.assignment = assignment;
        this.effects = effects;
        this.output = output;
        this.around = around;
        this.thread = Thread.ofVirtual().name("process-" + assignment.name()).unstarted(this::run);
    }

    void begin() {
        thread.start();
    }

    ProcessHost.Held held() {
        return new ProcessHost.Held(assignment.name(), assignment.token());
    }

    /** Any thread. The shortest time that was ever given counts. */
    CompletionStage<Stop> stop(Duration within) {
        long at = around.nanos().getAsLong() + within.toNanos();
        stopAtNanos.updateAndGet(
                before -> before.filter(earlier -> earlier - at <= 0).or(() -> Optional.of(at)));
        LockSupport.unpark(thread);
        return stopped.minimalCompletionStage();
    }

    /** How one life of it ended. */
    private sealed interface End {
        record ByItself(Exit exit) implements End {}

        record ByRequest(Stop how) implements End {}
    }

    private void run() {
        Stop how = ProcessHost.Stopped.nothing();
        Optional<Change> last = Optional.empty();
        try {
            output.line("parley", "placed here with token " + assignment.token());
            Restarts restarts = Restarts.none(assignment.restart(), assignment.intensity());
            while (last.isEmpty() && !isStopping()) {
                switch (live(restarts.total())) {
                    case End.ByRequest(Stop stop) -> how = stop;
                    case End.ByItself(Exit exit) -> {
                        switch (restarts.ended(exit, around.nanos().getAsLong())) {
                            case Restarts.Next.Again(Duration pause, Restarts then) -> {
                                restarts = then;
                                tell(new ProcessHost.Ended(then.total(), reason(exit)));
                                await(() -> false, pause);
                            }
                            case Restarts.Next.Finished finished ->
                                last = Optional.of(new ProcessHost.Finished(restarts.total()));
                            case Restarts.Next.Failed(String reason) ->
                                last = Optional.of(new ProcessHost.Failed(restarts.total(), reason));
                        }
                    }
                }
            }
        } catch (RuntimeException bug) {
            last = Optional.of(new ProcessHost.Failed(0, "supervision itself failed: " + bug));
        } finally {
            around.forget().accept(this);
            last.ifPresent(this::tell);
            stopped.complete(how);
        }
    }

    private static String reason(Exit exit) {
        return switch (exit) {
            case Exit.Finished finished -> "ended by itself";
            case Exit.Failed(String reason) -> reason;
        };
    }

    private End live(int restarts) {
        tell(new ProcessHost.Starting(restarts));
        Optional<Kind> kind = around.kinds().named(assignment.kind());
        if (kind.isEmpty()) {
            return failed("this node has no kind " + assignment.kind());
        }
        CompletableFuture<RunningProcess> starting = new CompletableFuture<>();
        Thread starter = around.aside(
                assignment.name() + "-start", starting, () -> kind.get().start(assignment, effects, output));
        starting.whenComplete((running, failure) -> LockSupport.unpark(thread));
        await(starting::isDone, assignment.startTimeout());
        boolean inTime = starting.isDone();
        if (!inTime) {
            starter.interrupt();
            awaitStartAfterAll(starting);
        }
        if (!starting.isDone()) {
            hang("its start does not return", starting);
        }
        if (starting.isCompletedExceptionally()) {
            return isStopping()
                    ? new End.ByRequest(ProcessHost.Stopped.nothing())
                    : failed("did not start: " + Failures.message(starting.exceptionNow()));
        }
        return inTime ? accompany(starting.join(), restarts) : endLateStart(starting.join());
    }

    /** Without knowing whether something of it runs, it can neither be started again nor given up: only a stop ends this. */
    private void awaitStartAfterAll(CompletableFuture<RunningProcess> starting) {
        while (!starting.isDone() && !(isStopping() && leftNanos(around.killPatience()) <= 0)) {
            parkAtMost(isStopping() ? leftNanos(around.killPatience()) : Long.MAX_VALUE);
        }
    }

    private End endLateStart(RunningProcess running) {
        Stop how = kill(running);
        return isStopping()
                ? new End.ByRequest(how)
                : failed("did not start within " + assignment.startTimeout().toMillis() + " ms");
    }

    private End accompany(RunningProcess running, int restarts) {
        CompletableFuture<Exit> exit = running.exit().toCompletableFuture();
        exit.whenComplete((how, failure) -> LockSupport.unpark(thread));
        tell(new ProcessHost.Running(restarts));
        while (!exit.isDone() && !isStopping()) {
            parkAtMost(Long.MAX_VALUE);
        }
        return exit.isDone() ? new End.ByItself(exitOf(exit)) : new End.ByRequest(stop(running, exit));
    }

    private static Exit exitOf(CompletableFuture<Exit> exit) {
        return exit.isCompletedExceptionally() ? new Exit.Failed(Failures.message(exit.exceptionNow())) : exit.join();
    }

    private Stop stop(RunningProcess running, CompletableFuture<Exit> exit) {
        CompletableFuture<Optional<byte[]>> asked = new CompletableFuture<>();
        Duration within = Duration.ofNanos(Math.max(0, leftNanos(Duration.ZERO)));
        Thread asking = around.aside(assignment.name() + "-stop", asked, () -> running.stop(within));
        asked.whenComplete((state, failure) -> LockSupport.unpark(thread));
        while (!asked.isDone() && leftNanos(Duration.ZERO) > 0) {
            parkAtMost(leftNanos(Duration.ZERO)); // read anew each time: another stop may have shortened it
        }
        if (!exit.isDone()) {
            asking.interrupt();
            return kill(running);
        }
        if (!asked.isDone() || asked.isCompletedExceptionally()) {
            return ProcessHost.Stopped.nothing();
        }
        return new ProcessHost.Stopped(asked.join().filter(this::fits));
    }

    private boolean fits(byte[] state) {
        if (state.length <= ProcessHost.HANDOVER_BYTES_MAX) {
            return true;
        }
        output.line(
                "parley",
                "the state to hand over has " + state.length + " bytes, more than " + ProcessHost.HANDOVER_BYTES_MAX
                        + ", and is dropped");
        return false;
    }

    private Stop kill(RunningProcess running) {
        CompletableFuture<Exit> exit = running.exit().toCompletableFuture();
        exit.whenComplete((how, failure) -> LockSupport.unpark(thread));
        try {
            running.kill();
        } catch (RuntimeException failure) {
            output.line("parley", "it could not be killed: " + Failures.message(failure));
        }
        long until = around.nanos().getAsLong() + around.killPatience().toNanos();
        for (long left = around.killPatience().toNanos(); !exit.isDone() && left > 0; ) {
            parkAtMost(left);
            left = until - around.nanos().getAsLong();
        }
        if (!exit.isDone()) {
            hang("it does not end, not even by force", exit);
        }
        return new ProcessHost.Killed();
    }

    /** The last resort is the shell's. Whatever it does, this instance is here as long as something of it runs. */
    private void hang(String why, CompletableFuture<?> gone) {
        stopped.complete(new ProcessHost.Hanging());
        around.hangs().accept("process " + assignment.name() + " cannot be stopped: " + why);
        while (!gone.isDone()) {
            parkAtMost(Long.MAX_VALUE);
        }
    }

    private End failed(String reason) {
        return new End.ByItself(new Exit.Failed(reason));
    }

    private void tell(Change change) {
        said(change).ifPresent(line -> output.line("parley", line));
        try {
            around.listener().changed(assignment.name(), assignment.token(), change);
        } catch (RuntimeException bug) {
            output.line("parley", "a listener failed: " + Failures.message(bug));
        }
    }

    private static Optional<String> said(Change change) {
        return switch (change) {
            case ProcessHost.Starting starting -> Optional.empty();
            case ProcessHost.Running running -> Optional.of("runs");
            case ProcessHost.Ended(int restarts, String reason) ->
                Optional.of("ended, restart " + restarts + " follows: " + reason);
            case ProcessHost.Finished finished -> Optional.of("finished");
            case ProcessHost.Failed(int restarts, String reason) -> Optional.of("failed: " + reason);
        };
    }

    private boolean isStopping() {
        return stopAtNanos.get().isPresent();
    }

    /** Until the stop that was asked for must have happened, and a grace on top. */
    private long leftNanos(Duration grace) {
        return stopAtNanos.get().orElseThrow()
                + grace.toNanos()
                - around.nanos().getAsLong();
    }

    /** Ends early for a stop. */
    private void await(BooleanSupplier done, Duration atMost) {
        long until = around.nanos().getAsLong() + atMost.toNanos();
        for (long left = atMost.toNanos(); !done.getAsBoolean() && !isStopping() && left > 0; ) {
            parkAtMost(left);
            left = until - around.nanos().getAsLong();
        }
    }

    private void parkAtMost(long nanos) {
        LockSupport.parkNanos(this, nanos);
    }
}
