package dev.parley.store.merkle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A tree grown leaf by leaf, with every hash that a leaf completed kept as the store keeps it. */
final class Grown implements Subtrees {
    final Hasher hasher = new Hasher();
    final List<Hash> leaves = new ArrayList<>();
    private final Map<String, Hash> kept = new HashMap<>();
    private Frontier frontier = Frontier.EMPTY;
    int looks;

    static Grown of(String... contents) {
        Grown tree = new Grown();
        for (String content : contents) {
            tree.add(content);
        }
        return tree;
    }

    void add(String content) {
        Hash leaf = hasher.leaf(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Frontier.Grown grown = frontier.append(hasher, leaf);
        for (int level = 0; level < grown.completed().size(); level++) {
            kept.put(level + "/" + (leaves.size() >> level), grown.completed().get(level));
        }
        leaves.add(leaf);
        frontier = grown.frontier();
    }

    Hash root() {
        return frontier.root(hasher);
    }

    @Override
    public Hash complete(int level, long index) {
        looks++;
        Hash hash = kept.get(level + "/" + index);
        if (hash == null) {
            throw new AssertionError("no complete subtree " + index + " of level " + level);
        }
        return hash;
    }
}
