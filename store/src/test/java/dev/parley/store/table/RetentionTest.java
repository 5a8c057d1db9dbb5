package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetentionTest {
    private static final boolean TOMBSTONE = true;
    private static final boolean LIVE = false;

    private static byte[] version(String key, long revision) {
        return EncodedKeys.version(Keyspace.KV, Key.of(key), revision);
    }

    @Test
    void withoutACompactionEverythingIsKept() {
        Retention retention = new Retention(0, true, hash -> false);
        assertTrue(retention.keepsVersion(version("a", 3), TOMBSTONE));
        assertTrue(retention.keepsVersion(version("a", 2), LIVE));
        assertTrue(retention.keepsVersion(version("a", 1), LIVE));
        assertTrue(retention.keepsRecord(1));
    }

    @Test
    void ofTheVersionsUpToTheCompactionRevisionOnlyTheNewestIsKept() {
        Retention retention = new Retention(5, true, hash -> false);
        assertTrue(retention.keepsVersion(version("a", 7), LIVE));
        assertTrue(retention.keepsVersion(version("a", 6), LIVE));
        assertTrue(retention.keepsVersion(version("a", 5), LIVE));
        assertFalse(retention.keepsVersion(version("a", 4), LIVE));
        assertFalse(retention.keepsVersion(version("a", 1), TOMBSTONE));
        assertTrue(retention.keepsVersion(version("b", 2), LIVE));
        assertFalse(retention.keepsVersion(version("b", 1), LIVE));
    }

    @Test
    void aTombstoneBelowTheCompactionRevisionGoesWithTheOldestTable() {
        Retention retention = new Retention(5, true, hash -> true);
        assertFalse(retention.keepsVersion(version("a", 4), TOMBSTONE));
        assertFalse(retention.keepsVersion(version("a", 3), LIVE));
        assertTrue(retention.keepsVersion(version("b", 6), TOMBSTONE));
    }

    @Test
    void aTombstoneAtTheCompactionRevisionStaysBecauseAWatchMayAskForIt() {
        Retention retention = new Retention(5, true, hash -> false);
        assertTrue(retention.keepsVersion(version("a", 5), TOMBSTONE));
        assertFalse(retention.keepsVersion(version("a", 4), LIVE));
        assertTrue(retention.keepsRecord(5));
    }

    @Test
    void aTombstoneStaysWhileAnOlderTableMayHoldTheKey() {
        assertTrue(new Retention(5, false, hash -> true).keepsVersion(version("a", 4), TOMBSTONE));
        assertFalse(new Retention(5, false, hash -> false).keepsVersion(version("a", 4), TOMBSTONE));
    }

    @Test
    void onlyTheKeyItselfIsAskedOfOlderTables() {
        byte[] held = version("held", 1);
        long hash = BloomFilter.hash(held, EncodedKeys.subjectLength(held));
        Retention retention = new Retention(5, false, asked -> asked == hash);
        assertTrue(retention.keepsVersion(version("held", 4), TOMBSTONE));
        assertFalse(retention.keepsVersion(version("other", 4), TOMBSTONE));
    }

    @Test
    void recordsAreKeptFromTheCompactionRevisionOn() {
        Retention retention = new Retention(5, true, hash -> false);
        assertFalse(retention.keepsRecord(4));
        assertTrue(retention.keepsRecord(5));
        assertTrue(retention.keepsRecord(6));
    }

    @Test
    void thatACellWasRemovedIsForgottenOnlyWithTheOldestTable() {
        assertTrue(new Retention(5, false, hash -> false).keepsRemovedCell());
        assertFalse(new Retention(0, true, hash -> true).keepsRemovedCell());
    }

    private record Written(long revision, boolean tombstone) {}

    /** The definition: what any read at or above the compaction revision finds must not change. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noReadFromTheCompactionRevisionOnChanges(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2000; round++) {
            List<Written> history = new ArrayList<>();
            long revision = 1 + random.nextInt(20);
            for (int versions = 1 + random.nextInt(6); versions > 0 && revision > 0; versions--) {
                history.add(new Written(revision, random.nextBoolean()));
                revision -= 1 + random.nextInt(4);
            }
            long compaction = random.nextInt(22);
            int mergedTo = 1 + random.nextInt(history.size());
            List<Written> older = history.subList(mergedTo, history.size());
            Retention retention = new Retention(compaction, older.isEmpty(), hash -> !older.isEmpty());
            List<Written> left = new ArrayList<>();
            for (Written each : history.subList(0, mergedTo)) {
                if (retention.keepsVersion(version("k", each.revision), each.tombstone)) {
                    left.add(each);
                }
            }
            left.addAll(older);
            for (long read = compaction; read < 25; read++) {
                assertEquals(liveAt(history, read), liveAt(left, read), history + " to " + left + " at " + read);
            }
        }
    }

    private static long liveAt(List<Written> newestFirst, long revision) {
        return newestFirst.stream()
                .filter(written -> written.revision <= revision)
                .findFirst()
                .filter(written -> !written.tombstone)
                .map(Written::revision)
                .orElse(0L);
    }
}
