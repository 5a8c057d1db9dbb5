package dev.parley.coordination.process;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Runs instances on this node: starts them, starts them again as their assignment says, stops them. What one instance does
 * never touches another. Any thread; nothing here blocks but {@link #stopAll}.
 */
public interface ProcessHost extends AutoCloseable {
    /** Largest state an instance may hand over. */
    int HANDOVER_BYTES_MAX = 256 * 1024;

    /**
     * Runs an instance; what becomes of it goes to the listener. The same name and token once more: nothing happens. A name
     * that still runs with an earlier token must have been stopped before.
     */
    void start(Assignment assignment, Effects effects);

    /**
     * Stops an instance, also one that waits to be started again: asks, waits at most as long, kills. Of an instance that is
     * not here: {@link Stopped#nothing}. Never completes exceptionally. Asked again while it stops: the same answer, the
     * shorter time counts.
     */
    CompletionStage<Stop> stop(String name, long token, Duration within);

    /** What runs here, or waits to be started again. */
    List<Held> held();

    /** The newest lines of a process's output here, oldest first, and then each new one. Close it to end that. */
    AutoCloseable follow(String name, int newest, LogListener listener);

    /** Stops everything, side by side; returns when nothing runs or the time is over. @return what still runs */
    List<Held> stopAll(Duration within);

    /** {@link #stopAll} at once, by force. May be called twice. */
    @Override
    void close();

    /** An instance of this node. */
    record Held(String name, long token) {}

    /** How a stop ended. */
    sealed interface Stop {}

    /** Nothing of it runs. @param handedOver its state, when it gave one */
    record Stopped(Optional<byte[]> handedOver) implements Stop {
        public static Stopped nothing() {
            return new Stopped(Optional.empty());
        }
    }

    /** It did not end in time and was killed; nothing of it runs. */
    record Killed() implements Stop {}

    /** It was killed, and still something of it runs: only the end of this node's program can help. */
    record Hanging() implements Stop {}

    /** What becomes of an instance. */
    sealed interface Change {}

    /** It is being started, the first time or again. @param restarts before this start */
    record Starting(int restarts) implements Change {}

    /** It runs. @param restarts before this start */
    record Running(int restarts) implements Change {}

    /** It ended by itself and is started again after a pause. */
    record Ended(int restarts, String reason) implements Change {}

    /** It ended well and, by its policy, is not started again. The host has forgotten it. */
    record Finished(int restarts) implements Change {}

    /** It ended or did not start, and is not started again: its policy, or its limit. The host has forgotten it. */
    record Failed(int restarts, String reason) implements Change {}

    /** Handed in when the host is made. Is told of each change, in order for one instance; must not block. */
    @FunctionalInterface
    interface Listener {
        void changed(String name, long token, Change change);
    }

    /** Is told of output, in order; must not block. */
    @FunctionalInterface
    interface LogListener {
        void line(LogLine line);
    }

    /**
     * @param number counts the lines of a process on this node from 1; a gap is what was dropped
     * @param atMillis Unix ms, for people
     * @param stream as {@link Kind.LogSink}
     */
    record LogLine(long number, long atMillis, String stream, String text) {}
}
