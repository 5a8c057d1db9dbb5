package dev.parley.http.api;

import dev.parley.store.kv.Agreed;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a read asks for.
 *
 * @param revisionMin 0 when there is none
 * @param revision the state at this revision, instead of the newest
 */
record ReadLevel(boolean stale, long revisionMin, Optional<Long> revision, Duration timeout) {
    static final List<String> PARAMETERS = List.of("consistency", "min_revision", "revision", "timeout");

    static ReadLevel of(Params params) {
        return new ReadLevel(
                params.text("consistency").map(ReadLevel::isStale).orElse(false),
                params.number("min_revision", 0, Numbers.MAX).orElse(0L),
                params.number("revision", 0, Numbers.MAX),
                params.timeout());
    }

    private static boolean isStale(String consistency) {
        return switch (consistency) {
            case "linearizable" -> false;
            case "stale" -> true;
            default -> throw Problem.parameter("consistency", "consistency must be linearizable or stale.");
        };
    }

    /** Of a watch: one that knows where it begins needs no agreement with the others. */
    ReadLevel beginning(boolean known) {
        return known ? new ReadLevel(true, revisionMin, Optional.empty(), timeout) : this;
    }

    ReadLevel at(long snapshot) {
        return new ReadLevel(stale, revisionMin, Optional.of(snapshot), timeout);
    }

    /** Opens the state to read from. @throws Problem when it cannot be had */
    OpenRead open(Replica replica) {
        long least = stale ? Math.max(revisionMin, revision.orElse(0L)) : revisionMin;
        Reading reading = stale ? replica.readStale(least, timeout) : replica.readLinearizable(least, timeout);
        return switch (reading) {
            case Reading.Ready ready -> at(new OpenRead(ready.view(), ready.ageMillis(), stale));
            case Reading.Unavailable unavailable -> throw Outcomes.refusal(unavailable.why());
        };
    }

    private OpenRead at(OpenRead newest) {
        if (revision.isEmpty()) {
            return newest;
        }
        if (revision.get() > newest.revision()) {
            newest.close();
            throw Compaction.ahead("revision", newest.revision());
        }
        long compacted = Agreed.compactionRevision(newest.view());
        if (revision.get() < compacted) {
            Problem problem = newest.mark(Compaction.problem("revision", compacted));
            newest.close();
            throw problem;
        }
        return newest.at(revision.get());
    }
}
