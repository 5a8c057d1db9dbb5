package dev.parley.coordination.process.kind;

import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.Effects;
import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.Kind.LogSink;
import dev.parley.coordination.process.RunningProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An instance on a thread of its own. A platform thread: work that never waits would keep a virtual one's carrier from
 * everybody else. A stop first says so, after half of its time interrupts; force is the interrupt alone, and what does not
 * heed it runs on.
 */
final class JavaProcess implements RunningProcess, ProcessFactory.Instance {
    private static final int TRACE_LINES_MAX = 40;

    private final Assignment assignment;
    private final Effects effects;
    private final LogSink output;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();
    private final CompletableFuture<Optional<byte[]>> state = new CompletableFuture<>();
    private final CompletableFuture<Thread> thread = new CompletableFuture<>();

    JavaProcess(Assignment assignment, Effects effects, LogSink output) {
        this.assignment = assignment;
        this.effects = effects;
        this.output = output;
    }

    void begin(ProcessFactory.Work work) {
        thread.complete(Thread.ofPlatform()
                .daemon()
                .name("process-" + assignment.name() + "-work")
                .start(() -> run(work)));
    }

    private void run(ProcessFactory.Work work) {
        Exit how;
        try {
            work.run();
            how = new Exit.Finished();
        } catch (Throwable failure) {
            how = new Exit.Failed(failure.toString());
            if (!isStopping()) {
                sayTrace(failure);
            }
        }
        state.complete(isStopping() ? handOver(work) : Optional.empty());
        exit.complete(how);
    }

    /** What was thrown at the end must not cost the state, and the other way round. */
    private Optional<byte[]> handOver(ProcessFactory.Work work) {
        Thread.interrupted();
        try {
            return work.handOver();
        } catch (Throwable failure) {
            output.line("parley", "no state is handed over: " + failure);
            return Optional.empty();
        }
    }

    private void sayTrace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        trace.toString().lines().limit(TRACE_LINES_MAX).forEach(line -> output.line("err", line.replace('\t', ' ')));
    }

    // -- for the work

    @Override
    public Assignment assignment() {
        return assignment;
    }

    @Override
    public Effects effects() {
        return effects;
    }

    @Override
    public void say(String line) {
        line.lines().forEach(each -> output.line("out", each));
    }

    @Override
    public boolean isStopping() {
        return stopping.getCount() == 0;
    }

    @Override
    public boolean pause(Duration time) {
        try {
            return stopping.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException toldToEnd) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    // -- for the supervisor

    @Override
    public CompletionStage<Exit> exit() {
        return exit.minimalCompletionStage();
    }

    @Override
    public Optional<byte[]> stop(Duration within) {
        stopping.countDown();
        Duration gently = within.dividedBy(2);
        if (!endsWithin(gently)) {
            thread.join().interrupt();
            if (!endsWithin(within.minus(gently))) {
                return Optional.empty();
            }
        }
        return state.join();
    }

    private boolean endsWithin(Duration time) {
        try {
            exit.get(time.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (java.util.concurrent.TimeoutException goesOn) {
            return false;
        } catch (InterruptedException givenUp) {
            Thread.currentThread().interrupt();
            return false;
        } catch (java.util.concurrent.ExecutionException never) {
            return true;
        }
    }

    @Override
    public void kill() {
        stopping.countDown();
        thread.join().interrupt();
    }
}
