package dev.parley.http.api;

import dev.parley.http.api.WatchFeed.Step;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/** A watch that answers with the next message. */
record WatchPoll(Replica replica, Watches watches, Ambient ambient, WatchedRange range, WatchFeed feed) {
    Answer answer(Duration wait) {
        long deadline = ambient.nanos().getAsLong() + wait.toNanos();
        try (Watcher watcher = watches.open(
                Watches.Kind.LONG_POLL, range, feed, ambient.epochMillis().getAsLong())) {
            while (true) {
                Optional<Answer> found = look();
                if (found.isPresent()) {
                    return found.get();
                }
                Duration left = Duration.ofNanos(deadline - ambient.nanos().getAsLong());
                if (!left.isPositive() || watcher.isStopping()) {
                    return nothing();
                }
                watcher.await(replica, left, ambient.nanos());
                watcher.delivered();
            }
        }
    }

    private Optional<Answer> look() {
        Optional<StateView> newest = replica.view();
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        StateView view = newest.get();
        boolean handedOver = false;
        try {
            Step step = feed.step(view);
            while (step instanceof Step.Passed) {
                step = feed.step(view);
            }
            return switch (step) {
                case Step.Found found -> {
                    handedOver = true;
                    yield Optional.of(Answer.of(200).revision(view.position().revision()).stream(
                            Answer.JSON, new Body(view, feed)));
                }
                case Step.Gone(long compacted) -> throw Compaction.problem("from", compacted);
                case Step.AtEnd end -> Optional.empty();
                case Step.Passed passed -> Optional.empty();
            };
        } finally {
            if (!handedOver) {
                view.close();
            }
        }
    }

    private Answer nothing() {
        JsonWriter json = new JsonWriter(96);
        json.object().name("revision").number(feed.readRevision());
        json.name("events").array().endArray();
        json.name("next").number(feed.next()).end();
        return Answer.json(200, json);
    }

    /** Holds the state until it is written or given up. */
    private record Body(StateView view, WatchFeed feed) implements Answer.Stream {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            JsonWriter json = new JsonWriter(1 << 10);
            json.object();
            feed.write(json, view, out);
            json.name("next").number(feed.next()).end();
            json.writeTo(out);
        }

        @Override
        public void close() {
            view.close();
        }
    }
}
