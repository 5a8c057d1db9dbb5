package dev.parley.store.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Leases;
import dev.parley.store.kv.LogEntry;
import dev.parley.store.kv.Members;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class LeaderTest {
    private static HandDriven leader(ReplicaConfig config) {
        HandDriven node = HandDriven.start(config);
        node.core.campaign(true);
        node.until(() -> node.core.status().leader());
        return node;
    }

    private static HandDriven leader() {
        return leader(ReplicaConfig.of("n1", "http://n1"));
    }

    private static long grant(HandDriven node, Duration ttl) {
        return assertInstanceOf(Outcome.LeaseGranted.class, node.done(new Command.GrantLease(ttl)))
                .lease();
    }

    // -- the office -----------------------------------------------------------------------------------------------

    @Test
    void nobodyLeadsWhoWasNotAskedTo() {
        HandDriven node = HandDriven.start();
        node.run(Duration.ofSeconds(5));

        assertFalse(node.core.status().leader());
        assertEquals(0, Agreed.timeMillis(node.core.state()));
    }

    @Test
    void theLeaderMovesTheAgreedClock() {
        HandDriven node = leader();
        node.run(Duration.ofSeconds(2));
        long before = Agreed.timeMillis(node.core.state());
        node.run(Duration.ofSeconds(10));

        long passed = Agreed.timeMillis(node.core.state()) - before;
        assertTrue(passed >= 8_000 && passed <= 11_000, passed + " ms");
    }

    @Test
    void aBrokenConnectionEndsTheOfficeAndTheNextOneIsAnotherEpoch() {
        HandDriven node = leader();
        long epoch = node.core.status().epoch();

        node.client.disconnect();
        node.run(Duration.ofMillis(20));
        assertFalse(node.core.status().leader());
        node.client.reconnect();
        node.until(() -> node.core.status().leader());

        assertTrue(node.core.status().epoch() > epoch);
    }

    @Test
    void whoIsToldToStopLeadingStops() {
        HandDriven node = leader();
        node.core.campaign(false);
        node.run(Duration.ofMillis(200));

        assertFalse(node.core.status().leader());
    }

    @Test
    void anotherOneInOfficeEndsTheOffice() {
        HandDriven node = leader();
        long epoch = node.core.status().epoch();
        Bytes register = EntryCodec.encodeSubmission(
                Submission.of(new Command.RegisterMember("n2", new UUID(2, 2), "http://n2", 1)));
        Bytes take = EntryCodec.encodeSubmission(Submission.of(new Command.TakeOffice("n2", new UUID(3, 3))));
        long writer = node.log.store(EntryCodec.encode(new LogEntry.Open(new UUID(4, 4), "n2")));

        node.log.store(EntryCodec.encodeBatch(writer, 1, 0, List.of(register, take)));
        node.run(Duration.ofMillis(200));
        assertFalse(node.core.status().leader());
        // It still believes in its election, so it takes the office again; but never as the same epoch.
        node.until(() -> node.core.status().leader());

        assertTrue(node.core.status().epoch() > epoch);
    }

    // -- the history ----------------------------------------------------------------------------------------------

    private static void write(HandDriven node, int count) {
        for (int i = 0; i < count; i++) {
            node.done(new Command.Put(
                    Key.of("k"), Bytes.utf8("" + i), "", new Command.LeaseChoice.None(), Command.Precondition.NONE));
        }
    }

    @Test
    void historyIsGivenUpWhenThereIsMoreOfItThanIsToBeKept() {
        HandDriven node =
                leader(ReplicaConfig.of("n1", "http://n1").withHistory(new ReplicaConfig.History(Duration.ZERO, 20)));
        write(node, 15);
        node.run(Duration.ofSeconds(30));
        assertEquals(0, Agreed.compactionRevision(node.core.state()));

        write(node, 30);
        node.run(Duration.ofSeconds(12));
        assertEquals(25, Agreed.compactionRevision(node.core.state()));
    }

    @Test
    void historyIsGivenUpWhenItIsOldAndNotBefore() {
        HandDriven node = leader(
                ReplicaConfig.of("n1", "http://n1").withHistory(new ReplicaConfig.History(Duration.ofMinutes(5), 0)));
        write(node, 15);
        node.run(Duration.ofMinutes(4));
        write(node, 5);
        assertEquals(0, Agreed.compactionRevision(node.core.state()));

        node.run(Duration.ofSeconds(100));
        assertEquals(15, Agreed.compactionRevision(node.core.state()));
    }

    @Test
    void allHistoryIsKeptByWhoWasToldNothing() {
        HandDriven node = leader();
        write(node, 30);
        node.run(Duration.ofMinutes(30));
        assertEquals(0, Agreed.compactionRevision(node.core.state()));
    }

    // -- the log --------------------------------------------------------------------------------------------------

    @Test
    void whatIsDurableEverywhereIsTrimmedAndDeleted() {
        HandDriven node = leader();

        node.until(() -> node.log.trimmedUpTo() > 300, Duration.ofMinutes(30));

        assertEquals(Agreed.trimPoint(node.core.state()), node.log.trimmedUpTo());
    }

    @Test
    void theLastEntryThatAnAbsentStoreHoldsIsKeptSoThatItKnowsTheLogAgain() {
        HandDriven node = leader();
        UUID store = new UUID(2, 2);
        node.done(new Command.RegisterMember("away", store, "http://away", 1));
        node.run(Duration.ofMinutes(30));
        node.done(new Command.ReportDurable("away", store, 400));

        node.until(() -> Agreed.trimPoint(node.core.state()) > 0, Duration.ofMinutes(10));

        assertEquals(399, Agreed.trimPoint(node.core.state()));
    }

    @Test
    void aMemberThatIsAwayHoldsTheLogForAWhileAlthoughTheOthersAreEnoughToTrim() {
        HandDriven node = leader();
        UUID other = new UUID(3, 3);
        node.done(new Command.RegisterMember("gone", new UUID(2, 2), "http://gone", 1));
        node.done(new Command.RegisterMember("n2", other, "http://n2", 1));
        node.run(Duration.ofMinutes(8));
        long applied = node.core.position().applied().value();
        node.done(new Command.ReportDurable("n2", other, applied));

        node.run(Duration.ofMinutes(1));
        assertTrue(Members.trimmable(node.core.state()) > 0);
        assertEquals(0, Agreed.trimPoint(node.core.state()));
        assertEquals(List.of("gone"), node.core.status().trimHeldBy());

        node.run(Duration.ofMinutes(2));
        assertTrue(Agreed.trimPoint(node.core.state()) > 0);
        assertEquals(List.of("n2"), node.core.status().trimHeldBy());
    }

    @Test
    void aLogThatIsNearlyFullRefusesClientsButNotItsCure() {
        HandDriven node = leader(ReplicaConfig.of("n1", "http://n1").withLogBytesMax(50_000));
        node.done(new Command.RegisterMember("gone", new UUID(2, 2), "http://gone", 1));
        Submission large = HandDriven.put("a", "x".repeat(10_000));
        for (int i = 0; i < 4; i++) {
            assertInstanceOf(Result.Decided.class, node.submitted(large));
            node.run(Duration.ofMillis(200));
        }

        assertEquals(new Result.NotApplied(Refusal.LOG_FULL), node.submitted(large));
        assertTrue(node.readLinearizable().position().isPresent());
        node.done(new Command.RemoveMember("gone"));
        node.until(() -> node.core.status().logBytesLive() < 30_000, Duration.ofMinutes(30));

        assertInstanceOf(Result.Decided.class, node.submitted(large));
    }

    // -- leases ---------------------------------------------------------------------------------------------------

    @Test
    void aLeaseEndsAfterItsTtlAndNotBefore() {
        HandDriven node = leader();
        long lease = grant(node, Duration.ofSeconds(3));

        node.run(Duration.ofMillis(2_900));
        assertTrue(Leases.find(node.core.state(), lease).isPresent());
        node.run(Duration.ofMillis(500));

        assertEquals(Optional.empty(), Leases.find(node.core.state(), lease));
    }

    @Test
    void aKeyDiesWithItsLease() {
        HandDriven node = leader();
        node.done(new Command.Put(
                Key.of("a"),
                Bytes.utf8("1"),
                "",
                new Command.LeaseChoice.Own(Duration.ofSeconds(2)),
                Command.Precondition.NONE));
        node.run(Duration.ofMillis(1_900));
        assertEquals(Optional.of("1"), node.value("a"));

        node.run(Duration.ofMillis(500));

        assertEquals(Optional.empty(), node.value("a"));
    }

    @Test
    void aLeaseKeptAliveGoesOn() {
        HandDriven node = leader();
        long lease = grant(node, Duration.ofSeconds(3));
        for (int i = 0; i < 5; i++) {
            node.run(Duration.ofSeconds(2));
            assertInstanceOf(Outcome.LeaseKept.class, node.done(new Command.KeepLeaseAlive(lease)));
        }

        node.run(Duration.ofSeconds(4));

        assertEquals(Optional.empty(), Leases.find(node.core.state(), lease));
    }

    @Test
    void aNewLeaderDoesNotEndLeasesAtOnce() {
        HandDriven node = leader();
        long lease = grant(node, Duration.ofSeconds(30));
        node.run(Duration.ofSeconds(29));
        node.client.disconnect();
        node.run(Duration.ofSeconds(60));
        node.client.reconnect();
        node.until(() -> node.core.status().leader());

        node.run(Duration.ofMillis(9_500));
        assertTrue(Leases.find(node.core.state(), lease).isPresent());
        node.run(Duration.ofMillis(1_500));

        assertEquals(Optional.empty(), Leases.find(node.core.state(), lease));
    }

    @Test
    void aNewLeaderGivesALeaseWhatWasLeftOfIt() {
        HandDriven node = leader();
        long lease = grant(node, Duration.ofMinutes(2));
        node.run(Duration.ofSeconds(60));
        node.core.campaign(false);
        node.run(Duration.ofSeconds(1));
        node.core.campaign(true);
        node.until(() -> node.core.status().leader());

        // Checkpointed at least every 5 s: 60 to 66 s are left.
        node.run(Duration.ofSeconds(58));
        assertTrue(Leases.find(node.core.state(), lease).isPresent());
        node.run(Duration.ofSeconds(10));

        assertEquals(Optional.empty(), Leases.find(node.core.state(), lease));
    }

    @Test
    void manyLeasesThatEndAtOnceDoNotStopWrites() {
        HandDriven node = leader();
        int count = 10_000;
        for (int i = 0; i < count; i++) {
            node.submit(new Command.GrantLease(Duration.ofSeconds(10)));
        }
        node.until(() -> Leases.count(node.core.state()) == count);
        node.until(() -> Leases.count(node.core.state()) < count, Duration.ofSeconds(15));

        long began = node.time.nowNanos();
        node.submitted(HandDriven.put("a", "1"));
        assertTrue(node.time.nowNanos() - began < Duration.ofMillis(500).toNanos());

        node.until(() -> Leases.count(node.core.state()) == 0, Duration.ofSeconds(15));
    }

    @Test
    @Tag("simulation")
    void aHundredThousandLeasesThatEndAtOnceStopNeitherReadsNorWrites() {
        HandDriven node = leader();
        int count = 100_000;
        for (int granted = 10_000; granted <= count; granted += 10_000) {
            for (int i = 0; i < 10_000; i++) {
                node.submit(new Command.GrantLease(Duration.ofSeconds(20)));
            }
            int sofar = granted;
            node.until(() -> Leases.count(node.core.state()) == sofar);
        }
        node.until(() -> Leases.count(node.core.state()) < count, Duration.ofSeconds(30));

        int requests = 0;
        long slowestNanos = 0;
        long mostBetween = 0;
        for (long left = Leases.count(node.core.state()); left > 0; ) {
            long began = node.time.nowNanos();
            node.done(new Command.Delete(Key.of("nothing"), Command.Precondition.NONE));
            assertTrue(node.readLinearizable().position().isPresent());
            slowestNanos = Math.max(slowestNanos, node.time.nowNanos() - began);
            requests++;
            long after = Leases.count(node.core.state());
            mostBetween = Math.max(mostBetween, left - after);
            left = after;
        }
        assertTrue(slowestNanos < Duration.ofMillis(500).toNanos(), "a write and a read took " + slowestNanos);
        assertTrue(mostBetween <= 10_000, mostBetween + " ended before a write and a read were done");
        assertTrue(requests > 10, "it was over after " + requests + " writes and reads");
    }
}
