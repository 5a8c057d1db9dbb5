package dev.parley.store.merkle;

/** The tops of the complete subtrees of a tree, from wherever they are kept. */
@FunctionalInterface
public interface Subtrees {
    /** Of the subtree over the leaves from {@code index * 2^level} on, {@code 2^level} of them. */
    Hash complete(int level, long index);

    /** The frontier of the tree when it had {@code count} leaves. */
    default Frontier frontier(long count) {
        java.util.List<Hash> peaks = new java.util.ArrayList<>();
        for (int level = Long.SIZE - 2; level >= 0; level--) {
            if ((count >>> level & 1) == 1) {
                peaks.add(complete(level, (count >>> level) - 1));
            }
        }
        return new Frontier(count, peaks);
    }
}
