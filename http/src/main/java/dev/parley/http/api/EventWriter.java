package dev.parley.http.api;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Writes messages of an event stream. Used by the thread that serves it. */
final class EventWriter {
    static final String TYPE = "text/event-stream";

    /** How long a stream waits for an event before it looks whether the node stops. */
    static final Duration SLICE = Duration.ofMillis(500);

    private static final int IDLE_BYTES_MAX = 8 << 10;
    private static final int CHUNK_BYTES = 64 << 10;

    private final OutputStream out;
    private final LongSupplier nanos;
    private final JsonWriter json = new JsonWriter(512);
    private long writtenNanos;

    /** Begins the stream. */
    EventWriter(OutputStream out, LongSupplier nanos) throws IOException {
        this.out = out;
        this.nanos = nanos;
        json.ascii("retry: 1000\n\n");
        flush();
    }

    static Answer answer(Answer.Stream stream) {
        return Answer.of(200).header("Cache-Control", "no-store").header("X-Accel-Buffering", "no").stream(
                TYPE, stream);
    }

    /** @param name ASCII, empty for none; @param id ASCII, empty for none */
    void event(String name, String id, Consumer<JsonWriter> data) throws IOException {
        json.ascii(
                (name.isEmpty() ? "" : "event: " + name + "\n") + (id.isEmpty() ? "" : "id: " + id + "\n") + "data: ");
        data.accept(json);
        json.ascii("\n\n");
        if (json.size() >= CHUNK_BYTES) {
            flush();
        }
    }

    /** Sends what was written; after a long silence at least a sign of life, so that a dead client is noticed. */
    void flushOrLive() throws IOException {
        boolean silent = nanos.getAsLong() - writtenNanos >= WatchResource.SILENCE_MAX.toNanos();
        if (json.size() == 0 && silent) {
            json.ascii(": alive\n\n");
        }
        if (json.size() > 0) {
            flush();
        }
    }

    void closing() throws IOException {
        event("closing", "", json -> json.object().end());
        flush();
    }

    void flush() throws IOException {
        json.writeTo(out);
        json.clear(IDLE_BYTES_MAX);
        out.flush();
        writtenNanos = nanos.getAsLong();
    }
}
