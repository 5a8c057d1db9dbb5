package dev.parley.http.api;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionGap;
import dev.parley.store.watch.Watch;
import dev.parley.store.watch.Watch.Filter;
import dev.parley.store.watch.WatchCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code /v1/watch} and {@code /v1/config-watch}: the changes of a range as they happen, as a stream or one revision at a time. */
final class WatchResource implements Resource {
    static final String EVENT_STREAM = "text/event-stream";
    static final Duration SILENCE_MAX = Duration.ofSeconds(15);

    private static final List<String> PARAMETERS = parameters(WatchedRange.PARAMETERS);
    private static final List<String> CONFIG_PARAMETERS = parameters(WatchedRange.CONFIG_PARAMETERS);

    private final WatchDesk desk;
    private final String node;

    WatchResource(WatchDesk desk, String node) {
        this.desk = desk;
        this.node = node;
    }

    private static List<String> parameters(List<String> ranges) {
        List<String> parameters = new ArrayList<>(ranges);
        parameters.addAll(List.of("from", "initial", "prev", "keys_only", "filter", "base64", "wait"));
        parameters.addAll(List.of("consistency", "min_revision", "timeout"));
        return List.copyOf(parameters);
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/watch", true).on("GET", (request, rest) -> get(request, Keyspace.KV)),
                Route.of("/v1/watch/ws", true).on("GET", this::socket),
                Route.of("/v1/config-watch", true).on("GET", (request, rest) -> get(request, Keyspace.CONFIG)));
    }

    private Answer socket(Request request, String rest) {
        request.params(List.of());
        return Answer.socket(request, new WatchSocket(new WatchSocket.Parts(desk, request.id(), node)));
    }

    /** Where a watch begins, and who said so. */
    private record From(long revision, String field) {}

    private Answer get(Request request, Keyspace keyspace) {
        boolean config = keyspace == Keyspace.CONFIG;
        Params params = request.params(config ? CONFIG_PARAMETERS : PARAMETERS);
        WatchedRange range = config ? WatchedRange.ofConfig(params) : WatchedRange.of(params);
        Watch watch = new Watch(
                keyspace,
                range.range(),
                params.text("filter").map(WatchResource::filter).orElse(Filter.ALL));
        WatchEvents events =
                new WatchEvents(keyspace, !params.flag("keys_only"), params.flag("prev"), params.flag("base64"));
        boolean initial = params.flag("initial");
        Optional<Duration> wait = WatchDesk.wait(request, params);
        Optional<From> from = from(request, params);
        if (initial && (wait.isPresent() || params.has("from"))) {
            throw Problem.parameter("initial", "initial is for a stream that begins now, without from.");
        }
        try (OpenRead read = ReadLevel.of(params).beginning(from.isPresent()).open(desk.replica())) {
            WatchFeed feed = new KeyFeed(new WatchCursor(watch, start(read, from)), events);
            Optional<WatchSnapshot> snapshot = initial && from.isEmpty()
                    ? Optional.of(new WatchSnapshot(range.range(), events, read.revision()))
                    : Optional.empty();
            return desk.answer(request, read, range, feed, wait, snapshot);
        }
    }

    private static long start(OpenRead read, Optional<From> from) {
        if (from.isEmpty()) {
            return read.revision() + 1;
        }
        long compacted = Agreed.compactionRevision(read.view());
        if (from.get().revision() < compacted) {
            throw read.mark(Compaction.problem(from.get().field(), compacted));
        }
        Optional<RevisionGap> gap = RevisionGap.at(read.view(), from.get().revision());
        if (gap.isPresent() && from.get().revision() > gap.get().before() + 1) {
            throw read.mark(Compaction.problem(from.get().field(), gap.get().next()));
        }
        return from.get().revision();
    }

    private static Optional<From> from(Request request, Params params) {
        Optional<Long> from = params.number("from", 0, Numbers.MAX);
        Optional<String> last = request.header("Last-Event-ID");
        if (last.isEmpty()) {
            return from.map(revision -> new From(revision, "from"));
        }
        long seen = Numbers.parse(last.get())
                .orElseThrow(() -> Problem.header("Last-Event-ID", "Last-Event-ID must be a revision."));
        return Optional.of(new From(seen + 1, "Last-Event-ID"));
    }

    static Filter filter(String text) {
        return switch (text) {
            case "put" -> Filter.PUTS;
            case "delete" -> Filter.DELETES;
            default -> throw Problem.parameter("filter", "filter must be put or delete.");
        };
    }
}
