package dev.parley.coordination.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** An instance that was started. Any thread. */
public interface RunningProcess {
    /** Completes once, never exceptionally, when nothing of it runs any more, whatever ended it. */
    CompletionStage<Exit> exit();

    /**
     * Asks it to end, and waits for that at most as long. Afterwards nothing of it may run; when it did not end in time the
     * answer is empty and {@link #exit} is not complete, and {@link #kill} follows. Blocks.
     *
     * @return the state for the next instance, at most {@link ProcessHost#HANDOVER_BYTES_MAX} bytes
     */
    Optional<byte[]> stop(Duration within);

    /** Ends it by force, at once. Does not block; {@link #exit} tells when it is over. */
    void kill();
}
