package dev.parley.coordination.process.callback;

import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.Kind.LogSink;
import dev.parley.coordination.process.RunningProcess;
import dev.parley.coordination.process.callback.Calls.Reply;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * A service that was started. There is no force for it: when it does not answer its stop it is given up, and only its token
 * keeps what it does through Parley from counting.
 */
final class CalledService implements RunningProcess {
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration ASK_AGAIN = Duration.ofMillis(200);
    private static final int GONE = 410;

    private final String url;
    private final Duration timeout;
    private final long lease;
    private final Assignment assignment;
    private final Calls calls;
    private final LongSupplier nanos;
    private final LogSink output;
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();

    CalledService(
            String url,
            Duration timeout,
            long lease,
            Assignment assignment,
            Calls calls,
            LongSupplier nanos,
            LogSink output) {
        this.url = url;
        this.timeout = timeout;
        this.lease = lease;
        this.assignment = assignment;
        this.calls = calls;
        this.nanos = nanos;
        this.output = output;
    }

    void begin(LongPredicate leaseLives) {
        Thread.ofVirtual().name("process-" + assignment.name() + "-lease").start(() -> {
            while (!exit.isDone() && Pauses.pause(LOOK_EVERY)) {
                if (!leaseLives.test(lease)) {
                    exit.complete(new Exit.Failed("its lease " + lease + " ended"));
                }
            }
        });
    }

    @Override
    public CompletionStage<Exit> exit() {
        return exit.minimalCompletionStage();
    }

    @Override
    public Optional<byte[]> stop(Duration within) {
        long until = nanos.getAsLong() + within.toNanos();
        while (!exit.isDone()) {
            Duration left = Duration.ofNanos(until - nanos.getAsLong());
            if (!left.isPositive()) {
                return Optional.empty();
            }
            Reply reply = calls.post(url, Message.of("stop", assignment), left.compareTo(timeout) < 0 ? left : timeout);
            if (reply instanceof Reply.Answered answer && (answer.isGood() || answer.status() == GONE)) {
                exit.complete(new Exit.Finished());
                return answer.isGood() ? Message.state(answer) : Optional.empty();
            }
            output.line("parley", "the stop was not taken: " + told(reply));
            if (!Pauses.pause(ASK_AGAIN)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static String told(Reply reply) {
        return switch (reply) {
            case Reply.Answered answer -> "status " + answer.status();
            case Reply.Nothing(String why) -> why;
        };
    }

    @Override
    public void kill() {
        exit.complete(new Exit.Failed("given up: it did not answer its stop"));
    }
}
