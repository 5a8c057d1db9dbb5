package dev.parley.http.api;

import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Waits until a key's state is another one than the client knows. */
final class LongPoll {
    /** How long a stop of the node goes unnoticed. */
    private static final Duration SLICE = Duration.ofMillis(500);

    private final Replica replica;
    private final LongSupplier nanos;
    private final BooleanSupplier stopping;

    LongPoll(Replica replica, LongSupplier nanos, BooleanSupplier stopping) {
        this.replica = replica;
        this.nanos = nanos;
        this.stopping = stopping;
    }

    /** Answers with the state as of the end of the wait, which is a read like any other. */
    Answer await(
            ReadLevel level,
            Keyspace keyspace,
            Key key,
            Conditions known,
            Duration wait,
            Function<OpenRead, Answer> evaluate) {
        long deadline = nanos.getAsLong() + wait.toNanos();
        while (true) {
            long seen;
            try (OpenRead read = level.open(replica)) {
                long modRevision =
                        read.get(keyspace, key).map(Version.Live::modRevision).orElse(0L);
                if (!known.isKnown(modRevision) || stopping.getAsBoolean() || deadline - nanos.getAsLong() <= 0) {
                    return applied(read, wait, evaluate);
                }
                seen = read.revision();
            }
            awaitChange(keyspace, key, seen, deadline);
        }
    }

    private void awaitChange(Keyspace keyspace, Key key, long seen, long deadline) {
        KeyRange range = KeyRange.single(key);
        for (long left = deadline - nanos.getAsLong(); left > 0 && !stopping.getAsBoolean(); ) {
            Duration slice = Duration.ofNanos(Math.min(left, SLICE.toNanos()));
            if (replica.awaitChange(keyspace, range, seen, slice)) {
                return;
            }
            left = deadline - nanos.getAsLong();
        }
    }

    private static Answer applied(OpenRead read, Duration wait, Function<OpenRead, Answer> evaluate) {
        String preference = "wait=" + wait.toSeconds();
        try {
            return evaluate.apply(read).header("Preference-Applied", preference);
        } catch (Problem problem) {
            throw problem.withHeader("Preference-Applied", preference);
        }
    }
}
