package dev.parley.consistency.workload;

import dev.parley.consistency.workload.Trace.Evidence;
import dev.parley.consistency.workload.Trace.Version;
import java.util.List;

/** What became of a write that was never answered, as far as the history of its key proves. */
public sealed interface Fate {
    /** It took effect between its beginning and now. */
    record Happened(Completion completion) implements Fate {}

    /** It did not, and never will. */
    record Never() implements Fate {}

    /** It may have happened, or may yet happen. */
    record Open() implements Fate {}

    /**
     * Decides. Absence proves nothing by itself, as the request may still be under way, or the version given up by a compaction. But a write that demanded a
     * revision which was replaced by another write comes too late for ever.
     *
     * @param newestFirst versions of the key without a gap, from the newest on; they may end anywhere
     */
    static Fate of(List<Version> newestFirst, Trace trace) {
        List<Version> showing = newestFirst.stream()
                .filter(version -> trace.mine().test(version.value()))
                .toList();
        if (!showing.isEmpty()) {
            boolean once = showing.size() == 1 || trace.evidence() == Evidence.KEPT;
            return once && trace.evidence() != Evidence.AMBIGUOUS
                    ? new Happened(trace.done().apply(showing.getLast()))
                    : new Open();
        }
        return isReplaced(newestFirst, trace.base()) ? new Never() : new Open();
    }

    private static boolean isReplaced(List<Version> newestFirst, long base) {
        return base > 0 && newestFirst.stream().skip(1).anyMatch(version -> version.revision() == base);
    }
}
