package dev.parley.http.api;

import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.replica.StateView;
import dev.parley.store.watch.WatchCursor;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** The changes of keys, one revision a message. */
final class KeyFeed implements WatchFeed {
    private final WatchCursor cursor;
    private final WatchEvents events;
    private Optional<WatchCursor.Step.Changed> found = Optional.empty();

    KeyFeed(WatchCursor cursor, WatchEvents events) {
        this.cursor = cursor;
        this.events = events;
    }

    @Override
    public Keyspace keyspace() {
        return cursor.watch().keyspace();
    }

    @Override
    public KeyRange range() {
        return cursor.watch().range();
    }

    @Override
    public long readRevision() {
        return cursor.next() - 1;
    }

    @Override
    public void skip(long unchangedUpTo) {
        cursor.skip(unchangedUpTo);
    }

    @Override
    public Step step(StateView view) {
        return switch (cursor.step(view, view.position().revision())) {
            case WatchCursor.Step.Changed changed -> {
                found = Optional.of(changed);
                yield new Step.Found();
            }
            case WatchCursor.Step.Passed passed -> new Step.Passed();
            case WatchCursor.Step.AtEnd end -> new Step.AtEnd();
            case WatchCursor.Step.Gone(long compacted) -> new Step.Gone(compacted);
        };
    }

    @Override
    public long next() {
        return cursor.next();
    }

    @Override
    public void write(JsonWriter json, StateView view, OutputStream out) throws IOException {
        events.write(json, view, found.orElseThrow(), out);
        found = Optional.empty(); // a watcher that waits keeps nothing
    }
}
