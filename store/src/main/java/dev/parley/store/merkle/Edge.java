package dev.parley.store.merkle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The right edge of a tree: on each level the last node, when it is not complete. Where a node has no right sibling it
 * is paired with itself.
 */
final class Edge {
    /** By level; empty where all nodes are complete. */
    private final List<Optional<Hash>> partial = new ArrayList<>();

    private final Hash top;

    Edge(Hasher hasher, Frontier frontier) {
        long count = frontier.count();
        int height = height(count);
        int peak = frontier.peaks().size();
        Optional<Hash> carry = Optional.empty();
        for (int level = 0; level < height; level++) {
            partial.add(carry);
            boolean complete = (count >>> level & 1) == 1;
            Hash left = complete ? frontier.peaks().get(--peak) : carry.orElse(null);
            if (left != null) {
                carry = Optional.of(hasher.inner(left, carry.orElse(left)));
            }
        }
        top = carry.or(() -> frontier.peaks().stream().findFirst()).orElseGet(hasher::nothing);
    }

    /** How many levels are above the leaves. The only leaf of a tree is paired with itself, too. */
    static int height(long count) {
        return count == 1 ? 1 : pathLength(count);
    }

    /** How many siblings lead from a leaf to the top: log2 of the count, rounded up. */
    static int pathLength(long count) {
        return count <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(count - 1);
    }

    /** The last node of a level below the top, when it is not complete. */
    Optional<Hash> partial(int level) {
        return partial.get(level);
    }

    Hash top() {
        return top;
    }
}
