package dev.parley.store.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.FreshStart;
import dev.parley.store.kv.HandMadeRevisions;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.TreeStateMap;
import dev.parley.store.kv.Version;
import dev.parley.store.watch.Watch.Filter;
import dev.parley.store.watch.WatchCursor.Step;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WatchCursorTest {
    /** What happened, as it was done. */
    private record Done(long revision, Key key, boolean put) {}

    private final TreeStateMap map = new TreeStateMap();
    private final List<Done> log = new ArrayList<>();
    private final Set<Key> live = new HashSet<>();

    /** One revision; a name that begins with a minus deletes. */
    private void commit(String... names) {
        long revision = map.newest() + 1;
        HandMadeRevisions made = new HandMadeRevisions(map, map.newest());
        List<RevisionRecord.Change> changes = new ArrayList<>();
        for (String name : names) {
            boolean put = !name.startsWith("-");
            Key key = Key.of(put ? name : name.substring(1));
            Version version = put
                    ? new Version.Live(revision, revision, 1, 0, "", Bytes.utf8("v" + revision))
                    : new Version.Tombstone(revision);
            made.put(Keyspace.KV, key, version);
            changes.add(new RevisionRecord.Change(Keyspace.KV, key));
            log.add(new Done(revision, key, put));
        }
        made.record(new RevisionRecord(revision, 0, "n1", "", changes));
    }

    private void commitLease() {
        long revision = map.newest() + 1;
        Key id = Key.of(Long.toString(revision));
        HandMadeRevisions made = new HandMadeRevisions(map, map.newest());
        made.put(Keyspace.LEASE, id, new Version.Live(revision, revision, 1, 0, "", Bytes.EMPTY));
        made.record(new RevisionRecord(revision, 0, "n1", "", List.of(new RevisionRecord.Change(Keyspace.LEASE, id))));
    }

    private void compact(long revision) {
        map.putCell(
                Bytes.utf8("compacted"),
                Bytes.wrap(ByteBuffer.allocate(8).putLong(revision).array()));
    }

    private static Watch prefix(String prefix) {
        return new Watch(KeyRange.prefix(Bytes.utf8(prefix)), Filter.ALL);
    }

    private Step step(WatchCursor cursor) {
        return cursor.step(map, map.newest());
    }

    private static Step changed(long revision, String... keys) {
        return new Step.Changed(revision, List.of(keys).stream().map(Key::of).toList());
    }

    @Test
    void whoSawAllThatARestoreKeptGoesOnBehindTheGapAndWhoSawMoreIsTold() {
        commit("a1");
        commit("a2");
        long restored = FreshStart.begin(map);
        commit("a3");

        var complete = new WatchCursor(prefix("a"), 2);
        assertEquals(new Step.Changed(2, List.of(Key.of("a2"))), step(complete));
        assertEquals(new Step.Passed(), step(complete));
        assertEquals(new Step.Changed(restored + 1, List.of(Key.of("a3"))), step(complete));

        var ahead = new WatchCursor(prefix("a"), 4);
        assertEquals(new Step.Gone(restored), step(ahead));
        assertEquals(
                new Step.Changed(restored + 1, List.of(Key.of("a3"))), step(new WatchCursor(prefix("a"), restored)));
    }

    @Test
    void aRevisionComesOnceWithAllItsKeysOfTheRangeInTheirOrder() {
        commit("a/2", "b", "a/1", "-a/3");
        commit("b");
        commit("a/1");
        WatchCursor cursor = new WatchCursor(prefix("a/"), 1);

        assertEquals(changed(1, "a/2", "a/1", "a/3"), step(cursor));
        assertEquals(changed(3, "a/1"), step(cursor));
        assertEquals(new Step.AtEnd(), step(cursor));
        assertEquals(4, cursor.next());
    }

    @Test
    void whatIsAboveTheNewestRevisionIsWaitedFor() {
        commit("a");
        commit("a");
        WatchCursor cursor = new WatchCursor(prefix("a"), 4);

        assertEquals(new Step.AtEnd(), step(cursor));
        commit("a");
        assertEquals(new Step.AtEnd(), step(cursor));
        commit("a");
        assertEquals(changed(4, "a"), step(cursor));
    }

    @Test
    void whatAViewDoesNotShowYetIsNotSeenThroughIt() {
        commit("a");
        commit("a");
        WatchCursor cursor = new WatchCursor(prefix("a"), 1);

        assertEquals(changed(1, "a"), cursor.step(map, 1));
        assertEquals(new Step.AtEnd(), cursor.step(map, 1));
        assertEquals(new Step.AtEnd(), cursor.step(map, 0), "another node may be behind");
        assertEquals(changed(2, "a"), cursor.step(map, 2));
    }

    @Test
    void leasesAreNoKeys() {
        commitLease();
        WatchCursor cursor = new WatchCursor(new Watch(KeyRange.ALL, Filter.ALL), 1);

        assertEquals(new Step.AtEnd(), step(cursor));
    }

    @Test
    void aFilterLeavesOutTheOtherKindAndWholeRevisionsOfIt() {
        commit("a", "b");
        commit("-a", "b");
        commit("-b");
        WatchCursor puts = new WatchCursor(new Watch(KeyRange.ALL, Filter.PUTS), 1);
        WatchCursor deletes = new WatchCursor(new Watch(KeyRange.ALL, Filter.DELETES), 1);

        assertEquals(changed(1, "a", "b"), step(puts));
        assertEquals(changed(2, "b"), step(puts));
        assertEquals(new Step.AtEnd(), step(puts));
        assertEquals(changed(2, "a"), step(deletes));
        assertEquals(changed(3, "b"), step(deletes));
    }

    @Test
    void compactionThatOvertakesEndsTheWatchAndOneThatDoesNotIsNotNoticed() {
        for (int i = 0; i < 5; i++) {
            commit("a");
        }
        compact(3);

        assertEquals(new Step.Gone(3), step(new WatchCursor(prefix("a"), 2)));
        assertEquals(changed(3, "a"), step(new WatchCursor(prefix("a"), 3)));
    }

    @Test
    void aLongWayWithoutAChangeIsGoneInShortSteps() {
        for (int i = 0; i < WatchCursor.RECORDS_PER_STEP_MAX + 1; i++) {
            commit("b");
        }
        commit("a");
        WatchCursor cursor = new WatchCursor(prefix("a"), 1);

        assertEquals(new Step.Passed(), step(cursor));
        assertEquals(WatchCursor.RECORDS_PER_STEP_MAX + 1, cursor.next());
        assertEquals(changed(WatchCursor.RECORDS_PER_STEP_MAX + 2, "a"), step(cursor));
    }

    @Test
    void theValueBeforeIsThatOfTheRevisionBefore() {
        commit("a");
        commit("a");
        commit("-a");
        commit("a");

        assertEquals(Optional.empty(), Watch.previous(map, Keyspace.KV, Key.of("a"), 1));
        assertEquals(
                1,
                Watch.previous(map, Keyspace.KV, Key.of("a"), 2).orElseThrow().modRevision());
        assertEquals(
                2,
                Watch.previous(map, Keyspace.KV, Key.of("a"), 3).orElseThrow().modRevision());
        assertEquals(Optional.empty(), Watch.previous(map, Keyspace.KV, Key.of("a"), 4));
    }

    /** A watcher that lags, reconnects, changes to nodes that are behind and takes hints, against what was done. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void anyWayThroughTheHistoryShowsEveryChangeOnceAndInOrder(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Watch watch = randomWatch(random);
        long from = random.nextInt(1, 20);
        WatchCursor cursor = new WatchCursor(watch, from);
        List<Done> seen = new ArrayList<>();
        for (int turn = 0; turn < 2_000; turn++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> commitRandom(random);
                case 2 -> cursor = new WatchCursor(watch, cursor.next());
                case 3 -> cursor.skip(unchangedUpTo(watch, cursor.next() - 1));
                default -> {
                    long newest = map.newest() - random.nextInt((int) Math.min(5, map.newest() + 1));
                    collect(cursor.step(map, newest), seen);
                }
            }
        }
        for (Step step = step(cursor); !(step instanceof Step.AtEnd); step = step(cursor)) {
            collect(step, seen);
        }
        List<Done> expected = log.stream()
                .filter(done -> done.revision() >= from && wants(watch, done))
                .toList();
        assertTrue(expected.size() > 20, () -> "too little to see: " + expected);
        assertEquals(expected, seen);
    }

    private static Watch randomWatch(SplittableRandom random) {
        KeyRange range =
                switch (random.nextInt(4)) {
                    case 0 -> KeyRange.ALL;
                    case 1 -> KeyRange.single(Key.of("k1"));
                    case 2 -> KeyRange.prefix(Bytes.utf8("k1"));
                    default -> new KeyRange(Bytes.utf8("k1"), Optional.of(Bytes.utf8("k3")));
                };
        return new Watch(range, Filter.values()[random.nextInt(3)]);
    }

    private void commitRandom(SplittableRandom random) {
        if (random.nextInt(10) == 0) {
            commitLease();
            return;
        }
        Set<String> names = new HashSet<>();
        Set<Key> keys = new HashSet<>();
        for (int count = random.nextInt(1, 5); count > 0; count--) {
            String name = "k" + random.nextInt(14);
            if (keys.add(Key.of(name))) {
                boolean delete = live.contains(Key.of(name)) && random.nextBoolean();
                names.add(delete ? "-" + name : name);
                if (delete) {
                    live.remove(Key.of(name));
                } else {
                    live.add(Key.of(name));
                }
            }
        }
        commit(names.toArray(String[]::new));
    }

    private static boolean wants(Watch watch, Done done) {
        boolean kind =
                switch (watch.filter()) {
                    case ALL -> true;
                    case PUTS -> done.put();
                    case DELETES -> !done.put();
                };
        return kind && watch.range().contains(done.key());
    }

    private long unchangedUpTo(Watch watch, long since) {
        return log.stream()
                .filter(done -> done.revision() > since && watch.range().contains(done.key()))
                .mapToLong(done -> done.revision() - 1)
                .findFirst()
                .orElse(Math.max(since, map.newest()));
    }

    private void collect(Step step, List<Done> seen) {
        if (step instanceof Step.Changed(long revision, List<Key> keys)) {
            keys.forEach(key -> seen.add(
                    new Done(revision, key, Watch.versionOf(map, Keyspace.KV, key, revision) instanceof Version.Live)));
        } else {
            assertTrue(step instanceof Step.AtEnd || step instanceof Step.Passed, step::toString);
        }
    }

    @Test
    void aMissingRecordIsNotPassedOverInSilence() {
        WatchCursor cursor = new WatchCursor(prefix("a"), 1);

        assertInstanceOf(Step.Gone.class, cursor.step(map, 1));
    }
}
