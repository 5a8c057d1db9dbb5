package dev.parley.store.kv;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Which revision was the newest at which age of the cluster, so that history can be given up by age. Ages come from
 * {@link AgreedClock}: a leader whose clock jumps makes nothing old. A mark is left at ticks, and the older marks are the
 * further they may be apart, a sixteenth of what they are old, so a few hundred reach back for years.
 */
public final class RevisionAges {
    /** Two marks may be apart by their age over this. */
    private static final int PRECISION = 16;

    private static final int MARKS_MAX = 4_096;

    private RevisionAges() {}

    /** At {@code ageMillis} no revision above this one existed. */
    private record Mark(long ageMillis, long revision) {}

    /**
     * The newest revision that was already the newest this long ago: what was current since then is at or above it.
     *
     * @return 0 when the cluster is not known to be so old
     */
    public static long newestAt(MapView view, Duration ago) {
        long bound = AgreedClock.ageMillis(view) - ago.toMillis();
        long newest = 0;
        for (Mark mark : read(view)) {
            if (mark.ageMillis() <= bound) {
                newest = mark.revision();
            }
        }
        return newest;
    }

    /** Called at each tick. Nothing is written while no revisions are made. */
    static void mark(StateMap map, long revision) {
        List<Mark> marks = read(map);
        long age = AgreedClock.ageMillis(map);
        if (revision == 0 || !marks.isEmpty() && marks.getLast().revision() == revision) {
            return;
        }
        List<Mark> kept = thinned(marks, age, Agreed.compactionRevision(map));
        kept.add(new Mark(age, revision));
        write(map, kept);
    }

    /** Without those that others can stand for: gone ones below the compaction revision, and middle ones of a narrow three. */
    private static List<Mark> thinned(List<Mark> marks, long age, long compacted) {
        List<Mark> kept = new ArrayList<>(marks.size() + 1);
        for (Mark mark : marks) {
            if (mark.revision() < compacted) {
                continue;
            }
            int size = kept.size();
            if (size >= 2
                    && mark.ageMillis() - kept.get(size - 2).ageMillis() <= (age - mark.ageMillis()) / PRECISION) {
                kept.removeLast();
            }
            kept.add(mark);
        }
        return kept.size() < MARKS_MAX ? kept : kept.subList(kept.size() - MARKS_MAX / 2, kept.size());
    }

    private static List<Mark> read(MapView view) {
        return view.cell(Cells.AGES)
                .map(content -> {
                    BinaryReader in = new BinaryReader(content);
                    return in.list(MARKS_MAX, () -> new Mark(in.i64(), in.i64()));
                })
                .orElseGet(List::of);
    }

    private static void write(StateMap map, List<Mark> marks) {
        BinaryWriter out = new BinaryWriter(4 + 16 * marks.size()).i32(marks.size());
        marks.forEach(mark -> out.i64(mark.ageMillis()).i64(mark.revision()));
        map.putCell(Cells.AGES, out.toBytes());
    }
}
