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

    /** Whether a revision above {@code since}, up to {@code newest}, changed the range; what is gone counts as a yes. */
    static boolean changed(MapView view, Keyspace keyspace, KeyRange range, long since, long newest) {
        for (long revision = since + 1; revision <= newest; revision++) {
            Optional<RevisionRecord> record = view.revision(revision);
            if (record.isEmpty() || touches(record.get(), keyspace, range)) {
                return true;
            }
        }
        return false;
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
