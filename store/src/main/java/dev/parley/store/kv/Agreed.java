package dev.parley.store.kv;

/** The single numbers that all nodes agree on, read from any view. Any thread the view allows. */
public final class Agreed {
    private Agreed() {}

    /** Newest revision, 0 before the first. */
    public static long revision(MapView view) {
        return Cells.number(view, Cells.REVISION, 0);
    }

    /** What was before this revision may be gone: reads below it are refused. 0 while all history is kept. */
    public static long compactionRevision(MapView view) {
        return Cells.number(view, Cells.COMPACTED, 0);
    }

    /** Sets {@link #compactionRevision}, for maps that are not agreed on and of which only the newest state is read. */
    public static void giveUpHistoryBelow(StateMap map, long revision) {
        Cells.putNumber(map, Cells.COMPACTED, revision);
    }

    /** Agreed time in Unix milliseconds, 0 before the first tick of a leader. For people. */
    public static long timeMillis(MapView view) {
        return Cells.number(view, Cells.TIME, 0);
    }

    /** Entries up to this index are given up, 0 when none. */
    public static long trimPoint(MapView view) {
        return Cells.number(view, Cells.TRIM, 0);
    }

    /** Level of the entries that may be written, from 1. */
    public static int formatLevel(MapView view) {
        return (int) Cells.number(view, Cells.FORMAT_LEVEL, 1);
    }

    /** Bytes of the log's entries that are not given up; counts whole blocks of 256 entries, so a little too much. */
    public static long logBytes(MapView view) {
        return Cells.number(view, Cells.LOG_BYTES, 0);
    }
}
