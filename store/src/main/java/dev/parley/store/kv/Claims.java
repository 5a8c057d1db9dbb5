package dev.parley.store.kv;

import dev.parley.store.kv.Leases.Lease;
import dev.parley.store.kv.Lock.Claim;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.Version.Tombstone;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What leases hold and wait for. Kept so that the end of a lease is the end of its claims, whoever served them. */
final class Claims {
    private Claims() {}

    static Optional<Outcome> refusal(MapView view, long lease) {
        return Leases.find(view, lease)
                .filter(found -> found.claims() >= Limits.CLAIMS_PER_LEASE_MAX)
                .map(full -> new Outcome.LimitReached("claims-per-lease", Limits.CLAIMS_PER_LEASE_MAX));
    }

    static void attach(StateMap map, LockName name, Claim claim) {
        map.putCell(cell(name, claim), nameAndOwner(name, claim));
        Leases.find(map, claim.lease()).ifPresent(lease -> Leases.put(map, lease.withClaims(lease.claims() + 1)));
    }

    /** Ends a claim as of {@code revision}; a lease that was made for it alone ends with it. */
    static void detach(StateMap map, LockName name, Claim claim, long revision, List<Change> changes) {
        map.removeCell(cell(name, claim));
        Leases.find(map, claim.lease()).ifPresent(found -> {
            Lease lease = found.withClaims(found.claims() - 1);
            Leases.put(map, lease);
            if (lease.isOverWithItsUse()) {
                Leases.end(map, lease.id(), revision);
                changes.add(new Change(Keyspace.LEASE, Leases.keyOf(lease.id())));
            }
        });
    }

    /**
     * Ends all claims of a lease that ends at {@code revision}.
     *
     * @return what others may get now
     */
    static Set<LockName> drop(StateMap map, long lease, long revision, List<Change> changes) {
        Map<Bytes, Bytes> found = new LinkedHashMap<>();
        map.cells(Cells.claims(lease), (name, content) -> {
            found.put(name, content);
            return true;
        });
        Map<LockName, Boolean> touched = new LinkedHashMap<>();
        found.forEach((cell, content) -> {
            BinaryReader in = new BinaryReader(content);
            LockName name = Locks.readName(in);
            Claim claim = new Claim(lease, in.text(), 0);
            map.removeCell(cell);
            Locks.find(map, name)
                    .ifPresent(lock -> Locks.put(map, name, remove(map, name, lock, claim, revision, changes)));
            touched.put(name, true);
        });
        return touched.keySet();
    }

    /**
     * Ends it, whether it held the lock or waited. The cell of the claim is the caller's, and so is that of the lock: all of a
     * lock is in one cell, and who changes it twice for one command writes down a long queue twice.
     *
     * @return the lock without it
     */
    static Lock remove(StateMap map, LockName name, Lock lock, Claim claim, long revision, List<Change> changes) {
        if (lock.holder(claim.lease(), claim.owner()).isPresent()) {
            Key key = name.grantKey(claim.lease(), claim.owner());
            map.put(Keyspace.LOCK, key, new Tombstone(revision));
            changes.add(new Change(Keyspace.LOCK, key));
        }
        map.removeCell(Cells.candidate(name, claim));
        return lock.without(claim);
    }

    private static Bytes cell(LockName name, Claim claim) {
        return Cells.claim(claim.lease(), name.grantKey(claim.lease(), claim.owner()));
    }

    private static Bytes nameAndOwner(LockName name, Claim claim) {
        BinaryWriter out = new BinaryWriter(64);
        Locks.writeName(out, name);
        return out.text(claim.owner()).toBytes();
    }
}
