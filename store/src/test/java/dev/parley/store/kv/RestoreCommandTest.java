package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RestoreCommandTest {
    private static final KeyRange PREFIX = KeyRange.prefix(Bytes.utf8("p/"));

    private final Script script = new Script();

    private Outcome.Restored restore(KeyRange range, long revision) {
        return assertInstanceOf(Outcome.Restored.class, script.run(new Command.Restore(range, revision)));
    }

    /** @return how many revisions it took */
    private int restoreAll(long revision) {
        long before = script.revision();
        KeyRange range = PREFIX;
        for (int parts = 0; parts < 100; parts++) {
            Optional<Bytes> next = restore(range, revision).next();
            if (next.isEmpty()) {
                return (int) (script.revision() - before);
            }
            range = new KeyRange(next.get(), PREFIX.end());
        }
        throw new AssertionError("it never ends");
    }

    @Test
    void changedDeletedAndAddedKeysAreAsTheyWereAgainInOneRevision() {
        script.run(Script.put("p/changed", "old"));
        script.run(Script.put("p/deleted", "old"));
        script.run(Script.put("p/same", "old"));
        long then = script.revision();
        script.run(Script.put("p/changed", "new"));
        script.run(Script.delete("p/deleted"));
        script.run(Script.put("p/added", "new"));
        script.run(Script.put("p/same", "old"));
        script.run(Script.put("other", "new"));
        long before = script.revision();

        assertEquals(new Outcome.Restored(before + 1, 2, 1, Optional.empty()), restore(PREFIX, then));
        assertEquals("old", script.valueOf("p/changed"));
        assertEquals("old", script.valueOf("p/deleted"));
        assertEquals("(missing)", script.valueOf("p/added"));
        assertEquals("new", script.valueOf("other"));
        assertEquals(3, script.map.revision(before + 1).orElseThrow().changes().size());
    }

    @Test
    void whatDoesNotDifferMakesNoRevision() {
        script.run(Script.put("p/k", "v"));
        long then = script.revision();
        script.run(Script.put("p/k", "other"));
        script.run(Script.put("p/k", "v"));
        assertEquals(new Outcome.Restored(3, 0, 0, Optional.empty()), restore(PREFIX, then));
        assertEquals(3, script.revision());
    }

    @Test
    void whatIsBroughtBackIsInNoLease() {
        script.run(new Command.GrantLease(Duration.ofMinutes(1)));
        script.run(Script.put("p/k", "old", new Command.LeaseChoice.Existing(1)));
        long then = script.revision();
        script.run(new Command.RevokeLease(1));
        restore(PREFIX, then);
        assertEquals(
                LeaseId.NONE,
                script.map
                        .liveAt(Keyspace.KV, Key.of("p/k"), Long.MAX_VALUE)
                        .orElseThrow()
                        .lease());
    }

    @Test
    void aRevisionThatIsGoneOrToComeIsRefused() {
        script.run(Script.put("p/k", "v"));
        script.run(Script.put("p/k", "w"));
        assertEquals(new Outcome.RevisionAhead(2), script.run(new Command.Restore(PREFIX, 3)));
        script.run(new Command.Compact(2));
        assertEquals(new Outcome.RevisionGone(2), script.run(new Command.Restore(PREFIX, 1)));
        assertEquals("w", script.valueOf("p/k"));
    }

    private void putMany(int count, String value) {
        for (int from = 0; from < count; from += 128) {
            List<Command.Operation> puts = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + 128); i++) {
                puts.add(new Command.Operation.Put(
                        Key.of(String.format("p/%06d", i)), Bytes.utf8(value), "t", new Command.LeaseChoice.None()));
            }
            script.run(new Command.Transaction(List.of(), puts, List.of()));
        }
    }

    private long keysWith(String value) {
        long[] count = {0};
        script.map.scan(Keyspace.KV, PREFIX, Long.MAX_VALUE, false, (key, live) -> {
            count[0] += live.value().utf8().equals(value) ? 1 : 0;
            return true;
        });
        return count[0];
    }

    @Test
    void tenThousandKeysAreOneRevision() {
        putMany(10_000, "old");
        long then = script.revision();
        putMany(10_000, "new");
        assertEquals(1, restoreAll(then));
        assertEquals(10_000, keysWith("old"));
    }

    @Test
    void moreTakeSeveral() {
        putMany(10_001, "old");
        long then = script.revision();
        script.run(Script.deletePrefix("p/", true));
        script.run(Script.deletePrefix("p/", true));
        assertEquals(2, restoreAll(then));
        assertEquals(10_001, keysWith("old"));
    }

    /** Both of the two scans behind it end early, at different keys. */
    @Test
    void noKeyIsForgottenWhereAPartEnds() {
        putMany(45_000, "old");
        long then = script.revision();
        for (int i = 0; i < 45_000; i += 9_000) {
            script.run(Script.put(String.format("p/%06d", i), "new"));
            script.run(Script.delete(String.format("p/%06d", i + 1)));
            script.run(Script.put(String.format("p/%06dx", i + 2), "added"));
        }
        for (int i = 1_000; i < 9_000; i++) {
            script.run(Script.delete(String.format("p/%06d", i)));
        }
        assertTrue(restoreAll(then) > 1);
        assertEquals(45_000, keysWith("old"));
        assertEquals(0, keysWith("added"));
    }

    @Test
    void largeValuesTakeSeveralToo() {
        String large = "x".repeat(1_000_000);
        for (int i = 0; i < 20; i++) {
            script.run(Script.put("p/" + i, large));
        }
        long then = script.revision();
        script.run(Script.deletePrefix("p/", true));
        assertEquals(2, restoreAll(then));
        assertEquals(20, keysWith(large));
    }
}
