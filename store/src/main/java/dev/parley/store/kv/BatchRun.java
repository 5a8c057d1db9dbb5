package dev.parley.store.kv;

import dev.parley.store.kv.RevisionRecord.Change;
import java.util.List;

/** The batch being applied: where it stands in the log and how far the revision has come in it. */
final class BatchRun {
    private final StateMap map;
    private final long index;
    private final String node;
    private final long atMillis;
    private long revision;

    /** @param atMillis agreed time of the batch */
    BatchRun(StateMap map, long index, String node, long atMillis) {
        this.map = map;
        this.index = index;
        this.node = node;
        this.atMillis = atMillis;
        this.revision = Agreed.revision(map);
    }

    StateMap map() {
        return map;
    }

    long index() {
        return index;
    }

    /** Newest revision. */
    long revision() {
        return revision;
    }

    /** The revision the command makes, if it makes one. */
    long nextRevision() {
        return revision + 1;
    }

    /** Ends the next revision, whose versions are in the map by now, and makes it the newest. */
    void commit(String author, List<Change> changes) {
        map.record(new RevisionRecord(nextRevision(), atMillis, node, author, List.copyOf(changes)));
        revision++;
    }

    /** Writes down how far the revision came; once for the whole batch. */
    void end() {
        Cells.putNumber(map, Cells.REVISION, revision);
    }
}
