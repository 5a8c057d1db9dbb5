package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Ledgers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code /v1/ledgers/<context>/watch}: the entries of a ledger as they come, in their order, each once. */
record LedgerWatch(WatchDesk desk) {
    private static final List<String> PARAMETERS =
            List.of("key", "from", "base64", "wait", "consistency", "min_revision", "timeout");

    Answer get(Request request, String rest) {
        String ledger = Names.ofPath(rest);
        Params params = request.params(PARAMETERS);
        Optional<Key> key = LedgerResource.key(params);
        Optional<Duration> wait = WatchDesk.wait(request, params);
        Optional<Long> from = from(request, params);
        ReadLevel level = ReadLevel.of(params);
        try (OpenRead read = level.beginning(from.isPresent()).open(desk.replica())) {
            WatchFeed feed = new LedgerFeed(ledger, key, params.flag("base64"), from, read);
            return desk.answer(request, read, range(ledger, key), feed, wait, Optional.empty());
        }
    }

    static WatchedRange range(String ledger, Optional<Key> key) {
        List<WatchedRange.Named> named = new ArrayList<>();
        named.add(new WatchedRange.Named("ledger", Bytes.utf8(ledger)));
        key.ifPresent(only -> named.add(new WatchedRange.Named("key", only.bytes())));
        return new WatchedRange(Ledgers.range(ledger), List.copyOf(named));
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
}
