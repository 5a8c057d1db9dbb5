package dev.parley.store.kv;

import dev.parley.store.kv.Lock.Claim;
import dev.parley.store.kv.Lock.Holder;
import dev.parley.store.kv.Lock.Waiter;
import dev.parley.store.kv.Submission.Fence;
import dev.parley.store.kv.Version.Live;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The locks, semaphores and elections, read from any view. All of one stands in one cell, so that reading it is one
 * look and a change of a long queue leaves nothing behind; each grant is also a version in {@link Keyspace#LOCK}, so
 * that it has a revision, which is its token, and a history.
 */
public final class Locks {
    private Locks() {}

    /** Empty when nobody holds it or waits for it. */
    public static Optional<Lock> find(MapView view, LockName name) {
        return view.cell(Cells.lock(name)).map(content -> {
            BinaryReader in = new BinaryReader(content);
            int limit = in.i32();
            List<Holder> holders = holders(in);
            return new Lock(limit, holders, in.list(Limits.WAITERS_PER_LOCK_MAX, () -> readWaiter(in)));
        });
    }

    /** The grant under this lease and owner as of a revision. */
    public static Optional<Holder> grant(MapView view, LockName name, long lease, String owner, long revision) {
        return view.liveAt(Keyspace.LOCK, name.grantKey(lease, owner), revision)
                .map(live -> decode(live, lease, owner));
    }

    /** All grants of it as of a revision, in the order of their tokens. */
    public static List<Holder> holders(MapView view, LockName name, long revision) {
        List<Holder> holders = new ArrayList<>();
        Bytes prefix = name.prefix();
        view.scan(Keyspace.LOCK, KeyRange.prefix(prefix), revision, false, (key, live) -> {
            String rest = key.toString().substring(prefix.size());
            int slash = rest.indexOf('/');
            holders.add(decode(live, Long.parseLong(rest.substring(0, slash)), rest.substring(slash + 1)));
            return true;
        });
        holders.sort(java.util.Comparator.comparingLong(Holder::token));
        return List.copyOf(holders);
    }

    static boolean isHeld(MapView view, Fence fence) {
        if (fence.kind().equals(Processes.FENCE)) {
            return Processes.isHeld(view, fence.name(), fence.token());
        }
        return LockName.Kind.ofText(fence.kind())
                .filter(kind -> Bounds.isName(fence.name()))
                .flatMap(kind -> view.cell(Cells.lock(new LockName(kind, fence.name()))))
                .map(content -> {
                    BinaryReader in = new BinaryReader(content);
                    in.i32();
                    return holders(in).stream().anyMatch(holder -> holder.token() == fence.token());
                })
                .orElse(false);
    }

    /** The first fence that is not held. */
    static Optional<Outcome> fenceRefusal(MapView view, List<Fence> fences) {
        for (Fence fence : fences) {
            if (!isHeld(view, fence)) {
                return Optional.of(new Outcome.Fenced(fence));
            }
        }
        return Optional.empty();
    }

    // -- writing --------------------------------------------------------------------------------------------------

    static void put(StateMap map, LockName name, Lock lock) {
        if (lock.isUnused()) {
            map.removeCell(Cells.lock(name));
            return;
        }
        BinaryWriter out = new BinaryWriter(
                64 * (1 + lock.holders().size() + lock.waiters().size()));
        out.i32(lock.limit()).i32(lock.holders().size());
        lock.holders().forEach(holder -> writeHolder(out, holder));
        out.i32(lock.waiters().size());
        lock.waiters().forEach(waiter -> writeWaiter(out, waiter));
        map.putCell(Cells.lock(name), out.toBytes());
    }

    /** Writes a grant as of {@code revision}: a new one, or one whose value changed. */
    static void putGrant(StateMap map, LockName name, Holder holder, long revision, long version) {
        Claim claim = holder.claim();
        Bytes content = new BinaryWriter(32 + holder.value().size())
                .i64(holder.ask())
                .i32(claim.permits())
                .raw(holder.value().unsafeArray())
                .toBytes();
        map.put(
                Keyspace.LOCK,
                name.grantKey(claim.lease(), claim.owner()),
                new Live(holder.token(), revision, version, claim.lease(), "", content));
    }

    private static Holder decode(Live live, long lease, String owner) {
        BinaryReader in = new BinaryReader(live.value());
        long ask = in.i64();
        Claim claim = new Claim(lease, owner, in.i32());
        return new Holder(live.createRevision(), ask, claim, in.rest());
    }

    // -- formats shared with outcomes -----------------------------------------------------------------------------

    private static List<Holder> holders(BinaryReader in) {
        return in.list(Limits.PERMITS_MAX, () -> readHolder(in));
    }

    static void writeHolder(BinaryWriter out, Holder holder) {
        out.i64(holder.token()).i64(holder.ask());
        writeClaim(out, holder.claim());
        out.shortBytes(holder.value().unsafeArray());
    }

    static Holder readHolder(BinaryReader in) {
        return new Holder(in.i64(), in.i64(), readClaim(in), in.shortBytes());
    }

    static void writeWaiter(BinaryWriter out, Waiter waiter) {
        writeClaim(out.i64(waiter.ask()), waiter.claim());
    }

    static Waiter readWaiter(BinaryReader in) {
        return new Waiter(in.i64(), readClaim(in));
    }

    static void writeClaim(BinaryWriter out, Claim claim) {
        out.i64(claim.lease()).text(claim.owner()).i32(claim.permits());
    }

    static Claim readClaim(BinaryReader in) {
        return new Claim(in.i64(), in.text(), in.i32());
    }

    static void writeName(BinaryWriter out, LockName name) {
        out.u8(name.kind().code()).text(name.name());
    }

    static LockName readName(BinaryReader in) {
        return new LockName(LockName.Kind.ofCode(in.u8()), in.text());
    }
}
