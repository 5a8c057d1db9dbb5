package dev.parley.store.merkle;

import java.util.List;

/** Checks proofs, believing nothing but the root it is given. Whatever the proof holds, the answer is yes or no. */
public final class Verifier {
    private Verifier() {}

    /** Whether the tree of {@code count} leaves with this root has {@code leaf} at {@code index}. */
    public static boolean includes(Hash root, long count, long index, Hash leaf, List<Hash> path) {
        if (index < 0 || index >= count || path.size() != Edge.pathLength(count)) {
            return false;
        }
        Hasher hasher = new Hasher();
        Hash node = count == 1 ? hasher.inner(leaf, leaf) : leaf;
        for (int level = 0; level < path.size(); level++) {
            Hash sibling = path.get(level);
            long own = index >>> level;
            boolean alone = (own & 1) == 0 && own == (count - 1) >>> level;
            if (alone && !sibling.equals(node)) {
                return false;
            }
            node = (own & 1) == 0 ? hasher.inner(node, sibling) : hasher.inner(sibling, node);
        }
        return hasher.root(count, node).equals(root);
    }

    /** Whether the tree of {@code to} leaves with {@code rootTo} begins with the one of {@code from} leaves. */
    public static boolean continues(Hash rootFrom, long from, Hash rootTo, long to, List<Hash> path) {
        int peaks = Long.bitCount(from);
        if (from < 0 || from > to || path.size() < peaks) {
            return false;
        }
        Hasher hasher = new Hasher();
        Frontier frontier = new Frontier(from, path.subList(0, peaks));
        if (!frontier.root(hasher).equals(rootFrom)) {
            return false;
        }
        int next = peaks;
        while (frontier.count() < to && next < path.size()) {
            frontier = frontier.append(hasher, Proofs.nextLevel(frontier.count(), to), path.get(next++));
        }
        return frontier.count() == to
                && next == path.size()
                && frontier.root(hasher).equals(rootTo);
    }
}
