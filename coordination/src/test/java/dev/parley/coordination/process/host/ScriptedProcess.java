package dev.parley.coordination.process.host;

import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.Kind.LogSink;
import dev.parley.coordination.process.RunningProcess;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** An instance that ends when the test says so. */
final class ScriptedProcess implements RunningProcess {
    final CompletableFuture<Exit> exit = new CompletableFuture<>();
    final LogSink output;
    volatile Optional<byte[]> state = Optional.empty();
    volatile boolean killed;
    private final boolean deaf;
    private final boolean immortal;

    ScriptedProcess(LogSink output, boolean deaf, boolean immortal) {
        this.output = output;
        this.deaf = deaf;
        this.immortal = immortal;
    }

    @Override
    public CompletionStage<Exit> exit() {
        return exit;
    }

    @Override
    public Optional<byte[]> stop(Duration within) {
        if (!deaf) {
            exit.complete(new Exit.Finished());
            return state;
        }
        try {
            exit.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (Exception goesOn) {
            return Optional.empty();
        }
        return state;
    }

    @Override
    public void kill() {
        killed = true;
        if (!immortal) {
            exit.complete(new Exit.Failed("killed"));
        }
    }
}
