package dev.parley.store.replica.sim;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.LogEntry;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.StateMachine;
import dev.parley.store.kv.StateMachine.Answer;
import dev.parley.store.kv.StateMachine.Applied;
import dev.parley.store.kv.TreeStateMap;
import dev.parley.store.kv.Version;
import dev.parley.store.log.FakeLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Knows the log, so it knows what really happened: replays each entry as it is stored and remembers, for each attempt
 * that had an effect, where and what it was answered. Attempts are known by their author.
 */
final class Judge {
    /** @param index of the entry that decided the attempt */
    record Fact(long index, Answer answer) {}

    private final FakeLog log;
    private final TreeStateMap reference = new TreeStateMap();
    private final Map<String, List<Fact>> facts = new HashMap<>();
    private final List<Long> revisionAt = new ArrayList<>(List.of(0L));

    Judge(FakeLog log) {
        this.log = log;
    }

    private void catchUp() {
        for (long index = revisionAt.size(); index <= log.lastIndex(); index++) {
            Bytes content = log.entry(index).content();
            if (!(EntryCodec.decode(content) instanceof EntryCodec.Decoded.Entry(LogEntry entry))) {
                throw new AssertionError("entry " + index + " cannot be read");
            }
            Applied applied = StateMachine.apply(reference, index, content.size(), entry);
            if (applied instanceof Applied.Batch(long writer, long number, List<Answer> answers)
                    && entry instanceof LogEntry.Batch batch) {
                for (int i = 0; i < answers.size(); i++) {
                    String attempt = batch.submissions().get(i).author();
                    if (!attempt.isEmpty()) {
                        facts.computeIfAbsent(attempt, first -> new ArrayList<>())
                                .add(new Fact(index, answers.get(i)));
                    }
                }
            }
            revisionAt.add(reference.newest());
        }
    }

    /** Where the attempt took effect; more than once is a violation wherever it is found. */
    Optional<Fact> fact(String attempt) {
        catchUp();
        List<Fact> all = facts.getOrDefault(attempt, List.of());
        require(all.size() <= 1, () -> attempt + " was applied " + all.size() + " times");
        return all.stream().findFirst();
    }

    void attemptsAreAppliedOnce() {
        catchUp();
        facts.keySet().forEach(this::fact);
    }

    long revisionAt(long index) {
        catchUp();
        return revisionAt.get(Math.toIntExact(index));
    }

    /** The mod revision and value of a key as of an index; empty when it was missing. */
    Optional<Version.Live> valueAt(long index, Key key) {
        return reference.liveAt(Keyspace.KV, key, revisionAt(index));
    }

    long lastIndex() {
        catchUp();
        return log.lastIndex();
    }

    /** Compares a replica that has applied the whole log with the state the log makes. */
    void stateIsTheReference(String node, MapView state) {
        catchUp();
        require(
                cells(state).equals(cells(reference)),
                () -> node + " has other cells than the log makes: " + cells(state));
        LongStream.rangeClosed(1, reference.newest())
                .forEach(revision -> require(
                        state.revision(revision).equals(reference.revision(revision)),
                        () -> node + " has another revision " + revision));
        for (Keyspace keyspace : Keyspace.values()) {
            require(scan(state, keyspace).equals(scan(reference, keyspace)), () -> node + " has other keys");
        }
    }

    private static Map<Bytes, Bytes> cells(MapView state) {
        Map<Bytes, Bytes> cells = new HashMap<>();
        state.cells(Bytes.EMPTY, (name, content) -> cells.put(name, content) == null);
        return cells;
    }

    private static Map<Key, Version> scan(MapView state, Keyspace keyspace) {
        Map<Key, Version> found = new HashMap<>();
        state.scan(keyspace, KeyRange.ALL, Long.MAX_VALUE, false, (key, version) -> found.put(key, version) == null);
        return found;
    }

    static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
