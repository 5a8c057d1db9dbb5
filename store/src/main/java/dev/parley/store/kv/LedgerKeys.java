package dev.parley.store.kv;

import dev.parley.store.kv.Ledgers.Kept;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which entries of a ledger have a key: for each key a list of their sequences, one cell for each place in it, so that an
 * append costs the same however long the list is, and a reader finds by halving where to begin. It follows from the
 * entries and is in no hash.
 */
final class LedgerKeys {
    private LedgerKeys() {}

    /** Notes the entry that is appended. */
    static void append(StateMap map, String ledger, LedgerEntry entry) {
        Bytes list = Cells.ledgerKey(ledger, entry.key());
        long count = Cells.number(map, list, 0);
        Cells.putNumber(map, Cells.ledgerKeyPlace(list, count), entry.sequence());
        Cells.putNumber(map, list, count + 1);
    }

    /** Visits the entries of the key above {@code after}, in their order, until the visitor says false. */
    static void visit(MapView view, String ledger, Key key, long after, long revision, Predicate<Kept> visitor) {
        Bytes list = Cells.ledgerKey(ledger, key);
        long count = Cells.number(view, list, 0);
        for (long place = firstAbove(view, list, count, after); place < count; place++) {
            Optional<Kept> kept = Ledgers.entry(view, ledger, sequence(view, list, place), revision);
            if (kept.isEmpty() || !visitor.test(kept.get())) { // what the revision does not show yet is not there
                return;
            }
        }
    }

    private static long firstAbove(MapView view, Bytes list, long count, long after) {
        long low = 0;
        long high = count;
        while (low < high) {
            long middle = low + high >>> 1;
            if (sequence(view, list, middle) > after) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static long sequence(MapView view, Bytes list, long place) {
        return Cells.number(view, Cells.ledgerKeyPlace(list, place), 0);
    }
}
