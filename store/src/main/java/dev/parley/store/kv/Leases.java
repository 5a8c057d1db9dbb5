package dev.parley.store.kv;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The leases, read from any view. What a lease is stands in two places: that it exists and its ttl are a version in
 * {@link Keyspace#LEASE}, so that they have a history; what moves without a revision is a cell.
 */
public final class Leases {
    private Leases() {}

    /**
     * A lease that has not ended.
     *
     * @param left of the ttl, as the leader wrote it down last; the whole ttl after the grant or a keepalive. For the
     *     next leader: nobody counts it down here
     * @param keepalives since the grant
     * @param keys tied to it
     * @param claims locks and the like that it holds or waits for
     * @param own made with a key or a claim for that alone; ends when nothing is left
     */
    public record Lease(long id, Duration ttl, Duration left, long keepalives, int keys, int claims, boolean own) {
        Lease withLeft(Duration remaining) {
            return new Lease(id, ttl, remaining.compareTo(ttl) < 0 ? remaining : ttl, keepalives, keys, claims, own);
        }

        Lease keptAlive() {
            return new Lease(id, ttl, ttl, keepalives + 1, keys, claims, own);
        }

        Lease withKeys(int count) {
            return new Lease(id, ttl, left, keepalives, count, claims, own);
        }

        Lease withClaims(int count) {
            return new Lease(id, ttl, left, keepalives, keys, count, own);
        }

        boolean isOverWithItsUse() {
            return own && keys == 0 && claims == 0;
        }
    }

    /** Empty when it ended or never was. */
    public static Optional<Lease> find(MapView view, long id) {
        return view.cell(Cells.lease(id)).map(content -> decode(id, content));
    }

    public static long count(MapView view) {
        return Cells.number(view, Cells.LEASE_COUNT, 0);
    }

    /** Visits all leases, oldest first, until the visitor says false. There may be {@link Limits#LEASES_MAX}. */
    public static void visit(MapView view, Predicate<Lease> visitor) {
        view.cells(Cells.LEASES, (name, content) -> visitor.test(decode(Cells.numberOf(Cells.LEASES, name), content)));
    }

    /** The keys that die with it, in their order; at most {@link Limits#KEYS_PER_LEASE_MAX}. */
    public static List<Key> keys(MapView view, long id) {
        List<Key> keys = new ArrayList<>();
        view.cells(Cells.leased(id), (name, content) -> keys.add(Cells.keyOfLeased(name)));
        return keys;
    }

    /** Name of a lease in {@link Keyspace#LEASE}: the id in decimal digits. */
    public static Key keyOf(long id) {
        return Key.of(Long.toString(id));
    }

    static void put(StateMap map, Lease lease) {
        map.putCell(
                Cells.lease(lease.id()),
                new BinaryWriter(40)
                        .i64(lease.ttl().toMillis())
                        .i64(lease.left().toMillis())
                        .i64(lease.keepalives())
                        .i32(lease.keys())
                        .i32(lease.claims())
                        .flag(lease.own())
                        .toBytes());
    }

    /** Makes it exist, as of the revision that is its id. */
    static void grant(StateMap map, Lease lease) {
        Bytes ttl = new BinaryWriter(8).i64(lease.ttl().toMillis()).toBytes();
        map.put(Keyspace.LEASE, keyOf(lease.id()), new Version.Live(lease.id(), lease.id(), 1, LeaseId.NONE, "", ttl));
        put(map, lease);
        Cells.putNumber(map, Cells.LEASE_COUNT, count(map) + 1);
    }

    /** Its keys must have been taken off before. */
    static void end(StateMap map, long id, long revision) {
        map.put(Keyspace.LEASE, keyOf(id), new Version.Tombstone(revision));
        map.removeCell(Cells.lease(id));
        Cells.putNumber(map, Cells.LEASE_COUNT, count(map) - 1);
    }

    static void attach(StateMap map, long id, Key key) {
        map.putCell(Cells.leased(id, key), Bytes.EMPTY);
    }

    static void detach(StateMap map, long id, Key key) {
        map.removeCell(Cells.leased(id, key));
    }

    private static Lease decode(long id, Bytes content) {
        BinaryReader in = new BinaryReader(content);
        return new Lease(
                id, Duration.ofMillis(in.i64()), Duration.ofMillis(in.i64()), in.i64(), in.i32(), in.i32(), in.flag());
    }
}
