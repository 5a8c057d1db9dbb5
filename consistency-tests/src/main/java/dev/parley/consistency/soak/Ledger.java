package dev.parley.consistency.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** What writers were told, and what they saw that must not be. Safe for use by many threads. */
final class Ledger {
    private static final int VIOLATIONS_KEPT = 20;

    /** What became of a key that is written once. */
    sealed interface Told {
        /** It was sent, and nothing is known. */
        record InDoubt() implements Told {}

        /** The node said that it was not applied. */
        record Refused() implements Told {}

        record Acknowledged(long revision) implements Told {}
    }

    /**
     * A key that is written again and again, each time until it is acknowledged, under one Idempotency-Key.
     *
     * @param acknowledged so many writes are there for sure
     * @param attempted at most so many
     */
    record Counted(long acknowledged, long attempted) {}

    private final Map<String, Told> once = new ConcurrentHashMap<>();
    private final Map<String, Counted> counted = new ConcurrentHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong inDoubt = new AtomicLong();
    private final AtomicLong replayed = new AtomicLong();

    /** Before a key that is new is sent. */
    void sending(String key) {
        once.put(key, new Told.InDoubt());
    }

    void told(String key, Told told) {
        once.put(key, told);
        switch (told) {
            case Told.Acknowledged ignored -> acknowledged.incrementAndGet();
            case Told.Refused ignored -> refused.incrementAndGet();
            case Told.InDoubt ignored -> inDoubt.incrementAndGet();
        }
    }

    /** Before write number {@code number} of a key that is counted; the first is 1. */
    void counting(String key, long number) {
        counted.put(key, new Counted(number - 1, number));
    }

    void counted(String key, long number, boolean replay) {
        counted.put(key, new Counted(number, number));
        acknowledged.incrementAndGet();
        if (replay) {
            replayed.incrementAndGet();
        }
    }

    /** What is wrong, in a sentence. Only the first few are kept. */
    void accuse(String sentence) {
        synchronized (violations) {
            if (violations.size() < VIOLATIONS_KEPT) {
                violations.add(sentence);
            }
        }
    }

    List<String> violations() {
        synchronized (violations) {
            return List.copyOf(violations);
        }
    }

    /** The keys below a prefix as of now. */
    Map<String, Told> once(String prefix) {
        return below(once, prefix);
    }

    Map<String, Counted> counted(String prefix) {
        return below(counted, prefix);
    }

    private static <T> Map<String, T> below(Map<String, T> all, String prefix) {
        return all.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    long acknowledged() {
        return acknowledged.get();
    }

    long refused() {
        return refused.get();
    }

    long inDoubt() {
        return inDoubt.get();
    }

    /** How many repeated writes were answered by the outcome of an earlier attempt. */
    long replayed() {
        return replayed.get();
    }
}
