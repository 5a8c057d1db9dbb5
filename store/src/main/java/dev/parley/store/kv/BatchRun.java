package dev.parley.store.kv;

import dev.parley.store.kv.Guards.Guard;
import dev.parley.store.kv.RevisionRecord.Change;
import java.util.List;
import java.util.Optional;

/** The batch being applied: where it stands in the log and how far the revision has come in it. */
final class BatchRun {
    private final SealingMap map;
    private final long index;
    private final String node;
    private final long atMillis;
    private long revision;
    private Optional<List<Guard>> guards = Optional.empty();

    /** @param atMillis agreed time of the batch */
    BatchRun(StateMap map, long index, String node, long atMillis) {
        this.revision = Agreed.revision(map);
        this.map = new SealingMap(map, revision);
        this.index = index;
        this.node = node;
        this.atMillis = atMillis;
    }

    StateMap map() {
        return map;
    }

    /** The node that wrote the batch. */
    String node() {
        return node;
    }

    long index() {
        return index;
    }

    /** Agreed time of the batch, Unix milliseconds. */
    long atMillis() {
        return atMillis;
    }

    /** Newest revision. */
    long revision() {
        return revision;
    }

    /** Read once per batch, because nearly every command must look at them. */
    List<Guard> guards() {
        if (guards.isEmpty()) {
            guards = Optional.of(Guards.all(map, revision));
        }
        return guards.get();
    }

    void guardsChanged() {
        guards = Optional.empty();
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
        map.end();
    }
}
