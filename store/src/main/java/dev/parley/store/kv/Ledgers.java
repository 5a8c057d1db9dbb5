package dev.parley.store.kv;

import dev.parley.store.merkle.Frontier;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import dev.parley.store.merkle.Subtrees;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The ledgers, read from any view. An entry is a version in {@link Keyspace#LEDGER}, written once, under {@code
 * <ledger>/<sequence in 16 hexadecimal digits>}; a ledger exists from its first entry on. Each ledger has a tree of its
 * own, whose hashes stand beside the entries that completed them:
 *
 * <pre>
 *      1  count of hashes, 32 for each: the leaf, and the tops of the subtrees that it completes, upwards
 *   rest  content, see {@link LedgerEntry}
 * </pre>
 */
public final class Ledgers {
    private static final int SEQUENCE_DIGITS = 16;

    private Ledgers() {}

    /** @param revision that appended it */
    public record Kept(LedgerEntry entry, List<Hash> completed, long revision) {
        /** Of its content. */
        public Hash hash() {
            return completed.getFirst();
        }

        static Kept of(Version.Live version) {
            BinaryReader in = new BinaryReader(version.value());
            List<Hash> completed = in.repeat(in.u8(), () -> Seal.hash(in));
            return new Kept(LedgerEntry.of(in.rest()), List.copyOf(completed), version.modRevision());
        }
    }

    /** @param ledger a name */
    public static KeyRange range(String ledger) {
        return KeyRange.prefix(Bytes.utf8(ledger + "/"));
    }

    static Key key(String ledger, long sequence) {
        return Key.of(ledger + "/" + String.format("%0" + SEQUENCE_DIGITS + "x", sequence));
    }

    public static Optional<Kept> entry(MapView view, String ledger, long sequence, long revision) {
        return sequence < 1
                ? Optional.empty()
                : view.liveAt(Keyspace.LEDGER, key(ledger, sequence), revision).map(Kept::of);
    }

    /** The newest entry; empty when there is no such ledger. */
    public static Optional<Kept> last(MapView view, String ledger, long revision) {
        List<Kept> last = new ArrayList<>(1);
        view.scan(Keyspace.LEDGER, range(ledger), revision, true, (key, version) -> {
            last.add(Kept.of(version));
            return false;
        });
        return last.stream().findFirst();
    }

    /** Visits the entries above {@code after}, in their order, until the visitor says false. */
    public static void visit(MapView view, String ledger, long after, long revision, Predicate<Kept> visitor) {
        KeyRange rest = new KeyRange(
                key(ledger, Math.addExact(after, 1)).bytes(), range(ledger).end());
        view.scan(Keyspace.LEDGER, rest, revision, false, (key, version) -> visitor.test(Kept.of(version)));
    }

    /** As {@link #visit(MapView, String, long, long, Predicate)}, the entries of one key alone, without a look at the others. */
    public static void visit(MapView view, String ledger, Key key, long after, long revision, Predicate<Kept> visitor) {
        LedgerKeys.visit(view, ledger, key, after, revision, visitor);
    }

    /** Visits the names of the ledgers behind {@code after}, in their order, until the visitor says false. */
    public static void names(MapView view, String after, long revision, Predicate<String> visitor) {
        Optional<String> next = nameFrom(view, after.isEmpty() ? Bytes.EMPTY : behind(after), revision);
        while (next.isPresent() && visitor.test(next.get())) {
            next = nameFrom(view, behind(next.get()), revision);
        }
    }

    private static Bytes behind(String ledger) {
        return range(ledger).end().orElseThrow();
    }

    private static Optional<String> nameFrom(MapView view, Bytes start, long revision) {
        List<String> found = new ArrayList<>(1);
        view.scan(Keyspace.LEDGER, new KeyRange(start, Optional.empty()), revision, false, (key, version) -> {
            String name = key.toString();
            found.add(name.substring(0, name.length() - SEQUENCE_DIGITS - 1));
            return false;
        });
        return found.stream().findFirst();
    }

    /** The tops of the complete subtrees of a ledger's tree. */
    public static Subtrees subtrees(MapView view, String ledger, long revision) {
        return (level, index) -> {
            long sequence = index + 1 << level;
            return entry(view, ledger, sequence, revision)
                    .orElseThrow(() -> new IllegalStateException("entry " + sequence + " of " + ledger + " is missing"))
                    .completed()
                    .get(level);
        };
    }

    /** What the next entry of a ledger goes on from. */
    record Head(long stamp, Frontier frontier) {
        static Head in(MapView view, String ledger) {
            return view.cell(Cells.ledger(ledger)).map(Head::decode).orElse(new Head(0, Frontier.EMPTY));
        }

        private static Head decode(Bytes content) {
            BinaryReader in = new BinaryReader(content);
            long stamp = in.i64();
            long count = in.i64();
            return new Head(stamp, new Frontier(count, in.repeat(Long.bitCount(count), () -> Seal.hash(in))));
        }

        /** With one entry more, which is written; the cell is not. */
        Head append(BatchRun run, String ledger, LedgerEntry entry, Hasher hasher) {
            Frontier.Grown grown = frontier.append(hasher, entry.hash(hasher));
            BinaryWriter value = new BinaryWriter(256 + entry.value().size())
                    .u8(grown.completed().size());
            grown.completed().forEach(hash -> value.raw(hash.unsafeArray()));
            Bytes stored = value.raw(entry.content().unsafeArray()).toBytes();
            long revision = run.nextRevision();
            run.map()
                    .put(
                            Keyspace.LEDGER,
                            key(ledger, entry.sequence()),
                            new Version.Live(revision, revision, 1, LeaseId.NONE, "", stored));
            LedgerKeys.append(run.map(), ledger, entry);
            return new Head(entry.stamp(), grown.frontier());
        }

        void writeTo(StateMap map, String ledger) {
            BinaryWriter out = new BinaryWriter(
                            16 + Hash.BYTES * frontier.peaks().size())
                    .i64(stamp)
                    .i64(frontier.count());
            frontier.peaks().forEach(peak -> out.raw(peak.unsafeArray()));
            map.putCell(Cells.ledger(ledger), out.toBytes());
        }
    }
}
