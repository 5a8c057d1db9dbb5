package dev.parley.store.replica;

import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.StateStore.Incoming;
import java.util.UUID;
import java.util.function.Consumer;

/** Where a replica gets a state from that the log cannot give it any more: from another node. */
@FunctionalInterface
public interface SnapshotSource {
    /**
     * Begins to look for a snapshot and returns at once. However long it takes, there is one answer, on any thread; what
     * fails on the way is tried again. Not called again before that answer. The owner thread.
     */
    void fetch(Wanted wanted, Consumer<Incoming> arrived);

    /**
     * @param log the log it must come from
     * @param above its position must be behind this entry, or the log could not go on from there
     * @param why for people
     */
    record Wanted(UUID log, LogIndex above, String why) {}

    /** Nobody has one: what needs a snapshot waits for ever. */
    static SnapshotSource none() {
        return (wanted, arrived) -> {};
    }
}
