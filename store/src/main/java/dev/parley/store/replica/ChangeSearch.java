package dev.parley.store.replica;

import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.RevisionRecord;
import java.util.Optional;

/** Looks for a change in what was applied already. */
final class ChangeSearch {
    private ChangeSearch() {}

    /**
     * The last revision before the first one above {@code since} that changed the range, or else {@code newest}. What is
     * gone counts as a change.
     */
    static long unchangedUpTo(MapView view, Keyspace keyspace, KeyRange range, long since, long newest) {
        for (long revision = since + 1; revision <= newest; revision++) {
            Optional<RevisionRecord> record = view.revision(revision);
            if (record.isEmpty() || touches(record.get(), keyspace, range)) {
                return revision - 1;
            }
        }
        return Math.max(since, newest);
    }

    static boolean touches(RevisionRecord record, Keyspace keyspace, KeyRange range) {
        for (RevisionRecord.Change change : record.changes()) {
            Key key = change.key();
            if (change.keyspace() == keyspace && range.contains(key)) {
                return true;
            }
        }
        return false;
    }
}
