package dev.parley.consistency.checker;

import dev.parley.consistency.json.Json;
import dev.parley.consistency.model.KeyValue;
import dev.parley.consistency.model.Register;
import dev.parley.consistency.model.UnorderedQueue;
import dev.parley.consistency.model.VersionedRegister;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The checks by the name of what they check. */
public final class Checkers {

    /**
     * One entry.
     *
     * @param summary one line for a person
     * @param make the check for an initial value; {@link Json#NULL} for the usual one
     */
    public record Entry(String summary, Function<Json, Checker> make) {}

    private static final Map<String, Entry> ENTRIES = java.util.Collections.unmodifiableMap(entries());

    private Checkers() {}

    private static Map<String, Entry> entries() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        entries.put(
                "cas-register",
                new Entry(
                        "read, write, cas; linearizable per key",
                        initial -> new Linearizability(new Register("cas-register", initial))));
        entries.put(
                "register",
                new Entry(
                        "the same as cas-register", initial -> new Linearizability(new Register("register", initial))));
        entries.put(
                "versioned-register",
                new Entry("as cas-register, with the version of every answer", initial -> new Versioned()));
        entries.put(
                "kv",
                new Entry(
                        "get, put, append on strings; linearizable per key",
                        initial -> new Linearizability(new KeyValue())));
        entries.put("set", new Entry("add, read; linearizable", initial -> new LinearizableSet()));
        entries.put("set-full", new Entry("add, read; what became of each element", initial -> new SetFull(false)));
        entries.put(
                "set-full-linearizable",
                new Entry("as set-full, and no read may lack what was known", initial -> new SetFull(true)));
        entries.put(
                "set-final-read", new Entry("add, read; the last read has everything", initial -> new SetFinalRead()));
        entries.put(
                "counter",
                new Entry(
                        "add, read; every read within bounds",
                        initial -> new CounterBounds(initial instanceof Json.Int(long value) ? value : 0)));
        entries.put(
                "watch",
                new Entry("write, delete, watch, log; every event once, in order", initial -> new WatchDelivery()));
        entries.put("unique-ids", new Entry("generate; nothing twice", initial -> new UniqueIds()));
        entries.put(
                "list-append",
                new Entry(
                        "txn of [append, key, element] and [r, key, list]; strictly serializable",
                        initial -> new ListAppend()));
        entries.put("bank", new Entry("transfer, read; the total never changes", initial -> new Bank()));
        entries.put(
                "unordered-queue",
                new Entry("enqueue, dequeue; linearizable bag", initial -> new Linearizability(new UnorderedQueue())));
        entries.put(
                "total-queue", new Entry("enqueue, dequeue; everything comes out once", initial -> new TotalQueue()));
        entries.put(
                "fenced-writes",
                new Entry("hold; no write under a fence that passed on", initial -> new FencedWrites()));
        entries.put(
                "elections",
                new Entry("hold, leader; one leader at a time, seen in order", initial -> new Elections()));
        entries.put(
                "leases", new Entry("live; no key died early or outlived its lease", initial -> new LeasePromises()));
        entries.put(
                "ledger",
                new Entry("append, read, prove; no gap, nothing changed, nothing missing", initial -> new Ledger()));
        entries.put(
                "chat",
                new Entry("post, read, history; nothing lost or twice, one order", initial -> new ChatHistories()));
        entries.put(
                "backup",
                new Entry(
                        "add, change, delete, backup, restored; a backup is the store at one revision",
                        initial -> new Backups()));
        entries.put("stats", new Entry("every operation succeeded at least once", initial -> new Stats()));
        return entries;
    }

    /** Both judges of a versioned register. */
    private record Versioned() implements Checker {
        @Override
        public Verdict check(dev.parley.consistency.history.History history, Limits limits) {
            return new Linearizability(new VersionedRegister())
                    .check(history, limits)
                    .and(new VersionedOrder().check(history, limits));
        }
    }

    public static Map<String, Entry> all() {
        return ENTRIES;
    }

    /** The check of that name, for histories that begin with the usual value. */
    public static Optional<Checker> named(String name) {
        return named(name, Json.NULL);
    }

    public static Optional<Checker> named(String name, Json initial) {
        return Optional.ofNullable(ENTRIES.get(name)).map(entry -> entry.make().apply(initial));
    }
}
