package dev.parley.store.merkle;

import java.util.ArrayList;
import java.util.List;

/** Makes the proofs that {@link Verifier} checks. */
public final class Proofs {
    private Proofs() {}

    /**
     * That a leaf is in a tree: the siblings on the way from it to the top. Where a node is paired with itself, its
     * sibling is the node itself.
     *
     * @param index of the leaf, from 0, below {@code count}
     */
    public static List<Hash> inclusion(Hasher hasher, Subtrees subtrees, long index, long count) {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("no leaf " + index + " among " + count);
        }
        Edge edge = new Edge(hasher, subtrees.frontier(count));
        List<Hash> path = new ArrayList<>();
        for (int level = 0; level < Edge.pathLength(count); level++) {
            long own = index >>> level;
            long sibling = own ^ 1;
            path.add(node(subtrees, edge, level, sibling << level < count ? sibling : own, count));
        }
        return path;
    }

    private static Hash node(Subtrees subtrees, Edge edge, int level, long index, long count) {
        return index < count >>> level
                ? subtrees.complete(level, index)
                : edge.partial(level).orElseThrow();
    }

    /**
     * That the tree of {@code to} leaves begins with the tree of {@code from}: the peaks of the latter, then the tops
     * of the complete subtrees that make the rest, from left to right, each as large as its place allows.
     *
     * @param from 0 to {@code to}
     */
    public static List<Hash> consistency(Subtrees subtrees, long from, long to) {
        if (from < 0 || from > to) {
            throw new IllegalArgumentException("no tree of " + from + " leaves among those up to " + to);
        }
        List<Hash> path = new ArrayList<>(subtrees.frontier(from).peaks());
        for (long at = from; at < to; ) {
            int level = nextLevel(at, to);
            path.add(subtrees.complete(level, at >>> level));
            at += 1L << level;
        }
        return path;
    }

    /** Of the largest subtree that begins at leaf {@code at} and ends at {@code to} or before. */
    static int nextLevel(long at, long to) {
        int fitting = Long.SIZE - 1 - Long.numberOfLeadingZeros(to - at);
        return at == 0 ? fitting : Math.min(fitting, Long.numberOfTrailingZeros(at));
    }

    /**
     * The leaves in which two trees of {@code count} leaves differ, in order, found from the top: of two that differ in
     * k leaves about k log2 count hashes are looked at.
     *
     * @param max stop after so many
     */
    public static List<Long> differences(Subtrees mine, Subtrees theirs, long count, int max) {
        List<Long> found = new ArrayList<>();
        for (long at = 0; at < count; ) {
            int level = nextLevel(at, count);
            descend(mine, theirs, level, at >>> level, max, found);
            at += 1L << level;
        }
        return found;
    }

    private static void descend(Subtrees mine, Subtrees theirs, int level, long index, int max, List<Long> found) {
        if (found.size() >= max || mine.complete(level, index).equals(theirs.complete(level, index))) {
            return;
        }
        if (level == 0) {
            found.add(index);
        } else {
            descend(mine, theirs, level - 1, 2 * index, max, found);
            descend(mine, theirs, level - 1, 2 * index + 1, max, found);
        }
    }
}
