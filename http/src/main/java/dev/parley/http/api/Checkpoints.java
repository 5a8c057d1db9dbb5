package dev.parley.http.api;

import dev.parley.store.log.LogIndex;
import dev.parley.store.table.Checkpoint;
import java.time.Duration;
import java.util.Optional;

/** Where the durable state of this node can be had as files. Any thread. */
@FunctionalInterface
public interface Checkpoints {
    /** Of a node that has no files. */
    Checkpoints NONE = (least, patience) -> Optional.empty();

    /**
     * Waits until everything up to an entry is durable here; the caller closes what it gets.
     *
     * @param least the entry; this node has applied it
     * @return empty when there are no tables, or the time ran out first
     */
    Optional<Checkpoint> durable(LogIndex least, Duration patience);

    /** Has the files replaced by those of another node, because of what was found in them. */
    default void giveUp(String why) {}
}
