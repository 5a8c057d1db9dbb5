package dev.parley.http.api;

import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.replica.StateView;
import java.io.IOException;
import java.io.OutputStream;

/**
 * What one watcher follows, and how far it has read. Holds nothing of what it has not read yet. Used by the thread that
 * serves the watcher.
 */
interface WatchFeed {
    /** What a step came upon. */
    sealed interface Step {
        /** Something to be written. The feed is behind it. */
        record Found() implements Step {}

        /** Nothing so far, but there is more to look at. */
        record Passed() implements Step {}

        /** Nothing more in this state. */
        record AtEnd() implements Step {}

        /** What is to be read next is gone; the feed does not move any more. */
        record Gone(long compactedRevision) implements Step {}
    }

    /** Where what it follows is kept. */
    Keyspace keyspace();

    /** A change of none of these keys is none to it. */
    KeyRange range();

    /** All changes up to this revision were read. */
    long readRevision();

    /** Takes somebody's word that nothing up to this revision changed the range. */
    void skip(long unchangedUpTo);

    /** Goes on to the next message. */
    Step step(StateView view);

    /** Where one begins who wants nothing again and misses nothing; what is before it has the ids of messages. */
    long next();

    /** Writes what the last step found, {@code "revision":R,"events":[…]}, into an object that has begun. Once. */
    void write(JsonWriter json, StateView view, OutputStream out) throws IOException;

    /** Writes how far it has read into an object that has begun. */
    default void writePlace(JsonWriter json) {
        json.name("revision").number(readRevision());
    }
}
