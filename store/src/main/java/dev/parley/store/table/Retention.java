package dev.parley.store.table;

import java.util.function.LongPredicate;

/**
 * Which entries a merge keeps. Asked in the order of encoded keys: of each key the newest version first.
 *
 * <ul>
 *   <li>Every version from the compaction revision on, and the newest below it if none is at it: that is what a read
 *       at the compaction revision must find. A tombstone at it is an event that watches may still ask for.
 *   <li>Of those below, not even the newest when it is a tombstone, unless an older table outside of the merge may hold
 *       the key: without the tombstone the key would come back.
 *   <li>The records from the compaction revision on.
 *   <li>That a cell was removed, unless the oldest table is in the merge.
 * </ul>
 */
final class Retention {
    private final long compactionRevision;
    private final boolean withOldest;
    private final LongPredicate olderMayHold;
    private byte[] key = {};
    private boolean settled;

    /**
     * @param compactionRevision reads below it are refused; 0 keeps all history
     * @param withOldest no table outside of the merge is older than those in it
     * @param olderMayHold whether a table older than those in the merge may hold the subject of this hash
     */
    Retention(long compactionRevision, boolean withOldest, LongPredicate olderMayHold) {
        this.compactionRevision = compactionRevision;
        this.withOldest = withOldest;
        this.olderMayHold = olderMayHold;
    }

    boolean keepsVersion(byte[] version, boolean tombstone) {
        if (key.length == 0 || !EncodedKeys.sameKey(version, key)) {
            key = version;
            settled = false;
        }
        if (EncodedKeys.revisionOf(version) > compactionRevision) {
            return true;
        }
        if (settled) {
            return false;
        }
        settled = true;
        boolean atCompaction = EncodedKeys.revisionOf(version) == compactionRevision;
        return !tombstone || atCompaction || mayBeOlder(version);
    }

    private boolean mayBeOlder(byte[] version) {
        return !withOldest && olderMayHold.test(BloomFilter.hash(version, EncodedKeys.subjectLength(version)));
    }

    boolean keepsRecord(long revision) {
        return revision >= compactionRevision;
    }

    boolean keepsRemovedCell() {
        return !withOldest;
    }
}
