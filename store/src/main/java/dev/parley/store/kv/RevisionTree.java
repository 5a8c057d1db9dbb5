package dev.parley.store.kv;

import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.merkle.Frontier;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import dev.parley.store.merkle.Proofs;
import dev.parley.store.merkle.SetDigest;
import dev.parley.store.merkle.Subtrees;
import java.util.List;
import java.util.Optional;

/**
 * The tree whose leaves are the revisions, read from a view: roots and proofs of every revision from {@link #first} on,
 * and the digest of the live state at it. Each hash is read from the record that completed it, so a proof costs a few
 * dozen reads. Confined to the thread that reads the view.
 *
 * <p>Revisions given must be from {@link #first} to the newest one of the view; otherwise {@link
 * IllegalArgumentException}.
 */
public final class RevisionTree {
    private final MapView view;
    private final Hasher hasher = new Hasher();
    private final Proven base;

    private final List<RevisionGap> gaps;

    public RevisionTree(MapView view) {
        this.view = view;
        base = Proven.in(view, Cells.PROVEN_BASE).orElse(Proven.START);
        gaps = RevisionGap.all(view);
    }

    /** The tree at a revision. @param count of its leaves */
    public record Root(long count, Hash root) {}

    /**
     * That a revision is in the tree.
     *
     * @param content of the leaf, see {@link LeafCodec}
     * @param index of the leaf, from 0
     */
    public record Inclusion(Bytes content, Hash leaf, long index, Root of, List<Hash> path) {}

    /** That one tree begins with another. */
    public record Consistency(Root from, Root to, List<Hash> path) {}

    /** The first revision with a proof: the compaction revision, 0 while all history is kept. */
    public long first() {
        return base.revision();
    }

    /** Whether there is such a revision; some numbers are left out when a backup is restored. */
    public boolean has(long revision) {
        return revision > 0 && leaves(revision) > leaves(revision - 1);
    }

    public Root root(long revision) {
        requireKept(revision);
        long count = leaves(revision);
        return new Root(count, subtrees().frontier(count).root(hasher));
    }

    /** @param revision from 1, and one that {@link #has} */
    public Inclusion inclusion(long revision, long of) {
        requireKept(revision);
        requireKept(of);
        if (!has(revision) || of < revision) {
            throw new IllegalArgumentException("no revision " + revision + " among those up to " + of);
        }
        RevisionRecord record = record(revision);
        Bytes content = LeafCodec.encode(record, change -> item(change, revision));
        Hash leaf = record.seal().completed().getFirst();
        if (!hasher.leaf(content.unsafeArray()).equals(leaf)) {
            throw new IllegalStateException("what is kept of revision " + revision + " is not what was hashed");
        }
        long index = leaves(revision) - 1;
        List<Hash> path = Proofs.inclusion(hasher, subtrees(), index, leaves(of));
        return new Inclusion(content, leaf, index, root(of), path);
    }

    public Consistency consistency(long from, long to) {
        requireKept(from);
        requireKept(to);
        return new Consistency(root(from), root(to), Proofs.consistency(subtrees(), leaves(from), leaves(to)));
    }

    /** Of the live state: all keyspaces, as a read at this revision sees them. */
    public SetDigest digest(long revision) {
        requireKept(revision);
        long leaf = leaves(revision);
        SetDigest digest = base.digest();
        long at = leaves(base.revision());
        for (long known = leaf; known > at; known--) {
            var kept = record(revisionOf(known - 1)).seal().digest();
            if (kept.isPresent()) {
                digest = kept.get();
                at = known;
            }
        }
        for (; at < leaf; at++) {
            digest = after(revisionOf(at), digest);
        }
        return digest;
    }

    private SetDigest after(long revision, SetDigest before) {
        SetDigest digest = before;
        for (Change change : record(revision).changes()) {
            digest = item(change, revision - 1).map(digest::minus).orElse(digest);
            digest = item(change, revision).map(digest::plus).orElse(digest);
        }
        return digest;
    }

    /** Live keys, and the digest of their items. */
    public record Content(long count, SetDigest digest) {}

    /** The digest of the live state, computed from all of it. */
    public static SetDigest recompute(MapView view, long revision) {
        Summing sum = new Summing();
        for (Keyspace keyspace : Keyspace.values()) {
            sum.add(view, keyspace, KeyRange.ALL, revision);
        }
        return sum.digest;
    }

    /** The same of the users' keys of a range alone. */
    public static Content recompute(MapView view, KeyRange range, long revision) {
        Summing sum = new Summing();
        sum.add(view, Keyspace.KV, range, revision);
        return new Content(sum.count, sum.digest);
    }

    private static final class Summing {
        private final Hasher hasher = new Hasher();
        private SetDigest digest = SetDigest.EMPTY;
        private long count;

        void add(MapView view, Keyspace keyspace, KeyRange range, long revision) {
            view.scan(keyspace, range, revision, false, (key, live) -> {
                digest = digest.plus(LeafCodec.item(hasher, keyspace, key, live));
                count++;
                return true;
            });
        }
    }

    /** Keeps what proofs from {@code revision} on need of the revisions below it, which may then be dropped. */
    static void compact(StateMap map, long revision) {
        RevisionTree tree = new RevisionTree(map);
        long before = tree.leaves(revision) - (tree.has(revision) ? 1 : 0);
        Frontier frontier = tree.subtrees().frontier(before);
        map.putCell(Cells.PROVEN_BASE, new Proven(revision, frontier, tree.digest(revision)).encode());
    }

    /** The tops of complete subtrees, by leaves. */
    public Subtrees subtrees() {
        return this::complete;
    }

    private Hash complete(int level, long index) {
        long last = (index + 1 << level) - 1;
        if (last >= base.frontier().count()) {
            return record(revisionOf(last)).seal().completed().get(level);
        }
        long count = base.frontier().count();
        if ((count >>> level & 1) == 0 || (count >>> level) - 1 != index) {
            throw new IllegalArgumentException("subtree " + index + " of level " + level + " was compacted");
        }
        int peaksAbove = Long.bitCount(count >>> level + 1);
        return base.frontier().peaks().get(peaksAbove);
    }

    private void requireKept(long revision) {
        if (revision < first()) {
            throw new IllegalArgumentException("revision " + revision + " is below " + first());
        }
    }

    private RevisionRecord record(long revision) {
        return view.revision(revision)
                .orElseThrow(() -> new IllegalArgumentException("revision " + revision + " is not kept"));
    }

    /** What the key of a change adds to the live state at a revision; a tombstone may be gone for good. */
    private Optional<Hash> item(Change change, long revision) {
        return view.at(change.keyspace(), change.key(), revision)
                .flatMap(version -> LeafCodec.item(hasher, change.keyspace(), change.key(), version));
    }

    /** How many leaves the tree has at a revision. */
    private long leaves(long revision) {
        long leaves = Math.max(0, revision);
        for (RevisionGap gap : gaps) {
            leaves -= Math.max(0, Math.min(revision, gap.next() - 1) - gap.before());
        }
        return leaves;
    }

    /** The revision that is a leaf, from 0. */
    public long revisionOf(long leaf) {
        long revision = leaf + 1;
        for (RevisionGap gap : gaps) {
            if (revision > gap.before()) {
                revision += gap.next() - gap.before() - 1;
            }
        }
        return revision;
    }
}
