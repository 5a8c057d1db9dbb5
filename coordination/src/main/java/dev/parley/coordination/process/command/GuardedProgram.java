package dev.parley.coordination.process.command;

import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.Kind.LogSink;
import dev.parley.coordination.process.RunningProcess;
import dev.parley.coordination.process.guard.Guard;
import dev.parley.coordination.process.guard.ProcessGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program as its guard shows it. Whatever becomes of the guard, nothing of the program is left when it has exited. */
final class GuardedProgram implements RunningProcess {
    private static final int LINE_CHARS_MAX = 8_192;
    private static final Duration GUARD_KILLS_WITHIN = Duration.ofMillis(700);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final int SIGNALLED = 128;

    private final Process guard;
    private final ProcessGroup remains;
    private final LogSink output;
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();

    /** @param remains by its mark everything of this run, should the guard itself be gone */
    GuardedProgram(Process guard, ProcessGroup remains, LogSink output) {
        this.guard = guard;
        this.remains = remains;
        this.output = output;
    }

    void begin() {
        Thread reader = Thread.ofPlatform()
                .daemon()
                .name("process-program-" + guard.pid())
                .start(this::read);
        guard.onExit().thenAcceptAsync(gone -> ended(reader), work -> Thread.ofPlatform()
                .daemon()
                .name("process-end-" + guard.pid())
                .start(work));
    }

    private void ended(Thread reader) {
        remains.kill();
        try {
            reader.join(LAST_WORDS);
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
        exit.complete(meaning(guard.exitValue()));
    }

    private static Exit meaning(int status) {
        if (status == 0) {
            return new Exit.Finished();
        }
        return new Exit.Failed(
                status > SIGNALLED ? "ended by signal " + (status - SIGNALLED) : "exit status " + status);
    }

    private void read() {
        try (var reader = new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8))) {
            var line = new StringBuilder();
            for (int next = reader.read(); next >= 0; next = reader.read()) {
                if (next != '\n') {
                    line.append((char) next);
                }
                if (next == '\n' || line.length() >= LINE_CHARS_MAX) {
                    output.line("out", line.toString());
                    line.setLength(0);
                }
            }
            if (!line.isEmpty()) {
                output.line("out", line.toString());
            }
        } catch (IOException gone) {
            // Its end is told by its exit.
        }
    }

    /** Says one byte to the guard. Never waits in earnest: the pipe holds thousands. */
    void tell(int what) {
        try {
            guard.getOutputStream().write(what);
            guard.getOutputStream().flush();
        } catch (IOException gone) {
            // Its end is told by its exit.
        }
    }

    @Override
    public CompletionStage<Exit> exit() {
        return exit.minimalCompletionStage();
    }

    @Override
    public Optional<byte[]> stop(Duration within) {
        tell(Guard.STOP);
        try {
            exit.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException givenUp) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException goesOn) {
            // The answer tells.
        }
        return Optional.empty();
    }

    @Override
    public void kill() {
        tell(Guard.KILL);
        exit.copy()
                .orTimeout(GUARD_KILLS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    guard.destroyForcibly();
                    return new Exit.Failed("its guard did not end it");
                });
    }
}
