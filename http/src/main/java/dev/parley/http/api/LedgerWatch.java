package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Ledgers;
import dev.parley.store.kv.Ledgers.Kept;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** {@code /v1/ledgers/<context>/watch}: the entries of a ledger as they come, in their order, each once. */
record LedgerWatch(Replica replica, Watches watches, Ambient ambient) {
    private static final List<String> PARAMETERS =
            List.of("key", "from", "base64", "wait", "consistency", "min_revision", "timeout");
    private static final Duration WAIT_DEFAULT = Duration.ofSeconds(30);
    private static final Duration WAIT_MAX = Duration.ofMinutes(5);

    /** How long a stop of the node goes unnoticed. */
    private static final Duration SLICE = Duration.ofMillis(500);

    private static final Duration NAP = Duration.ofMillis(50);

    /** So much is read at once, so that a state is not held for long. */
    private static final int ENTRIES_AT_ONCE = 100;

    Answer get(Request request, String rest) {
        String ledger = Names.ofPath(rest);
        Params params = request.params(PARAMETERS);
        Optional<Duration> wait = params.duration("wait", Duration.ZERO, WAIT_MAX);
        boolean poll = wantsJson(request);
        if (wait.isPresent() && !poll) {
            throw Problem.parameter("wait", "wait is for a long poll, with Accept: application/json.");
        }
        Optional<Long> from = from(request, params);
        ReadLevel level = ReadLevel.of(params);
        ReadLevel begin =
                from.isPresent() ? new ReadLevel(true, level.revisionMin(), Optional.empty(), level.timeout()) : level;
        try (OpenRead read = begin.open(replica)) {
            long next = from.orElseGet(() -> LedgerResource.count(read, ledger) + 1);
            Following following = new Following(this, ledger, params, request::isClientGone, Math.max(1, next));
            if (poll) {
                return following.poll(wait.orElse(WAIT_DEFAULT));
            }
            return read
                    .mark(Answer.of(200))
                    .header("Cache-Control", "no-store")
                    .header("X-Accel-Buffering", "no")
                    .stream(WatchResource.EVENT_STREAM, following);
        }
    }

    private static Optional<Long> from(Request request, Params params) {
        Optional<Long> from = params.number("from", 0, Numbers.MAX);
        Optional<String> last = request.header("Last-Event-ID");
        return last.isEmpty()
                ? from
                : Optional.of(Numbers.parse(last.get())
                                .orElseThrow(() -> Problem.header("Last-Event-ID", "Last-Event-ID must be a sequence."))
                        + 1);
    }

    private static boolean wantsJson(Request request) {
        String accept = String.join(",", request.headerLines("Accept")).toLowerCase(Locale.ROOT);
        int json = accept.indexOf(Answer.JSON);
        int stream = accept.indexOf(WatchResource.EVENT_STREAM);
        return json >= 0 && (stream < 0 || json < stream);
    }

    /** One who watches. Reads the next entries only when those before are written. */
    private static final class Following implements Answer.Stream {
        private final LedgerWatch parts;
        private final String ledger;
        private final Optional<Bytes> key;
        private final boolean base64;
        private final BooleanSupplier gone;
        private final JsonWriter json = new JsonWriter(512);
        private long next;
        private long seen;
        private long writtenNanos;

        Following(LedgerWatch parts, String ledger, Params params, BooleanSupplier gone, long next) {
            this.parts = parts;
            this.ledger = ledger;
            this.key = params.bytes("key");
            this.base64 = params.flag("base64");
            this.gone = gone;
            this.next = next;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            json.ascii("retry: 1000\n\n");
            bookmark();
            flush(out);
            while (!parts.watches().isStopping() && !gone.getAsBoolean()) {
                List<Kept> found = read(ENTRIES_AT_ONCE);
                for (Kept kept : found) {
                    json.ascii("id: " + kept.entry().sequence() + "\ndata: ").object();
                    events(kept);
                    json.end().ascii("\n\n");
                    flush(out);
                }
                if (found.isEmpty()) {
                    if (now() - writtenNanos >= WatchResource.SILENCE_MAX.toNanos()) {
                        bookmark();
                        flush(out);
                    }
                    await(SLICE);
                }
            }
            json.ascii("event: closing\ndata: {}\n\n");
            flush(out);
        }

        Answer poll(Duration wait) {
            long deadline = now() + wait.toNanos();
            while (true) {
                List<Kept> found = read(1);
                long left = deadline - now();
                if (!found.isEmpty() || left <= 0 || parts.watches().isStopping()) {
                    json.object();
                    if (found.isEmpty()) {
                        json.name("revision").number(seen);
                        json.name("events").array().endArray();
                    } else {
                        events(found.getFirst());
                    }
                    json.name("next").number(next).end();
                    return Answer.json(200, json).revision(seen);
                }
                await(Duration.ofNanos(Math.min(left, SLICE.toNanos())));
            }
        }

        /** The next entries of the key, and steps over the others. */
        private List<Kept> read(int max) {
            List<Kept> found = new ArrayList<>();
            Optional<StateView> newest = parts.replica().view();
            if (newest.isPresent()) {
                try (StateView view = newest.get()) {
                    seen = Math.max(seen, view.position().revision());
                    int[] looked = {0};
                    Ledgers.visit(view, ledger, next - 1, view.position().revision(), kept -> {
                        next = kept.entry().sequence() + 1;
                        if (key.isEmpty() || kept.entry().key().bytes().equals(key.get())) {
                            found.add(kept);
                        }
                        return found.size() < max && ++looked[0] < 100 * ENTRIES_AT_ONCE;
                    });
                }
            }
            return found;
        }

        private void await(Duration patience) {
            long start = now();
            Replica.Change change =
                    parts.replica().awaitFirstChange(Keyspace.LEDGER, Ledgers.range(ledger), seen, patience);
            long left = Math.min(NAP.toNanos(), patience.toNanos() - (now() - start));
            if (!change.found() && left > 0) {
                LockSupport.parkNanos(this, left);
            }
        }

        private void events(Kept kept) {
            json.name("revision").number(kept.revision()).name("events").array();
            json.object().name("type").text("append");
            LedgerJson.fields(json, kept, base64);
            json.end().endArray();
        }

        private void bookmark() {
            json.ascii("event: bookmark\nid: " + (next - 1) + "\ndata: ").object();
            json.name("revision").number(seen).name("sequence").number(next - 1);
            json.end().ascii("\n\n");
        }

        private void flush(OutputStream out) throws IOException {
            json.writeTo(out);
            json.clear(1 << 10);
            out.flush();
            writtenNanos = now();
        }

        private long now() {
            return parts.ambient().nanos().getAsLong();
        }

        @Override
        public void close() {}
    }
}
