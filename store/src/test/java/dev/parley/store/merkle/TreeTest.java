package dev.parley.store.merkle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class TreeTest {
    private static final int LEAVES = 1_000;

    @Test
    @DisplayName("K1, K2: up to 1,000 leaves the root is the one of the definition, at every count")
    void theGrownRootIsTheDefinedOne() {
        Grown tree = new Grown();
        List<byte[]> leaves = new ArrayList<>();
        assertEquals(SlowTree.root(leaves), tree.root().hex());
        for (int count = 1; count <= LEAVES; count++) {
            tree.add("leaf " + count);
            leaves.add(SlowTree.leaf("leaf " + count));
            assertEquals(SlowTree.root(leaves), tree.root().hex(), "with " + count + " leaves");
            assertEquals(
                    tree.root(),
                    tree.frontier(count).root(tree.hasher),
                    "with " + count + " leaves, from what is kept");
        }
        for (int count = 0; count <= LEAVES; count++) {
            assertEquals(
                    SlowTree.root(leaves.subList(0, count)),
                    tree.frontier(count).root(tree.hasher).hex());
        }
    }

    @Test
    @DisplayName("K2: a single leaf is paired with itself, and no leaf is the hash of nothing")
    void theSmallestTreesAreAsDefined() {
        byte[] leaf = SlowTree.leaf("x");
        assertEquals(
                SlowTree.bind(1, SlowTree.inner(leaf, leaf)),
                Grown.of("x").root().hex());
        assertEquals(
                SlowTree.bind(
                        0, HexFormat.of().parseHex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
                new Grown().root().hex());
    }

    @Test
    void anOddLeafAndTheSameLeafTwiceAreDifferentTrees() {
        assertNotEquals(
                Grown.of("a", "b", "c").root(), Grown.of("a", "b", "c", "c").root());
        assertNotEquals(Grown.of("a").root(), Grown.of("a", "a").root());
    }

    @Test
    @DisplayName("K6: another order, one leaf more or one less is another root; the same leaves are the same one")
    void theRootTellsEveryChangeOfTheLeaves() {
        SplittableRandom random = new SplittableRandom(6);
        for (int round = 0; round < 200; round++) {
            List<String> contents = new ArrayList<>();
            for (int i = 2 + random.nextInt(40); i > 0; i--) {
                contents.add("leaf " + i);
            }
            Hash root = root(contents);
            assertEquals(root, root(contents));
            List<String> swapped = new ArrayList<>(contents);
            int at = random.nextInt(contents.size() - 1);
            Collections.swap(swapped, at, at + 1 + random.nextInt(contents.size() - at - 1));
            assertNotEquals(root, root(swapped));
            List<String> inserted = new ArrayList<>(contents);
            inserted.add(random.nextInt(contents.size() + 1), "another");
            assertNotEquals(root, root(inserted));
            List<String> removed = new ArrayList<>(contents);
            removed.remove(random.nextInt(contents.size()));
            assertNotEquals(root, root(removed));
        }
    }

    private static Hash root(List<String> contents) {
        return Grown.of(contents.toArray(String[]::new)).root();
    }

    @Test
    void anInnerNodeCannotPassForALeaf() {
        Grown tree = Grown.of("a", "b");
        byte[] both = new byte[64];
        System.arraycopy(tree.leaves.get(0).unsafeArray(), 0, both, 0, 32);
        System.arraycopy(tree.leaves.get(1).unsafeArray(), 0, both, 32, 32);
        assertNotEquals(tree.complete(1, 0), tree.hasher.leaf(both));
    }

    @Test
    @DisplayName("K5: every leaf of every count has a proof of log2 n hashes that both verifiers take")
    void everyLeafHasAProof() {
        for (int count = 1; count <= 70; count++) {
            Grown tree = grown(count);
            for (int index = 0; index < count; index++) {
                checkInclusion(tree, index, count);
            }
        }
        Grown large = grown(LEAVES);
        for (int index = 0; index < LEAVES; index += 7) {
            checkInclusion(large, index, LEAVES);
            checkInclusion(large, index, index + 1);
        }
    }

    private static void checkInclusion(Grown tree, int index, int count) {
        List<Hash> path = Proofs.inclusion(tree.hasher, tree, index, count);
        String where = index + " of " + count;
        assertEquals((int) Math.ceil(Math.log(count) / Math.log(2)), path.size(), where);
        List<byte[]> leaves =
                tree.leaves.subList(0, count).stream().map(Hash::unsafeArray).toList();
        assertEquals(SlowTree.path(leaves, index), hex(path), where);
        Hash root = tree.frontier(count).root(tree.hasher);
        Hash leaf = tree.leaves.get(index);
        assertTrue(Verifier.includes(root, count, index, leaf, path), where);
        assertTrue(SlowTree.includes(root.hex(), count, index, leaf.hex(), hex(path)), where);
    }

    @Test
    @DisplayName("K5: with any bit of leaf, path or root flipped, or another index or count, it is no proof")
    void nothingOfAProofCanBeChanged() {
        for (int count : new int[] {1, 2, 3, 5, 6, 7, 8, 11, 13}) {
            Grown tree = grown(count);
            for (int index = 0; index < count; index++) {
                List<Hash> path = Proofs.inclusion(tree.hasher, tree, index, count);
                Hash leaf = tree.leaves.get(index);
                Hash root = tree.root();
                for (int bit = 0; bit < 256; bit++) {
                    assertNoProof(root, count, index, flipped(leaf, bit), path);
                    assertNoProof(flipped(root, bit), count, index, leaf, path);
                    for (int at = 0; at < path.size(); at++) {
                        List<Hash> changed = new ArrayList<>(path);
                        changed.set(at, flipped(path.get(at), bit));
                        assertNoProof(root, count, index, leaf, changed);
                    }
                }
                for (int other = -1; other <= 2 * count; other++) {
                    if (other != index) {
                        assertNoProof(root, count, other, leaf, path);
                    }
                    if (other != count) {
                        assertNoProof(root, other, index, leaf, path);
                    }
                }
                List<Hash> longer = new ArrayList<>(path);
                longer.add(leaf);
                assertNoProof(root, count, index, leaf, longer);
            }
        }
    }

    private static void assertNoProof(Hash root, long count, long index, Hash leaf, List<Hash> path) {
        assertFalse(Verifier.includes(root, count, index, leaf, path), index + " of " + count);
        if (index >= 0 && count >= 0) {
            assertFalse(SlowTree.includes(root.hex(), count, index, leaf.hex(), hex(path)), index + " of " + count);
        }
    }

    @Test
    void everyTreeIsProvenToBeginWithEachOfItsFormerOnes() {
        int most = 67;
        Grown tree = grown(most);
        for (int to = 0; to <= most; to++) {
            Hash rootTo = tree.frontier(to).root(tree.hasher);
            for (int from = 0; from <= to; from++) {
                List<Hash> path = Proofs.consistency(tree, from, to);
                Hash rootFrom = tree.frontier(from).root(tree.hasher);
                assertTrue(Verifier.continues(rootFrom, from, rootTo, to, path), from + " to " + to);
                assertTrue(SlowTree.continues(rootFrom.hex(), from, rootTo.hex(), to, hex(path)), from + " to " + to);
            }
        }
    }

    @Test
    void nothingOfAConsistencyProofCanBeChanged() {
        Grown tree = grown(23);
        for (int from = 0; from <= 23; from++) {
            List<Hash> path = Proofs.consistency(tree, from, 23);
            Hash rootFrom = tree.frontier(from).root(tree.hasher);
            for (int at = 0; at < path.size(); at++) {
                for (int bit = 0; bit < 256; bit += 5) {
                    List<Hash> changed = new ArrayList<>(path);
                    changed.set(at, flipped(path.get(at), bit));
                    assertFalse(Verifier.continues(rootFrom, from, tree.root(), 23, changed), from + " at " + at);
                    assertFalse(
                            SlowTree.continues(rootFrom.hex(), from, tree.root().hex(), 23, hex(changed)));
                }
            }
            assertFalse(Verifier.continues(flipped(rootFrom, 3), from, tree.root(), 23, path));
            assertFalse(Verifier.continues(rootFrom, from, flipped(tree.root(), 3), 23, path));
            for (int other = -1; other < 50; other++) {
                assertFalse(
                        other != from && Verifier.continues(rootFrom, other, tree.root(), 23, path),
                        other + " for " + from);
                assertFalse(
                        other != 23 && Verifier.continues(rootFrom, from, tree.root(), other, path), other + " for 23");
            }
        }
    }

    @Test
    void aHistoryThatWasRewrittenHasNoConsistencyProof() {
        Grown old = Grown.of("a", "b", "c");
        Grown rewritten = Grown.of("a", "B", "c", "d");
        assertFalse(Verifier.continues(old.root(), 3, rewritten.root(), 4, Proofs.consistency(rewritten, 3, 4)));
        assertTrue(Verifier.continues(
                Grown.of("a", "B", "c").root(), 3, rewritten.root(), 4, Proofs.consistency(rewritten, 3, 4)));
    }

    @Test
    @DisplayName("I7, K4: two trees that differ in k leaves are told apart with k log n looks")
    void differencesAreFoundFromTheTop() {
        SplittableRandom random = new SplittableRandom(4);
        for (int count : new int[] {1, 2, 5, 64, 777, 1_000}) {
            for (int differing : new int[] {0, 1, 3, 9}) {
                Grown mine = new Grown();
                Grown theirs = new Grown();
                List<Long> changed = random.longs(0, count)
                        .distinct()
                        .limit(Math.min(differing, count))
                        .sorted()
                        .boxed()
                        .toList();
                for (long i = 0; i < count; i++) {
                    mine.add("leaf " + i);
                    theirs.add(changed.contains(i) ? "another " + i : "leaf " + i);
                }
                assertEquals(changed.isEmpty(), mine.root().equals(theirs.root()));
                mine.looks = 0;
                assertEquals(changed, Proofs.differences(mine, theirs, count, 100), count + " leaves");
                int height = 1 + Edge.pathLength(count);
                assertTrue(mine.looks <= height + 2 * height * changed.size(), mine.looks + " looks at " + count);
                assertEquals(changed.stream().limit(2).toList(), Proofs.differences(mine, theirs, count, 2));
            }
        }
    }

    @Test
    void whatCannotBeATreeOrAProofIsRefused() {
        Grown tree = grown(3);
        assertThrows(IllegalArgumentException.class, () -> Proofs.inclusion(tree.hasher, tree, 3, 3));
        assertThrows(IllegalArgumentException.class, () -> Proofs.consistency(tree, 3, 2));
        assertThrows(IllegalArgumentException.class, () -> new Frontier(3, tree.leaves));
        assertThrows(IllegalArgumentException.class, () -> tree.frontier(3).append(tree.hasher, 1, tree.leaves.get(0)));
        assertThrows(IllegalArgumentException.class, () -> Hash.ofHex("00"));
    }

    @Test
    void theDigestOfASetForgetsTheOrderAndWhatWasTakenOut() {
        List<Hash> items = grown(5).leaves;
        SetDigest all = SetDigest.EMPTY;
        for (Hash item : items) {
            all = all.plus(item);
        }
        SetDigest backwards = SetDigest.EMPTY;
        for (Hash item : items.reversed()) {
            backwards = backwards.plus(item);
        }
        assertEquals(all, backwards);
        assertNotEquals(all, all.minus(items.get(2)));
        assertEquals(all, all.minus(items.get(2)).plus(items.get(2)));
        assertNotEquals(all, all.plus(items.get(2)));
        assertEquals(all, SetDigest.of(all.toHash()));
        for (Hash item : items) {
            all = all.minus(item);
        }
        assertEquals(SetDigest.EMPTY, all);
    }

    private static Grown grown(int count) {
        Grown tree = new Grown();
        for (int i = 1; i <= count; i++) {
            tree.add("leaf " + i);
        }
        return tree;
    }

    private static Hash flipped(Hash hash, int bit) {
        byte[] content = hash.unsafeArray().clone();
        content[bit / 8] ^= (byte) (1 << bit % 8);
        return Hash.wrap(content);
    }

    private static List<String> hex(List<Hash> path) {
        return path.stream().map(Hash::hex).toList();
    }
}
