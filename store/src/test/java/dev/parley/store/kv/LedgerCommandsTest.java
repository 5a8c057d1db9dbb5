package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Ledgers.Kept;
import dev.parley.store.lamport.LamportTime;
import dev.parley.store.merkle.Frontier;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import dev.parley.store.merkle.Proofs;
import dev.parley.store.merkle.Verifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class LedgerCommandsTest {
    private final Script script = new Script();

    private static Command.AppendEntry entry(String ledger, String value) {
        return new Command.AppendEntry(ledger, Key.of("k"), Bytes.utf8(value), "", Optional.empty());
    }

    private static Command.AppendEntry stamped(String ledger, long stamp) {
        return new Command.AppendEntry(ledger, Key.of("k"), Bytes.EMPTY, "", Optional.of(stamp));
    }

    private Outcome.EntryAppended append(Command.AppendEntry append) {
        return assertInstanceOf(Outcome.EntryAppended.class, script.run(append));
    }

    private List<Kept> entries(String ledger) {
        List<Kept> entries = new ArrayList<>();
        Ledgers.visit(script.map, ledger, 0, script.revision(), entries::add);
        return entries;
    }

    private Hash root(String ledger, long count) {
        return Ledgers.subtrees(script.map, ledger, script.revision())
                .frontier(count)
                .root(new Hasher());
    }

    @Test
    @DisplayName("I6, I10: each context counts by itself, from 1 and without a gap; one append is one revision")
    void eachLedgerCountsByItself() {
        for (int i = 1; i <= 300; i++) {
            Outcome.EntryAppended appended = append(entry("a" + i % 3, "v" + i));
            assertEquals((i + 2) / 3, appended.sequence());
            assertEquals(i, appended.revision());
            assertEquals(i, script.revision());
        }
        for (String ledger : List.of("a0", "a1", "a2")) {
            List<Kept> entries = entries(ledger);
            for (int i = 0; i < 100; i++) {
                assertEquals(i + 1, entries.get(i).entry().sequence());
            }
            assertEquals(
                    100,
                    Ledgers.last(script.map, ledger, 300).orElseThrow().entry().sequence());
        }
        assertEquals(List.of("a0", "a1", "a2"), names(""));
        assertEquals(List.of("a1", "a2"), names("a0"));
    }

    private List<String> names(String after) {
        List<String> names = new ArrayList<>();
        Ledgers.names(script.map, after, script.revision(), names::add);
        return names;
    }

    @Test
    void aLedgerWhoseNameBeginsLikeAnothersIsAnother() {
        append(entry("a", "1"));
        append(entry("a.b", "2"));
        append(entry("a-b", "3"));
        assertEquals(List.of("a-b", "a.b", "a"), names(""), "in the order of their keys");
        assertEquals(1, entries("a").size());
    }

    @Test
    @DisplayName("K7 to K9: a stamp is above every one before it and above the one received")
    void stampsRise() {
        assertEquals(1, append(entry("a", "x")).stamp());
        assertEquals(11, append(stamped("a", 10)).stamp());
        assertEquals(12, append(stamped("a", 3)).stamp());
        assertEquals(13, append(entry("a", "x")).stamp());
        assertEquals(1, append(entry("b", "x")).stamp());
    }

    @Test
    @DisplayName("K10: clocks set back change no order")
    void wallClocksDoNotMatter() {
        long before = append(entry("a", "x")).stamp();
        script.clockMillis = 1;
        assertTrue(append(entry("a", "x")).stamp() > before);
    }

    @Test
    void aStampFarAheadIsRefusedAndChangesNothing() {
        append(entry("a", "x"));
        long max = 1 + LamportTime.LEAD_MAX;
        assertEquals(new Outcome.StampTooFar(max + 1, max), script.run(stamped("a", max + 1)));
        assertEquals(1, script.revision());
        assertEquals(max + 1, append(stamped("a", max)).stamp());
    }

    @Test
    @DisplayName("K12: a ledger that was loaded goes on above the stamps of its entries")
    void theClockGoesOnAboveWhatWasLoaded() {
        LedgerEntry first = new LedgerEntry(1, 77, 5, "me", Key.of("k"), "{}", Bytes.utf8("x"));
        assertEquals(new Outcome.EntriesLoaded(1, 1), script.run(new Command.LoadEntries("a", 0, List.of(first))));
        assertEquals(first, entries("a").getFirst().entry());
        assertEquals(78, append(entry("a", "x")).stamp());
        LedgerEntry last = new LedgerEntry(1, Limits.STAMP_MAX, 5, "", Key.of("k"), "", Bytes.EMPTY);
        script.run(new Command.LoadEntries("b", 0, List.of(last)));
        assertInstanceOf(Outcome.StampTooFar.class, script.run(entry("b", "x")));
    }

    @Test
    void aPieceThatDoesNotFollowIsRefused() {
        append(entry("a", "x"));
        LedgerEntry first = new LedgerEntry(1, 1, 5, "", Key.of("k"), "", Bytes.EMPTY);
        assertEquals(new Outcome.LedgerMoved("a", 1), script.run(new Command.LoadEntries("a", 0, List.of(first))));
        assertEquals(1, entries("a").size());
        LedgerEntry third = new LedgerEntry(3, 3, 5, "", Key.of("k"), "", Bytes.EMPTY);
        assertThrows(IllegalArgumentException.class, () -> new Command.LoadEntries("a", 1, List.of(third)));
        assertThrows(IllegalArgumentException.class, () -> new Command.LoadEntries("a", 0, List.of(first, first)));
    }

    @Test
    @DisplayName("K5: every entry is proven to be in its ledger, by what it says")
    void everyEntryIsProven() {
        for (int i = 0; i < 21; i++) {
            append(entry("a", "v" + i));
        }
        Hasher hasher = new Hasher();
        var subtrees = Ledgers.subtrees(script.map, "a", 21);
        Hash root = root("a", 21);
        Frontier frontier = Frontier.EMPTY;
        for (Kept kept : entries("a")) {
            Hash leaf = hasher.leaf(kept.entry().content().unsafeArray());
            assertEquals(leaf, kept.hash());
            frontier = frontier.append(hasher, leaf).frontier();
            long index = kept.entry().sequence() - 1;
            assertTrue(Verifier.includes(root, 21, index, leaf, Proofs.inclusion(hasher, subtrees, index, 21)));
        }
        assertEquals(frontier.root(hasher), root);
    }

    @Test
    void theBytesOfAContentArePinned() {
        LedgerEntry entry = new LedgerEntry(9, 10, 1_700_000_000_000L, "me", Key.of("a"), "{}", Bytes.utf8("value"));
        assertEquals(
                "0000000000000009" + "000000000000000a" + "0000018bcfe56800" + "00026d65" + "000161" + "00027b7d"
                        + "76616c7565",
                HexFormat.of().formatHex(entry.content().unsafeArray()));
        assertEquals(entry, LedgerEntry.of(entry.content()));
    }

    // -- snapshots ------------------------------------------------------------------------------------------------

    private static Bytes archive(Hash root, List<LedgerEntry> entries) {
        LedgerSnapshot.Encoder encoder = new LedgerSnapshot.Encoder();
        BinaryWriter out = new BinaryWriter(1_000);
        out.raw(encoder.head(entries.size(), root).unsafeArray());
        entries.forEach(entry -> out.raw(encoder.entry(entry).unsafeArray()));
        return out.raw(encoder.end().unsafeArray()).toBytes();
    }

    @Test
    @DisplayName("I11, K3: a snapshot with any byte changed, cut or added is refused")
    void aSnapshotIsVerifiedToTheLastBit() {
        for (int i = 0; i < 5; i++) {
            append(entry("a", "v" + i));
        }
        List<LedgerEntry> entries = entries("a").stream().map(Kept::entry).toList();
        Bytes sound = archive(root("a", 5), entries);
        assertEquals(entries, LedgerSnapshot.decode(sound));
        SplittableRandom random = new SplittableRandom(3);
        for (int at = 0; at < sound.size(); at++) {
            byte[] damaged = sound.toArray();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            assertThrows(Malformed.class, () -> LedgerSnapshot.decode(Bytes.wrap(damaged)), "byte " + at);
            Bytes cut = Bytes.copyOf(sound.unsafeArray(), 0, at);
            assertThrows(Malformed.class, () -> LedgerSnapshot.decode(cut), "cut at " + at);
        }
        byte[] longer = Arrays.copyOf(sound.unsafeArray(), sound.size() + 1);
        assertThrows(Malformed.class, () -> LedgerSnapshot.decode(Bytes.wrap(longer)));
    }

    @Test
    @DisplayName("K3: entries that somebody changed, and hashed again, do not fit the root")
    void theRootCoversTheEntries() {
        append(entry("a", "v1"));
        append(entry("a", "v2"));
        LedgerEntry first = entries("a").getFirst().entry();
        LedgerEntry forged = new LedgerEntry(2, 2, 5, "", Key.of("k"), "", Bytes.utf8("another"));
        Bytes archive = archive(root("a", 2), List.of(first, forged));
        assertThrows(Malformed.class, () -> LedgerSnapshot.decode(archive));
    }

    @Test
    @DisplayName("I10: the entries of one key are found without a look at the others")
    void theEntriesOfAKeyAreFoundWithoutALookAtTheOthers() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 400; i++) {
            append(new Command.AppendEntry(
                    "a" + random.nextInt(2),
                    Key.of("k" + Math.min(random.nextInt(40), 3)),
                    Bytes.utf8("v" + i),
                    "",
                    Optional.empty()));
        }
        long revision = script.revision();
        for (Key key : List.of(Key.of("k0"), Key.of("k2"), Key.of("k3"), Key.of("k4"))) {
            for (long after = 0; after < 230; after++) {
                for (long at : new long[] {revision, revision - 100}) {
                    long behind = after;
                    List<Kept> expected = new ArrayList<>();
                    Ledgers.visit(
                            script.map,
                            "a1",
                            after,
                            at,
                            kept -> !kept.entry().key().equals(key) || expected.add(kept));
                    int[] looks = {0};
                    List<Kept> found = new ArrayList<>();
                    Ledgers.visit(counting(looks), "a1", key, behind, at, found::add);
                    assertEquals(expected, found);
                    int most = found.size() + 1;
                    assertTrue(looks[0] <= most, () -> looks[0] + " looks for " + found.size() + " entries");
                }
            }
        }
    }

    /** The map, but a scan of it fails and reads of keys are counted. */
    private MapView counting(int[] looks) {
        return (MapView) Proxy.newProxyInstance(
                MapView.class.getClassLoader(), new Class<?>[] {MapView.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "scan" -> throw new AssertionError("everything is looked at");
                        case "liveAt" -> looks[0]++;
                        default -> {}
                    }
                    return method.invoke(script.map, arguments);
                });
    }
}
