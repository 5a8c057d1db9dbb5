package dev.parley.store.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.LogEntry;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.HandDriven.Promise;
import dev.parley.store.replica.HandDriven.ReadAnswer;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a node does whose next entry is gone, or whose tables are damaged: it takes the state of another one. */
final class ReplacedStateTest {
    private static final ReplicaConfig CONFIG = ReplicaConfig.of("n1", "http://n1");
    private static final UUID INSTALLED = new UUID(8, 8);

    /** What another node has on its disk that applied the log up to its end. */
    private static MemoryDisk.Copy snapshotOf(HandDriven node) {
        MemoryStateStore state = new MemoryStateStore(new MemoryDisk(new UUID(5, 5)), 0, 0);
        state.bind(node.log.open(event -> {}).id());
        Applier applier = new Applier(state, dev.parley.store.kv.StateMachine::apply);
        node.log.history().forEach(applier::apply);
        state.maintain(1);
        state.maintain(2);
        assertEquals(node.log.lastIndex(), state.durable().applied().value());
        return state.snapshot(INSTALLED);
    }

    private static void othersWrite(HandDriven node, int entries) {
        for (int i = 0; i < entries; i++) {
            node.log.store(EntryCodec.encode(new LogEntry.Open(new UUID(1, i), "n2")));
        }
    }

    private static HandDriven newNodeBehindTheTrim() {
        HandDriven node = new HandDriven(CONFIG, new MemoryDisk(new UUID(9, 9)), false);
        othersWrite(node, 150);
        node.log.trim(140);
        node.client.reconnect();
        node.run(Duration.ofSeconds(1));
        return node;
    }

    @Test
    void aNewNodeThatFindsTheBeginningGoneAsksOnceForAStateBehindTheTrimAndServesNothing() {
        HandDriven node = newNodeBehindTheTrim();
        node.run(Duration.ofSeconds(10));

        assertEquals(1, node.fetches.size());
        assertEquals(new LogIndex(140), node.fetches.getFirst().above());
        assertEquals("", node.core.status().problem());
        assertFalse(node.core.status().ready());
        assertFalse(node.core.status().staleReady());
        assertEquals(
                new Result.NotApplied(Refusal.NOT_READY),
                node.submit(HandDriven.put("a", "1"), HandDriven.PATIENCE).get());
    }

    @Test
    void afterTheInstallItVerifiesCatchesUpRegistersItsNewTablesAndServes() {
        HandDriven node = newNodeBehindTheTrim();
        MemoryDisk.Copy snapshot = snapshotOf(node);
        othersWrite(node, 20);
        node.install(snapshot);
        node.until(() -> node.core.status().ready());

        assertEquals(INSTALLED, node.disk.store);
        node.submitted(HandDriven.put("a", "1"));
        assertEquals(Optional.of("1"), node.value("a"));
        node.until(() -> dev.parley.store.kv.Members.find(node.core.state(), "n1")
                .filter(member -> member.store().equals(INSTALLED) && member.durable() > 150)
                .isPresent());
    }

    @Test
    void itsFirstWordIsWhatIsDurableHereBeforeItHasApplied() {
        HandDriven node = newNodeBehindTheTrim();
        assertTrue(node.log.history().stream()
                .map(entry -> EntryCodec.decode(entry.content()))
                .anyMatch(entry -> entry.toString().contains("DeclareStore[node=n1, store=" + node.disk.store)));
    }

    @Test
    void aSessionThatEndsMeanwhileChangesNothingAndIsEnteredAfterTheInstall() {
        HandDriven node = newNodeBehindTheTrim();
        node.client.expire();
        node.client.reconnect();
        node.run(Duration.ofSeconds(5));
        assertEquals(1, node.fetches.size());

        node.install(snapshotOf(node));
        node.until(() -> node.core.status().ready());
    }

    @Test
    void aSnapshotThatIsBehindTheTrimByNowIsFollowedByANewerOne() {
        HandDriven node = newNodeBehindTheTrim();
        MemoryDisk.Copy late = snapshotOf(node);
        othersWrite(node, 100);
        node.log.trim(220);
        node.install(late);
        node.run(Duration.ofSeconds(1));

        assertEquals(2, node.fetches.size());
        assertEquals(new LogIndex(220), node.fetches.getLast().above());
        node.install(snapshotOf(node));
        node.until(() -> node.core.status().ready());
    }

