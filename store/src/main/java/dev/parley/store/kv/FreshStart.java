package dev.parley.store.kv;

import dev.parley.store.kv.RevisionRecord.Change;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of a state that is to begin a new cluster. It keeps all that clients wrote and loses all that was about
 * the nodes, the log and the agreements of the old one:
 *
 * <ul>
 *   <li>writers, members with their durable reports, who is there, the events of the cluster, the office and its epoch,
 *       the trim point, the leader's last tick;
 *   <li>what is being agreed or placed, see {@link #DROPPED};
 *   <li>what is left of each lease: everyone gets the whole ttl, because nobody knows how long the backup lay.
 * </ul>
 *
 * <p>The revision goes up by {@link RevisionGap#SIZE}, and that revision is this step's own.
 */
public final class FreshStart {
    /** Of the step itself, in the history. */
    private static final String NODE = "restore";

    /** Live keys that end with the old cluster. */
    private record Dropped(Keyspace keyspace, KeyRange range) {}

    private static final List<Dropped> DROPPED = List.of(
            new Dropped(Keyspace.PROPOSAL, KeyRange.ALL),
            new Dropped(Keyspace.PROCESS, KeyRange.prefix(Processes.PLACEMENTS)));

    private static final List<Bytes> DROPPED_CELLS = List.of(
            Cells.WRITERS,
            Cells.OPEN,
            Cells.MEMBERS,
            Cells.OFFICE,
            Cells.TRIM,
            Cells.TICK,
            Cells.LOG_BYTES,
            Cells.LOG_BLOCKS,
            Cells.VOTES,
            Cells.PROPOSAL_COUNT,
            Cells.ATTENDANTS,
            Cells.FORMED,
            Cells.LAST_NODE,
            Cells.EVENT_RING,
            Cells.EVENTS,
            Cells.HOOKS_TOLD);

    private FreshStart() {}

    /**
     * Makes the state that of a new cluster.
     *
     * @return its newest revision
     */
    public static long begin(StateMap map) {
        long before = Agreed.revision(map);
        long revision = before + RevisionGap.SIZE;
        SealingMap sealing = new SealingMap(map, before);
        DROPPED_CELLS.forEach(prefix -> removeCells(map, prefix));
        List<Change> changes = new ArrayList<>();
        DROPPED.forEach(dropped -> removeKeys(sealing, dropped, before, revision, changes));
        List<Leases.Lease> leases = new ArrayList<>();
        Leases.visit(map, leases::add);
        leases.forEach(lease -> Leases.put(map, lease.withLeft(lease.ttl())));
        sealing.record(new RevisionRecord(revision, Agreed.timeMillis(map), NODE, "", List.copyOf(changes)));
        RevisionGap.put(map, new RevisionGap(before, revision));
        Cells.putNumber(map, Cells.REVISION, revision);
        sealing.end();
        return revision;
    }

    /** A prefix may be the whole name of a single cell. */
    private static void removeCells(StateMap map, Bytes prefix) {
        List<Bytes> names = new ArrayList<>();
        map.cells(prefix, (name, content) -> names.add(name));
        names.forEach(map::removeCell);
    }

    private static void removeKeys(StateMap map, Dropped dropped, long before, long revision, List<Change> changes) {
        List<Key> keys = new ArrayList<>();
        map.scan(dropped.keyspace(), dropped.range(), before, false, (key, version) -> keys.add(key));
        for (Key key : keys) {
            map.put(dropped.keyspace(), key, new Version.Tombstone(revision));
            changes.add(new Change(dropped.keyspace(), key));
        }
    }
}
