package dev.parley.store.kv;

import static dev.parley.store.kv.Script.delete;
import static dev.parley.store.kv.Script.deletePrefix;
import static dev.parley.store.kv.Script.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Command.CheckpointLeases.Remaining;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Leases.Lease;
import dev.parley.store.kv.RevisionRecord.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LeaseCommandsTest {
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration LEFT = Duration.ofSeconds(7);

    private final Script script = new Script();

    @Test
    void theIdOfALeaseIsTheRevisionThatGrantsIt() {
        script.run(put("a", "x"));

        assertEquals(new Outcome.LeaseGranted(2, TTL), script.run(new Command.GrantLease(TTL)));
        assertEquals(new Lease(2, TTL, TTL, 0, 0, 0, false), lease(2));
        assertEquals(
                List.of(new Change(Keyspace.LEASE, Key.of("2"))),
                script.map.revision(2).orElseThrow().changes());
        assertEquals(1, Leases.count(script.map));
    }

    @Test
    void aKeyDiesWithItsLeaseInOneRevision() {
        long lease = grant();
        script.run(put("a", "x", new LeaseChoice.Existing(lease)));
        script.run(put("b", "x", new LeaseChoice.Existing(lease)));
        script.run(put("c", "x"));

        assertEquals(new Outcome.LeaseEnded(5, 2), script.run(new Command.RevokeLease(lease)));
        assertEquals("(missing)", script.valueOf("a"));
        assertEquals("(missing)", script.valueOf("b"));
        assertEquals("x", script.valueOf("c"));
        assertEquals(
                List.of(
                        new Change(Keyspace.KV, Key.of("a")),
                        new Change(Keyspace.KV, Key.of("b")),
                        new Change(Keyspace.LEASE, Key.of("1"))),
                script.map.revision(5).orElseThrow().changes());
    }

    @Test
    void aLeaseThatEndedIsUnknownAndTakesNoKeys() {
        long lease = grant();
        script.run(new Command.RevokeLease(lease));

        assertEquals(new Outcome.LeaseUnknown(lease), script.run(new Command.RevokeLease(lease)));
        assertEquals(new Outcome.LeaseUnknown(lease), script.run(new Command.KeepLeaseAlive(lease)));
        assertEquals(new Outcome.LeaseNotFound(lease), script.run(put("a", "x", new LeaseChoice.Existing(lease))));
        assertEquals("(missing)", script.valueOf("a"));
        assertEquals(0, Leases.count(script.map));
    }

    @Test
    void aLeaseThatEndedLeavesNoCellBehind() {
        int cells = script.map.cellNames().size();
        long lease = grant();
        script.run(put("a", "x", new LeaseChoice.Existing(lease)));
        script.run(new Command.RevokeLease(lease));

        List<String> left = new ArrayList<>(script.map.cellNames());
        left.removeAll(List.of("revision", "leases", "proven"));
        assertEquals(cells, left.size(), left.toString());
    }

    @Test
    void aPutTellsTheLeaseItsKeyHasNow() {
        long lease = grant();

        assertEquals(
                new Outcome.Stored(2, 1, true, Optional.of(lease)),
                script.run(put("a", "x", new LeaseChoice.Existing(lease))));
        assertEquals(new Outcome.Stored(3, 2, false, Optional.empty()), script.run(put("a", "y")));
    }

    @Test
    void aPutWithoutALeaseTakesItOff() {
        long lease = grant();
        script.run(put("a", "x", new LeaseChoice.Existing(lease)));
        script.run(put("a", "y"));

        assertEquals(List.of(), Leases.keys(script.map, lease));
        assertEquals(0, lease(lease).keys());
        script.run(new Command.RevokeLease(lease));
        assertEquals("y", script.valueOf("a"));
    }

    @Test
    void aPutWithAnotherLeaseMovesTheKey() {
        long first = grant();
        long second = grant();
        script.run(put("a", "x", new LeaseChoice.Existing(first)));
        script.run(put("a", "y", new LeaseChoice.Existing(second)));

        assertEquals(new Outcome.LeaseEnded(5, 0), script.run(new Command.RevokeLease(first)));
        assertEquals("y", script.valueOf("a"));
        assertEquals(new Outcome.LeaseEnded(6, 1), script.run(new Command.RevokeLease(second)));
    }

    @Test
    void aDeletedKeyLeavesItsLease() {
        long lease = grant();
        script.run(put("a", "x", new LeaseChoice.Existing(lease)));
        script.run(delete("a"));
        script.run(put("a", "back"));

        assertEquals(new Outcome.LeaseEnded(5, 0), script.run(new Command.RevokeLease(lease)));
        assertEquals("back", script.valueOf("a"));
    }

    @Test
    void aPutWithItsOwnTtlMakesALeaseNamedByItsRevision() {
        script.run(put("z", "x"));

        assertEquals(
                new Outcome.Stored(2, 1, true, Optional.of(2L)), script.run(put("a", "x", new LeaseChoice.Own(TTL))));
        assertEquals(new Lease(2, TTL, TTL, 0, 1, 0, true), lease(2));
        assertEquals(new Outcome.LeaseEnded(3, 1), script.run(new Command.RevokeLease(2)));
    }

    @Test
    void aLeaseMadeForOneKeyEndsWhenTheKeyIsOverwritten() {
        script.run(put("a", "x", new LeaseChoice.Own(TTL)));
        script.run(put("a", "y"));

        assertTrue(Leases.find(script.map, 1).isEmpty());
        assertEquals(
                List.of(new Change(Keyspace.KV, Key.of("a")), new Change(Keyspace.LEASE, Key.of("1"))),
                script.map.revision(2).orElseThrow().changes());
        assertEquals(new Outcome.LeaseUnknown(1), script.run(new Command.RevokeLease(1)));
        assertEquals("y", script.valueOf("a"));
    }

    @Test
    void aLeaseMadeForOneKeyEndsWhenTheKeyIsDeleted() {
        script.run(put("a", "x", new LeaseChoice.Own(TTL)));
        script.run(put("b", "x", new LeaseChoice.Own(TTL)));
        script.run(delete("a"));
        script.run(deletePrefix("b", false));

        assertEquals(0, Leases.count(script.map));
    }

    @Test
    void aLeaseMadeForOneKeyGivesWayToTheNextOfTheSameKey() {
        script.run(put("a", "x", new LeaseChoice.Own(TTL)));
        script.run(put("a", "y", new LeaseChoice.Own(TTL)));

        assertEquals(1, Leases.count(script.map));
        assertEquals(1, lease(2).keys());
    }

    @Test
    void aLeaseMadeForOneKeyStaysWhenThePutNamesItAgain() {
        script.run(put("a", "x", new LeaseChoice.Own(TTL)));
        script.run(put("a", "y", new LeaseChoice.Existing(1)));

        assertEquals(1, lease(1).keys());
    }

    @Test
    void aRefusedPutMakesNoLease() {
        Command.Precondition exists =
                new Command.Precondition(new Command.Precondition.Match.Any(), new Command.Precondition.Match.Absent());

        script.run(put("a", "x", new LeaseChoice.Own(TTL), exists));

        assertEquals(0, Leases.count(script.map));
        assertEquals(0, script.revision());
    }

    @Test
    void aKeepaliveIsCountedAndGivesTheWholeTtlBack() {
        long epoch = script.lead();
        long lease = grant();
        script.run(checkpoint(epoch, lease, 0));
        assertEquals(LEFT, lease(lease).left());

        assertEquals(new Outcome.LeaseKept(lease, TTL, 1), script.run(new Command.KeepLeaseAlive(lease)));
        assertEquals(new Lease(lease, TTL, TTL, 1, 0, 0, false), lease(lease));
        assertEquals(lease, script.revision(), "no revision");
    }

    @Test
    void aKeepaliveThatComesFirstWins() {
        long epoch = script.lead();
        long lease = grant();
        script.run(put("a", "x", new LeaseChoice.Existing(lease)));
        script.run(new Command.KeepLeaseAlive(lease));

        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.ExpireLease(epoch, lease, 0)));
        assertEquals("x", script.valueOf("a"));
        assertInstanceOf(Outcome.LeaseEnded.class, script.run(new Command.ExpireLease(epoch, lease, 1)));
        assertEquals("(missing)", script.valueOf("a"));
    }

    @Test
    void onlyTheLeaderInOfficeExpiresLeases() {
        long lease = grant();
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.ExpireLease(0, lease, 0)));
        long former = script.lead();
        long epoch = script.lead();

        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.ExpireLease(former, lease, 0)));
        assertEquals(new Outcome.LeaseUnknown(77), script.run(new Command.ExpireLease(epoch, 77, 0)));
        assertInstanceOf(Outcome.LeaseEnded.class, script.run(new Command.ExpireLease(epoch, lease, 0)));
    }

    @Test
    void aCheckpointThatAKeepaliveOvertookIsPassedOver() {
        long epoch = script.lead();
        long kept = grant();
        long other = grant();
        script.run(new Command.KeepLeaseAlive(kept));

        script.run(new Command.CheckpointLeases(
                epoch,
                List.of(new Remaining(kept, 0, LEFT), new Remaining(99, 0, LEFT), new Remaining(other, 0, LEFT))));

        assertEquals(TTL, lease(kept).left());
        assertEquals(LEFT, lease(other).left());
    }

    @Test
    void aCheckpointNeverGivesALeaseMoreThanItsTtl() {
        long epoch = script.lead();
        long lease = grant();

        script.run(new Command.CheckpointLeases(epoch, List.of(new Remaining(lease, 0, TTL.plusSeconds(100)))));

        assertEquals(TTL, lease(lease).left());
    }

    @Test
    void onlyTheLeaderInOfficeChecksLeasesOff() {
        long former = script.lead();
        script.lead();
        long lease = grant();

        assertInstanceOf(Outcome.Superseded.class, script.run(checkpoint(former, lease, 0)));
        assertEquals(TTL, lease(lease).left());
    }

    @Test
    void aLeaseTakesNoMoreKeysThanItsEndMayDelete() {
        long lease = grant();
        List<Submission> puts = new ArrayList<>();
        for (int i = 0; i < Limits.KEYS_PER_LEASE_MAX; i++) {
            puts.add(Submission.of(put("k" + i, "v", new LeaseChoice.Existing(lease))));
        }
        script.answers(puts.toArray(Submission[]::new));
        long revision = script.revision();

        assertEquals(
                new Outcome.LimitReached("keys-per-lease", Limits.KEYS_PER_LEASE_MAX),
                script.run(put("one-more", "v", new LeaseChoice.Existing(lease))));
        assertEquals(revision, script.revision());
        assertInstanceOf(Outcome.Stored.class, script.run(put("k0", "again", new LeaseChoice.Existing(lease))));
        assertEquals(
                new Outcome.LeaseEnded(revision + 2, Limits.KEYS_PER_LEASE_MAX),
                script.run(new Command.RevokeLease(lease)));
        assertTrue(Leases.keys(script.map, lease).isEmpty());
    }

    @Test
    void leasesAreVisitedInTheOrderOfTheirGrants() {
        grant();
        grant();
        grant();
        List<Long> seen = new ArrayList<>();

        Leases.visit(script.map, lease -> seen.add(lease.id()) && seen.size() < 2);

        assertEquals(List.of(1L, 2L), seen);
    }

    private long grant() {
        return assertInstanceOf(Outcome.LeaseGranted.class, script.run(new Command.GrantLease(TTL)))
                .lease();
    }

    private Lease lease(long id) {
        return Leases.find(script.map, id).orElseThrow();
    }

    private static Command checkpoint(long epoch, long lease, long keepalives) {
        return new Command.CheckpointLeases(epoch, List.of(new Remaining(lease, keepalives, LEFT)));
    }
}