    @Test
    void aSnapshotOfALogThatWasReplacedIsFoundOutBeforeAnythingIsServed() {
        HandDriven node = newNodeBehindTheTrim();
        MemoryDisk.Copy snapshot = snapshotOf(node);
        node.log.wipe();
        othersWrite(node, 200);
        node.install(snapshot);
        node.run(Duration.ofSeconds(1));

        assertTrue(node.core.status().problem().startsWith("log-behind-replica"), node.core.status()::problem);
    }

    /** A node that serves, is cut off, and comes back when what it missed is trimmed. */
    private static HandDriven leftBehind() {
        HandDriven node = HandDriven.start();
        node.submitted(HandDriven.put("a", "1"));
        node.client.disconnect();
        othersWrite(node, 150);
        node.log.trim(node.log.lastIndex() - 5);
        return node;
    }

    @Test
    void aNodeThatIsLeftBehindInstallsAndItsWaitingReadsTakeANewBarrierAndItsWaitingWritesAreUnknown() {
        HandDriven node = HandDriven.start();
        node.submitted(HandDriven.put("a", "1"));
        node.weather.delay = Duration.ofMillis(20);
        Promise<Result> write = node.submit(HandDriven.put("a", "2"), HandDriven.PATIENCE);
        node.client.disconnect();
        othersWrite(node, 150);
        node.log.trim(node.log.lastIndex() - 5);
        node.client.reconnect();
        Promise<ReadAnswer> read = node.read(false, 0, HandDriven.PATIENCE);
        node.until(() -> !node.fetches.isEmpty());
        assertFalse(write.isKept());
        assertFalse(read.isKept());
        long end = node.log.lastIndex();

        node.install(snapshotOf(node));
        assertEquals(new Result.Unknown(), write.get());
        assertFalse(read.isKept());
        node.until(read::isKept);
        assertTrue(read.get().position().orElseThrow().applied().value() > end);
        node.until(() -> node.core.status().ready());
    }

    @Test
    void whoWaitsForAChangeIsToldToLookAndLinesUpAgain() {
        HandDriven node = leftBehind();
        List<Interest.Notice> notices = new ArrayList<>();
        node.core.await(new Interest(Keyspace.KV, KeyRange.ALL, 1, Long.MAX_VALUE, notices::add));
        node.client.reconnect();
        node.until(() -> !node.fetches.isEmpty());
        assertEquals(List.of(), notices);

        node.install(snapshotOf(node));
        assertEquals(List.of(new Interest.Notice(Interest.Notice.Kind.CHANGED, 1)), notices);
    }

    @Test
    void staleReadsGoOnWhileASnapshotIsOnItsWayButNotFromDamagedTables() {
        HandDriven node = leftBehind();
        node.client.reconnect();
        node.until(() -> !node.fetches.isEmpty());
        assertTrue(node.read(true, 0, HandDriven.PATIENCE).get().position().isPresent());

        node.core.damage("12.table: page 3 is damaged");
        assertEquals(
                ReadAnswer.refused(Refusal.NOT_READY),
                node.read(true, 0, HandDriven.PATIENCE).get());
        assertEquals(1, node.fetches.size());
    }

    @Test
    void damageThatIsFoundAtRunTimeStopsAllAnswersUntilTheStateIsReplaced() {
        HandDriven node = HandDriven.start();
        node.submitted(HandDriven.put("a", "1"));
        node.core.damage("12.table: page 3 is damaged");

        assertEquals(
                new Result.NotApplied(Refusal.NOT_READY),
                node.submit(HandDriven.put("a", "2"), HandDriven.PATIENCE).get());
        assertEquals(
                ReadAnswer.refused(Refusal.NOT_READY),
                node.read(false, 0, HandDriven.PATIENCE).get());
        assertFalse(node.core.isFitForOffice());
        assertTrue(node.fetches.getFirst().why().contains("12.table: page 3"));

        node.install(snapshotOf(node));
        assertFalse(node.core.status().staleReady());
        node.until(() -> node.core.status().ready());
        assertEquals(Optional.of("1"), node.value("a"));
    }
}
