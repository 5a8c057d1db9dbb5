package dev.parley.http.api;

import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.Replica;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** {@code /v1/export}: a range as lines that {@code /v1/bulk} takes, all of one snapshot. */
final class ExportResource implements Resource {
    private static final int CHUNK_BYTES = 64 << 10;

    private static final List<String> PARAMETERS = parameters();

    private final Replica replica;

    ExportResource(Replica replica) {
        this.replica = replica;
    }

    private static List<String> parameters() {
        List<String> parameters = new ArrayList<>(Ranges.PARAMETERS);
        parameters.add("base64");
        parameters.addAll(ReadLevel.PARAMETERS);
        return List.copyOf(parameters);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/export", true).on("GET", this::get));
    }

    private Answer get(Request request, String rest) {
        Params params = request.params(PARAMETERS);
        KeyRange range = Ranges.of(params);
        boolean base64 = params.flag("base64");
        OpenRead read = ReadLevel.of(params).open(replica);
        return read.mark(Answer.of(200)).stream(Answer.NDJSON, new Lines(read, range, base64));
    }

    /** Holds the snapshot until it is written or given up. */
    private record Lines(OpenRead read, KeyRange range, boolean base64) implements Answer.Stream {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            JsonWriter json = new JsonWriter(CHUNK_BYTES + (8 << 10));
            try {
                read.scan(range, false, (key, version) -> {
                    write(json, key, version);
                    flushWhenFull(json, out);
                    return true;
                });
                json.writeTo(out);
            } catch (UncheckedIOException failure) {
                throw failure.getCause();
            }
        }

        @Override
        public void close() {
            read.close();
        }

        private void write(JsonWriter json, Key key, Version.Live version) {
            json.object().name("put").object();
            json.name("key").utf8(key.bytes().unsafeArray());
            Items.value(json, version.value().unsafeArray(), base64);
            json.name("content_type").text(version.contentType());
            json.end().end().newline();
        }

        private static void flushWhenFull(JsonWriter json, OutputStream out) {
            if (json.size() >= CHUNK_BYTES) {
                try {
                    json.writeTo(out);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
                json.clear();
            }
        }
    }
}
