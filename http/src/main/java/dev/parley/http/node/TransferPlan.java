package dev.parley.http.node;

import dev.parley.store.table.Checkpoint.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Decides how a snapshot is fetched: from whom, what, and when to try something else. Pure; one transfer. */
final class TransferPlan {
    static final int ROUNDS_MIN = 2;
    private static final int ROUNDS_MAX = 6;

    /** What a round may ship and still be the last: the log goes on meanwhile, and has to be held for less long then. */
    static final long LAST_ROUND_BYTES_MAX = 64L << 20;

    /** How often a part of one file may fail before another node is asked. */
    private static final int FAILURES_MAX = 3;

    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);
    private static final Duration PAUSE_STEP = Duration.ofMillis(250);

    private final Map<String, Integer> refusals = new HashMap<>();
    private int refusalsInARow;

    /** Who is to be asked next: of those refused least often the first; empty when there is nobody. */
    Optional<String> next(List<String> peers) {
        return peers.stream().min(Comparator.comparingInt(peer -> refusals.getOrDefault(peer, 0)));
    }

    /** It has no offer, or broke one off. @return how long to wait before the next is asked */
    Duration refused(String peer) {
        refusals.merge(peer, 1, Integer::sum);
        refusalsInARow++;
        Duration pause = PAUSE_STEP.multipliedBy(refusalsInARow);
        return pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX;
    }

    void accepted() {
        refusalsInARow = 0;
    }

    /** Small ones first, so that what is left of an interrupted transfer is as few files as possible. */
    static List<File> missing(List<File> wanted, Predicate<File> isThere) {
        List<File> missing = new ArrayList<>(wanted);
        missing.removeIf(isThere);
        missing.sort(Comparator.comparingLong(File::sizeBytes).thenComparing(File::name));
        return List.copyOf(missing);
    }

    /** Whether what came is worth installing now, or the source has moved on so far that the difference comes first. */
    static boolean isLastRound(int rounds, long bytesShipped) {
        return rounds >= ROUNDS_MIN && bytesShipped <= LAST_ROUND_BYTES_MAX || rounds >= ROUNDS_MAX;
    }

    static boolean givesUp(int failures) {
        return failures >= FAILURES_MAX;
    }
}
