package dev.parley.http.api;

import dev.parley.http.api.WatchFeed.Step;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One watch of a WebSocket, on a thread of its own. Ends when it is told to, or when compaction overtakes it. */
final class SocketWatch implements Runnable {
    private final WatchSocket.Parts parts;
    private final WatchId id;
    private final Watcher watcher;
    private final AtomicBoolean over;
    private final Consumer<WatchSocket.Message> sender;
    private final BiConsumer<WatchId, Optional<Problem>> gone;
    private long sentNanos;

    /**
     * @param watcher closed by this; ends when {@code over} is set
     * @param sender returns when the connection has taken the message
     * @param gone called once, at the end
     */
    SocketWatch(
            WatchSocket.Parts parts,
            WatchId id,
            Watcher watcher,
            AtomicBoolean over,
            Consumer<WatchSocket.Message> sender,
            BiConsumer<WatchId, Optional<Problem>> gone) {
        this.parts = parts;
        this.id = id;
        this.watcher = watcher;
        this.over = over;
        this.sender = sender;
        this.gone = gone;
    }

    /** Any thread. */
    void end() {
        over.set(true);
        watcher.wake();
    }

    @Override
    public void run() {
        Optional<Problem> problem = Optional.empty();
        try (watcher) {
            note("created");
            while (!watcher.isStopping() && problem.isEmpty()) {
                problem = sendWhatIsThere();
                Duration silence = Duration.ofNanos(parts.ambient().nanos().getAsLong() - sentNanos);
                Duration left = parts.silenceMax().minus(silence);
                if (problem.isPresent()) {
                    break;
                }
                if (left.isPositive()) {
                    watcher.await(parts.replica(), left, parts.ambient().nanos());
                    watcher.delivered();
                } else {
                    note("bookmark");
                }
            }
        } finally {
            gone.accept(id, problem);
        }
    }

    private void note(String what) {
        JsonWriter json = begin();
        json.name(what).bool(true);
        watcher.feed().writePlace(json);
        json.end();
        send(json::writeTo);
    }

    private JsonWriter begin() {
        JsonWriter json = new JsonWriter(256);
        id.writeTo(json.object().name("id"));
        return json;
    }

    private void send(WatchSocket.Message message) {
        sender.accept(message);
        sentNanos = parts.ambient().nanos().getAsLong();
    }

    /** @return why the watch is at its end */
    private Optional<Problem> sendWhatIsThere() {
        while (!watcher.isStopping()) {
            Optional<StateView> newest = parts.replica().view();
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            try (StateView view = newest.get()) {
                switch (watcher.feed().step(view)) {
                    case Step.AtEnd end -> {
                        watcher.delivered();
                        return Optional.empty();
                    }
                    case Step.Gone(long compacted) -> {
                        return Optional.of(Compaction.problem("from", compacted));
                    }
                    case Step.Passed passed -> bookmarkWhenDue();
                    case Step.Found found ->
                        send(out -> {
                            JsonWriter json = begin();
                            watcher.feed().write(json, view, out);
                            json.end().writeTo(out);
                        });
                }
            }
            watcher.delivered();
        }
        return Optional.empty();
    }

    private void bookmarkWhenDue() {
        if (parts.ambient().nanos().getAsLong() - sentNanos
                >= parts.silenceMax().toNanos()) {
            note("bookmark");
        }
    }
}
