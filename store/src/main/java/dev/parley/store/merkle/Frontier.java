package dev.parley.store.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * All that is needed to go on growing a tree and to know its root: the tops of the largest complete subtrees that its
 * leaves fall into, from left to right, one for each bit that is set in their count. Immutable.
 *
 * @param count leaves, from 0
 */
public record Frontier(long count, List<Hash> peaks) {
    public static final Frontier EMPTY = new Frontier(0, List.of());

    public Frontier {
        peaks = List.copyOf(peaks);
        if (count < 0 || peaks.size() != Long.bitCount(count)) {
            throw new IllegalArgumentException(peaks.size() + " peaks cannot be of " + count + " leaves");
        }
    }

    /**
     * A frontier with one leaf more.
     *
     * @param completed the leaf, and the tops of the subtrees that it completes, each one level above the one before
     */
    public record Grown(Frontier frontier, List<Hash> completed) {}

    /** Appends a leaf's hash. */
    public Grown append(Hasher hasher, Hash leaf) {
        List<Hash> completed = new ArrayList<>(4);
        Frontier grown = append(hasher, 0, leaf, completed);
        return new Grown(grown, completed);
    }

    /**
     * Appends a whole subtree of {@code 2^level} leaves.
     *
     * @throws IllegalArgumentException when the count is no multiple of those: the subtree would not be one
     */
    Frontier append(Hasher hasher, int level, Hash top) {
        return append(hasher, level, top, new ArrayList<>(4));
    }

    private Frontier append(Hasher hasher, int level, Hash top, List<Hash> completed) {
        if ((count & ((1L << level) - 1)) != 0) {
            throw new IllegalArgumentException("a subtree of level " + level + " cannot follow " + count + " leaves");
        }
        List<Hash> left = new ArrayList<>(peaks);
        Hash node = top;
        completed.add(node);
        for (long nodes = count >>> level; (nodes & 1) == 1; nodes >>>= 1) {
            node = hasher.inner(left.removeLast(), node);
            completed.add(node);
        }
        left.add(node);
        return new Frontier(count + (1L << level), left);
    }

    /** What stands for the whole tree: its top and the count of its leaves. */
    public Hash root(Hasher hasher) {
        return hasher.root(count, new Edge(hasher, this).top());
    }
}
