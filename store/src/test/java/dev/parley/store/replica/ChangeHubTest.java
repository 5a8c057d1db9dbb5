package dev.parley.store.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChangeHubTest {
    private static final int INTERESTS_MAX = 3;

    private final ChangeHub hub = new ChangeHub(INTERESTS_MAX, 0);
    private final List<String> told = new ArrayList<>();
    private final List<Long> unchanged = new ArrayList<>();
    private long revision;

    private void await(String who, Keyspace keyspace, KeyRange range, long since) {
        hub.add(new Interest(keyspace, range, since, 1_000, notice -> {
            told.add(who + " " + notice.kind());
            unchanged.add(notice.unchangedUpTo());
        }));
    }

    private void change(Keyspace keyspace, String... keys) {
        List<RevisionRecord.Change> changes = new ArrayList<>();
        for (String key : keys) {
            changes.add(new RevisionRecord.Change(keyspace, Key.of(key)));
        }
        hub.changed(List.of(new RevisionRecord(++revision, 0, "n1", "", changes)));
    }

    private static KeyRange key(String key) {
        return KeyRange.single(Key.of(key));
    }

    private static KeyRange prefix(String prefix) {
        return KeyRange.prefix(Bytes.utf8(prefix));
    }

    @Test
    void onlyTheFirstChangeOfTheRangeIsTold() {
        await("key", Keyspace.KV, key("a/1"), 0);
        await("prefix", Keyspace.KV, prefix("a/"), 0);

        change(Keyspace.KV, "b");
        change(Keyspace.LEASE, "a/1");
        assertEquals(List.of(), told);
        change(Keyspace.KV, "a/1");
        change(Keyspace.KV, "a/1");

        assertEquals(List.of("key CHANGED", "prefix CHANGED"), told);
        assertEquals(0, hub.count());
    }

    @Test
    void whoIsToldAlsoLearnsHowFarNothingChanged() {
        await("key", Keyspace.KV, key("a"), 0);
        change(Keyspace.KV, "b");
        change(Keyspace.KV, "b");
        change(Keyspace.KV, "a");
        await("late", Keyspace.KV, key("a"), 1);
        await("patient", Keyspace.KV, key("c"), 1);
        await("ahead", Keyspace.KV, key("c"), 7);
        hub.expire(1_000);

        assertEquals(List.of("key CHANGED", "late CHANGED", "patient OVER", "ahead OVER"), told);
        assertEquals(List.of(2L, 1L, 3L, 7L), unchanged);
    }

    @Test
    void aKeyThatOnlyBeginsLikeItIsAnother() {
        await("key", Keyspace.KV, key("a"), 0);

        change(Keyspace.KV, "aa", "a/1");

        assertEquals(List.of(), told);
    }

    @Test
    void aChangeBetweenTheLookAndTheWaitIsNotMissed() {
        change(Keyspace.KV, "a");

        await("late", Keyspace.KV, key("a"), 0);
        await("in time", Keyspace.KV, key("a"), 1);

        assertEquals(List.of("late CHANGED"), told);
    }

    @Test
    void whatIsForgottenMayHaveBeenAChange() {
        change(Keyspace.KV, "a");
        for (int i = 0; i < ChangeHub.REVISIONS_REMEMBERED_MAX; i++) {
            change(Keyspace.KV, "b");
        }

        await("far behind", Keyspace.KV, key("c"), 0);
        await("behind", Keyspace.KV, key("c"), 1);

        assertEquals(List.of("far behind CHANGED"), told);
    }

    @Test
    void largeRevisionsAreForgottenSooner() {
        String[] many = new String[ChangeHub.CHANGES_REMEMBERED_MAX / 2 + 1];
        Arrays.setAll(many, i -> "k" + i);
        change(Keyspace.KV, many);
        change(Keyspace.KV, many);

        await("behind", Keyspace.KV, key("c"), 0);
        await("in time", Keyspace.KV, key("c"), 1);

        assertEquals(List.of("behind CHANGED"), told);
    }

    @Test
    void oneTooManyIsTurnedAway() {
        for (int i = 0; i < INTERESTS_MAX; i++) {
            await("w" + i, Keyspace.KV, key("a"), 0);
        }

        await("one more", Keyspace.KV, key("a"), 0);

        assertEquals(List.of("one more NO_ROOM"), told);
    }

    @Test
    void thoseWhoseTimeRanOutAndThoseLeftAtTheEndAreTold() {
        await("key", Keyspace.KV, key("a"), 0);
        hub.expire(999);
        assertEquals(List.of(), told);
        hub.expire(1_000);
        await("prefix", Keyspace.KV, prefix("a"), 0);

        hub.close();

        assertEquals(List.of("key OVER", "prefix OVER"), told);
        assertEquals(0, hub.count());
    }
}
