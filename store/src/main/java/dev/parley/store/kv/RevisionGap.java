package dev.parley.store.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Revisions that were never made: a restore goes on far above the revision of its backup, so that no revision it makes
 * was known to a client of the cluster that is gone. Otherwise revisions are dense.
 *
 * @param before the last revision that came from the backup
 * @param next the one that exists after it: the restore's own
 */
public record RevisionGap(long before, long next) {
    /** How far a restore raises the revision. */
    public static final long SIZE = 1L << 32;

    /** The gap that {@code revision} falls into; empty for one that exists or may come to exist. */
    public static Optional<RevisionGap> at(MapView view, long revision) {
        Found found = new Found();
        view.cells(Cells.GAPS, (name, content) -> {
            RevisionGap gap = new RevisionGap(new BinaryReader(content).i64(), Cells.numberOf(Cells.GAPS, name));
            if (gap.before() < revision && revision < gap.next()) {
                found.gap = Optional.of(gap);
            }
            return gap.next() < revision;
        });
        return found.gap;
    }

    /** All of them, in their order. */
    static List<RevisionGap> all(MapView view) {
        List<RevisionGap> gaps = new ArrayList<>();
        view.cells(
                Cells.GAPS,
                (name, content) ->
                        gaps.add(new RevisionGap(new BinaryReader(content).i64(), Cells.numberOf(Cells.GAPS, name))));
        return gaps;
    }

    private static final class Found {
        private Optional<RevisionGap> gap = Optional.empty();
    }

    static void put(StateMap map, RevisionGap gap) {
        Cells.putNumber(map, Cells.gap(gap.next()), gap.before());
    }
}
