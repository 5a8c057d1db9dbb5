package dev.parley.store.replica;

import dev.parley.store.kv.StateMap;
import dev.parley.store.log.LogIndex;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Where the state machine's map lives. Confined to the owner thread, but for {@link #view()} and {@link #log()}.
 * A failure to read or write throws {@link StoreFailure}; the node must halt.
 */
public interface StateStore extends AutoCloseable {
    /** Names this directory; made with it. */
    UUID id();

    /** The log this state comes from; empty in a directory that never followed one. */
    Optional<UUID> log();

    /** Binds a fresh directory to a log, durably. @throws IllegalStateException when bound to another one */
    void bind(UUID log);

    /** What apply writes into. Changes show to readers at the next {@link #publish}. */
    StateMap map();

    /** Makes everything written so far visible to readers, as of {@code position}. Called after each entry. */
    void publish(Position position);

    /** The newest published state. */
    Position position();

    /** How far the state is on disk; advances after a flush, some time later. */
    Position durable();

    /**
     * Called after each publish and on each tick of the owner: starts a flush or a merge in the background when one is
     * due, and takes notice of one that ended.
     */
    void maintain(long nowNanos);

    /** How much room the disk has, as of a moment ago. */
    Room room();

    /** The newest published state, for any thread. The caller closes it. */
    StateView view();

    /**
     * Replaces everything by a state of the same log that was made elsewhere, durably; the directory gets another id.
     * Views that are open stay what they are. What was not durable of the former state is gone.
     *
     * @param keepFormer sets the former files aside, because somebody may want to know what was damaged
     */
    void install(Incoming incoming, boolean keepFormer);

    /**
     * Who is told, on any thread and perhaps often, when something that a view was asked for does not verify. The view's
     * reader gets a {@link DamagedTables} all the same.
     */
    void onDamage(Consumer<String> listener);

    /** Stops background work, without a last flush: a close must not be needed. May be called twice. */
    @Override
    void close();

    /** A state made elsewhere, whole and verified, that waits on this node's disk. */
    interface Incoming {
        /** The log it comes from. */
        Optional<UUID> log();

        Position position();
    }

    /** Room on the disk, by a reserve that is configured. */
    enum Room {
        ENOUGH,
        /** Less than the reserve is free: nothing that takes room may be proposed. */
        SHORT,
        /** Less than half of it: what is left is for the cluster itself. */
        SPENT
    }

    /**
     * A point of the log and of the store.
     *
     * @param stamp of the entry at {@code applied}, see {@link dev.parley.store.log.LogEvent.StoredEntry}
     * @param revision newest revision
     */
    record Position(LogIndex applied, long stamp, long revision) {
        public static final Position START = new Position(LogIndex.BEFORE_FIRST, 0, 0);
    }
}
