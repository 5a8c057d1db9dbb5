package dev.parley.store.replica;

import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import java.util.function.Consumer;

/**
 * Somebody waits for a change in a range.
 *
 * @param since only revisions above it count
 * @param told called once, on the owner thread
 */
record Interest(Keyspace keyspace, KeyRange range, long since, long deadlineNanos, Consumer<Notice> told) {
    /** @param unchangedUpTo nothing above {@code since}, up to this revision, met the interest */
    record Notice(Kind kind, long unchangedUpTo) {
        enum Kind {
            /** Look again: there is a change, or there may be one. */
            CHANGED,
            /** The time ran out, or the node stops. */
            OVER,
            /** Too many wait already; this one was not taken. */
            NO_ROOM
        }
    }

    void tell(Notice.Kind kind, long unchangedUpTo) {
        told.accept(new Notice(kind, Math.max(since, unchangedUpTo)));
    }

    boolean isMetBy(RevisionRecord record) {
        return record.revision() > since && ChangeSearch.touches(record, keyspace, range);
    }

    /** Whether the range holds one key and nothing else can be in it. */
    boolean isOfOneKey() {
        return range.end()
                .map(end -> end.size() == range.start().size() + 1
                        && end.at(end.size() - 1) == 0
                        && end.startsWith(range.start()))
                .orElse(false);
    }
}
