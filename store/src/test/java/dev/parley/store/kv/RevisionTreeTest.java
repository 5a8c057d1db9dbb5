package dev.parley.store.kv;

import static dev.parley.store.kv.Script.delete;
import static dev.parley.store.kv.Script.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.LeafCodec.Leaf;
import dev.parley.store.kv.LeafCodec.LeafChange;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.RevisionTree.Consistency;
import dev.parley.store.kv.RevisionTree.Inclusion;
import dev.parley.store.kv.RevisionTree.Root;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import dev.parley.store.merkle.SetDigest;
import dev.parley.store.merkle.Verifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class RevisionTreeTest {
    private static final int REVISIONS = 300;

    private final Script script = new Script();

    private static Script random(int seed) {
        Script script = new Script();
        long epoch = script.lead();
        RandomCommands commands = new RandomCommands(new SplittableRandom(seed));
        while (script.revision() < REVISIONS) {
            Submission[] batch = new Submission[3];
            for (int i = 0; i < batch.length; i++) {
                do {
                    batch[i] = commands.submission(script.revision(), epoch);
                } while (batch[i].command() instanceof Command.Compact
                        || batch[i].command() instanceof Command.ForgetHistory);
            }
            script.answers(batch);
        }
        return script;
    }

    @Test
    void theDigestKeptAtApplyIsThatOfTheStateAtEveryRevision() {
        for (int seed = 0; seed < 5; seed++) {
            Script script = random(seed);
            RevisionTree tree = new RevisionTree(script.map);
            for (long revision = 0; revision <= script.revision(); revision++) {
                assertEquals(
                        RevisionTree.recompute(script.map, revision),
                        tree.digest(revision),
                        "seed " + seed + ", revision " + revision);
            }
            assertNotEquals(tree.digest(10), tree.digest(script.revision()));
        }
    }

    @Test
    @DisplayName("K5: every revision is proven to be in every later tree, by what the leaf says")
    void everyRevisionIsProven() {
        Script script = random(7);
        RevisionTree tree = new RevisionTree(script.map);
        for (long of = 1; of <= script.revision(); of += 13) {
            Root root = tree.root(of);
            for (long revision = 1; revision <= of; revision++) {
                Inclusion proof = tree.inclusion(revision, of);
                assertEquals(root, proof.of());
                assertEquals(of, root.count());
                assertEquals(revision - 1, proof.index());
                Hash leaf = new Hasher().leaf(proof.content().unsafeArray());
                assertEquals(leaf, proof.leaf());
                assertTrue(
                        Verifier.includes(root.root(), of, proof.index(), leaf, proof.path()), revision + " of " + of);
            }
        }
    }

    @Test
    void everyTreeIsProvenToGoOnFromEachFormerOne() {
        Script script = random(8);
        RevisionTree tree = new RevisionTree(script.map);
        for (long to = 0; to <= script.revision(); to += 7) {
            for (long from = 0; from <= to; from += 5) {
                Consistency proof = tree.consistency(from, to);
                assertTrue(
                        Verifier.continues(proof.from().root(), from, proof.to().root(), to, proof.path()),
                        from + " to " + to);
            }
        }
    }

    @Test
    void aLeafSaysWhoChangedWhatAndWhen() {
        script.run(new Submission(put("a", "x"), "me", Optional.empty(), List.of()));
        script.run(delete("a"));

        Leaf first =
                LeafCodec.decode(new RevisionTree(script.map).inclusion(1, 2).content());
        Version.Live live = new Version.Live(1, 1, 1, 0, "text/plain", Bytes.utf8("x"));
        Hash item = LeafCodec.item(new Hasher(), Keyspace.KV, Key.of("a"), live);
        assertEquals(
                new Leaf(1, script.clockMillis, "n1", "me", List.of(new LeafChange(1, Key.of("a"), Optional.of(item)))),
                first);
        Leaf second =
                LeafCodec.decode(new RevisionTree(script.map).inclusion(2, 2).content());
        assertEquals(List.of(new LeafChange(1, Key.of("a"), Optional.empty())), second.changes());
    }

    @Test
    void theBytesOfLeavesAndItemsArePinned() {
        RevisionRecord record = new RevisionRecord(
                9,
                1_700_000_000_000L,
                "n1",
                "me",
                List.of(new Change(Keyspace.KV, Key.of("a")), new Change(Keyspace.KV, Key.of("b"))));
        Hash item = Hash.ofHex("ab".repeat(32));
        Bytes leaf = LeafCodec.encode(
                record, change -> change.key().equals(Key.of("a")) ? Optional.of(item) : Optional.empty());
        assertEquals(
                "0000000000000009" + "0000018bcfe56800" + "00026e31" + "00026d65" + "00000002" + "01000161" + "01"
                        + "ab".repeat(32) + "01000162" + "02",
                HexFormat.of().formatHex(leaf.unsafeArray()));
        Version.Live live = new Version.Live(3, 9, 2, 7, "text/plain", Bytes.utf8("value"));
        assertEquals(
                HexFormat.of()
                        .formatHex(sha256("03" + "01" + "000161" + "0000000000000003" + "0000000000000009"
                                + "0000000000000002" + "0000000000000007" + "000a746578742f706c61696e" + "76616c7565")),
                LeafCodec.item(new Hasher(), Keyspace.KV, Key.of("a"), live).hex());
    }

    private static byte[] sha256(String hex) {
        try {
            return java.security.MessageDigest.getInstance("SHA-256")
                    .digest(HexFormat.of().parseHex(hex));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void anyOtherValueAuthorTimeOrNodeIsAnotherRoot() {
        List<Hash> roots = new ArrayList<>();
        for (int variant = 0; variant < 5; variant++) {
            Script each = new Script();
            each.open(variant == 1 ? "n2" : "n1");
            each.clockMillis += variant == 2 ? 1 : 0;
            String author = variant == 3 ? "you" : "me";
            each.run(new Submission(put("a", variant == 4 ? "y" : "x"), author, Optional.empty(), List.of()));
            each.run(put("b", "x"));
            roots.add(new RevisionTree(each.map).root(2).root());
        }
        assertEquals(5, roots.stream().distinct().count());
    }

    @Test
    void proofsAndDigestsGoOnWhenWhatIsBelowWasCompacted() {
        for (long compacted : new long[] {1, 2, 3, 64, 65, 100, 127, 128, 199, 300}) {
            Script script = random(3);
            RevisionTree whole = new RevisionTree(script.map);
            List<SetDigest> digests = new ArrayList<>();
            List<Root> roots = new ArrayList<>();
            for (long revision = 0; revision <= script.revision(); revision++) {
                digests.add(whole.digest(revision));
                roots.add(whole.root(revision));
            }
            script.run(new Command.Compact(compacted / 2));
            script.run(new Command.Compact(compacted));
            RevisionTree tree = new RevisionTree(script.map.withoutRecordsBelow(compacted));
            assertEquals(compacted, tree.first());
            for (long revision = compacted; revision <= script.revision(); revision++) {
                assertEquals(digests.get((int) revision), tree.digest(revision), compacted + ": " + revision);
                assertEquals(roots.get((int) revision), tree.root(revision));
                Inclusion proof = tree.inclusion(revision, script.revision());
                assertTrue(Verifier.includes(
                        proof.of().root(), proof.of().count(), proof.index(), proof.leaf(), proof.path()));
                Consistency prefix = tree.consistency(revision, script.revision());
                assertTrue(Verifier.continues(
                        prefix.from().root(),
                        prefix.from().count(),
                        prefix.to().root(),
                        prefix.to().count(),
                        prefix.path()));
            }
            assertThrows(IllegalArgumentException.class, () -> tree.root(compacted - 1));
            assertThrows(IllegalArgumentException.class, () -> tree.digest(compacted - 1));
        }
    }

    @Test
    void theTreeGoesOnBehindRevisionsThatWereLeftOut() {
        for (int i = 0; i < 5; i++) {
            script.run(put("a", "" + i));
        }
        long next = FreshStart.begin(script.map);
        script.open("n1");
        for (int i = 0; i < 5; i++) {
            script.run(put("b", "" + i));
        }
        RevisionTree tree = new RevisionTree(script.map);
        assertEquals(next + 5, script.revision());
        assertEquals(tree.root(5), tree.root(next - 1));
        assertEquals(5, tree.root(5).count());
        assertEquals(11, tree.root(next + 5).count());
        assertFalse(tree.has(6));
        assertTrue(tree.has(5));
        assertTrue(tree.has(next));
        assertEquals(next, tree.revisionOf(5));
        assertEquals(5, tree.revisionOf(4));
        for (long revision : new long[] {1, 5, next, next + 1, next + 5}) {
            Inclusion proof = tree.inclusion(revision, next + 5);
            assertTrue(Verifier.includes(proof.of().root(), 11, proof.index(), proof.leaf(), proof.path()));
            assertEquals(RevisionTree.recompute(script.map, revision), tree.digest(revision));
        }
        assertThrows(IllegalArgumentException.class, () -> tree.inclusion(6, next + 5));
    }

    @Test
    void aVersionThatChangedBehindTheTreesBackIsNoticed() {
        script.run(put("a", "x"));
        script.run(put("b", "y"));
        script.map.corrupt(Keyspace.KV, Key.of("a"), new Version.Live(1, 1, 1, 0, "text/plain", Bytes.utf8("z")));

        RevisionTree tree = new RevisionTree(script.map);
        assertThrows(IllegalStateException.class, () -> tree.inclusion(1, 2));
        Proven kept = Proven.in(script.map, Cells.PROVEN).orElseThrow();
        assertNotEquals(RevisionTree.recompute(script.map, 2), kept.digest());
    }

    @Test
    void aRecordThatNamesWhatWasNotWrittenIsAMistakeOfTheProgram() {
        SealingMap map = new SealingMap(new TreeStateMap(), 0);
        RevisionRecord record = new RevisionRecord(1, 0, "n1", "", List.of(new Change(Keyspace.KV, Key.of("a"))));
        assertThrows(IllegalStateException.class, () -> map.record(record));
    }

    @Test
    void leasesCountInTheDigest() {
        SetDigest before = new RevisionTree(script.map).digest(0);
        script.run(new Command.GrantLease(Duration.ofSeconds(9)));
        assertNotEquals(before, new RevisionTree(script.map).digest(1));
        script.run(new Command.RevokeLease(1));
        assertEquals(before, new RevisionTree(script.map).digest(2));
    }
}
