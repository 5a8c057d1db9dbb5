package dev.parley.http.api;

import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Ledgers;
import dev.parley.store.kv.Ledgers.Kept;
import dev.parley.store.replica.StateView;
import java.io.OutputStream;
import java.util.Optional;

/** The entries of a ledger, or of one key in it, one a message; ids and places are sequences. */
final class LedgerFeed implements WatchFeed {
    private final String ledger;
    private final Optional<Key> key;
    private final boolean base64;
    private long next;
    private long readRevision;
    private Optional<Kept> found = Optional.empty();

    /**
     * @param from the first sequence wanted, which may be to come; absent: what is appended from now on
     * @param read a state to begin with, closed by the caller
     */
    LedgerFeed(String ledger, Optional<Key> key, boolean base64, Optional<Long> from, OpenRead read) {
        this.ledger = ledger;
        this.key = key;
        this.base64 = base64;
        long last = LedgerResource.count(read, ledger);
        next = Math.max(1, from.orElse(last + 1));
        readRevision = next > last
                ? read.revision()
                : Ledgers.entry(read.view(), ledger, next - 1, read.revision())
                        .map(Kept::revision)
                        .orElse(0L);
    }

    @Override
    public Keyspace keyspace() {
        return Keyspace.LEDGER;
    }

    @Override
    public KeyRange range() {
        return Ledgers.range(ledger);
    }

    @Override
    public long readRevision() {
        return readRevision;
    }

    @Override
    public void skip(long unchangedUpTo) {
        readRevision = Math.max(readRevision, unchangedUpTo);
    }

    @Override
    public Step step(StateView view) {
        long revision = view.position().revision();
        found = first(view, revision);
        if (found.isEmpty()) {
            long last = Ledgers.last(view, ledger, revision)
                    .map(kept -> kept.entry().sequence())
                    .orElse(0L);
            next = Math.max(next, last + 1);
            skip(revision);
            return new Step.AtEnd();
        }
        next = found.get().entry().sequence() + 1;
        skip(found.get().revision());
        return new Step.Found();
    }

    private Optional<Kept> first(StateView view, long revision) {
        Kept[] first = new Kept[1];
        if (key.isPresent()) {
            Ledgers.visit(view, ledger, key.get(), next - 1, revision, kept -> {
                first[0] = kept;
                return false;
            });
        } else {
            first[0] = Ledgers.entry(view, ledger, next, revision).orElse(null);
        }
        return Optional.ofNullable(first[0]);
    }

    @Override
    public long next() {
        return next;
    }

    @Override
    public void write(JsonWriter json, StateView view, OutputStream out) {
        Kept kept = found.orElseThrow();
        found = Optional.empty(); // a watcher that waits keeps nothing
        json.name("revision").number(kept.revision()).name("events").array();
        json.object().name("type").text("append");
        LedgerJson.fields(json, kept, base64);
        json.end().endArray();
    }

    @Override
    public void writePlace(JsonWriter json) {
        json.name("revision").number(readRevision).name("sequence").number(next - 1);
    }
}
