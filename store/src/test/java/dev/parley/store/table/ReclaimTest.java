package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.Version;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StateView;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Room that a compaction frees comes back without waiting for tables to be merged for their size. */
final class ReclaimTest {
    private static final int KEYS = 100;
    private static final int VALUE_BYTES = 1_000;
    private static final long LIVE_BYTES = KEYS * VALUE_BYTES;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private TableStore store = open();
    private long revision;
    private long nowNanos;

    private TableStore open() {
        background.clear();
        // Never merges for size.
        return TableStore.open(
                disk,
                TableConfig.DEFAULT.withFlushLogEntries(KEYS).withMerging(1_000, 1_000),
                background::add,
                () -> new UUID(1, 1));
    }

    private void write(int key, boolean live) {
        revision++;
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        Key named = Key.of("k" + key);
        Version version = live
                ? new Version.Live(revision, revision, 1, 0, "", Bytes.wrap(value))
                : new Version.Tombstone(revision);
        store.map().put(Keyspace.KV, named, version);
        store.map().record(new RevisionRecord(revision, 0, "n1", "", List.of(new Change(Keyspace.KV, named))));
        publish();
    }

    private void publish() {
        store.publish(new Position(new LogIndex(store.position().applied().value() + 1), 0, revision));
        store.maintain(nowNanos);
    }

    /** Rewrites all keys so many times. */
    private void rewrite(int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int key = 0; key < KEYS; key++) {
                write(key, true);
            }
            settle();
        }
    }

    private void compact(long upTo) {
        Script.putCompaction(store.map(), upTo);
        publish();
    }

    private void settle() {
        for (int i = 0; i < 10; i++) {
            nowNanos += 1_000_000_000L;
            store.maintain(nowNanos);
            while (!background.isEmpty()) {
                background.remove().run();
            }
        }
    }

    private long diskBytes() {
        return disk.list().stream().mapToLong(file -> disk.content(file).length).sum();
    }

    @Test
    void afterACompactionTheDiskHoldsLessThanThreeTimesTheLiveData() {
        rewrite(20);
        assertTrue(diskBytes() > 15 * LIVE_BYTES, diskBytes() + " bytes");
        compact(revision);
        settle();
        assertTrue(diskBytes() < 3 * LIVE_BYTES, diskBytes() + " bytes");
        assertLive(KEYS, revision);
        store.close();
    }

    @Test
    void whatWasDeletedLeavesNothingBehind() {
        rewrite(3);
        for (int key = 0; key < KEYS; key++) {
            write(key, false);
        }
        write(KEYS, true);
        compact(revision);
        settle();
        assertTrue(diskBytes() < LIVE_BYTES, diskBytes() + " bytes");
        assertLive(1, revision);
        store.close();
    }

    @Test
    void historyFromTheCompactionRevisionOnStays() {
        rewrite(10);
        long kept = revision - 2 * KEYS;
        compact(kept);
        settle();
        assertLive(KEYS, kept);
        try (StateView view = store.view()) {
            for (long each = kept; each <= revision; each++) {
                assertTrue(view.revision(each).isPresent(), "record " + each);
            }
            assertFalse(view.revision(kept - 1).isPresent());
        }
        store.close();
    }

    @Test
    void aFewDroppableEntriesAreNotWorthRewritingTheRest() {
        rewrite(1);
        write(0, true);
        long before = diskBytes();
        compact(1);
        settle();
        assertTrue(diskBytes() >= before, before + " to " + diskBytes());
        store.close();
    }

    /** Otherwise a crash would forget the compaction, and reads below it would find half of their history. */
    @Test
    void aCompactionThatACrashWouldForgetFreesNothing() {
        rewrite(5);
        compact(revision);
        nowNanos += 60_000_000_000L;
        store.maintain(nowNanos);
        assertEquals(1, background.size(), "more than the flush has begun");
        store.close();
        store = open();
        assertLive(KEYS, KEYS);
        store.close();
    }

    @Test
    void flushesAndMergesGoOnWhileRoomIsReclaimed() {
        rewrite(8);
        compact(revision);
        nowNanos += 60_000_000_000L;
        store.maintain(nowNanos); // flushes the compaction
        background.remove().run();
        store.maintain(nowNanos);
        Runnable reclaiming = background.remove();
        long frozenAt = revision;
        for (int key = 0; key < KEYS; key++) {
            write(key, true);
        }
        settle();
        assertTrue(store.durable().revision() > frozenAt, "a flush waited");
        reclaiming.run();
        settle();
        assertTrue(diskBytes() < 4 * LIVE_BYTES, diskBytes() + " bytes");
        assertLive(KEYS, revision);
        assertLive(KEYS, frozenAt);
        store.close();
    }

    @Test
    void whatAStopInterruptedIsReclaimedAfterTheNextStart() {
        rewrite(8);
        compact(revision);
        nowNanos += 60_000_000_000L;
        store.maintain(nowNanos);
        background.remove().run();
        store.maintain(nowNanos);
        store.close();
        assertTrue(diskBytes() > 6 * LIVE_BYTES, diskBytes() + " bytes");
        store = open();
        settle();
        assertTrue(diskBytes() < 3 * LIVE_BYTES, diskBytes() + " bytes");
        assertLive(KEYS, revision);
        store.close();
    }

    private void assertLive(int expected, long at) {
        int[] found = {0};
        try (StateView view = store.view()) {
            view.scan(Keyspace.KV, dev.parley.store.kv.KeyRange.ALL, at, false, (key, version) -> ++found[0] > 0);
        }
        assertEquals(expected, found[0]);
    }
}
