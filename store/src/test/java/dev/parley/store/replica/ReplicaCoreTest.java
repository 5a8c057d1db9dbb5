package dev.parley.store.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.LogEntry;
import dev.parley.store.kv.Members;
import dev.parley.store.kv.Writers;
import dev.parley.store.replica.HandDriven.Promise;
import dev.parley.store.replica.HandDriven.ReadAnswer;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class ReplicaCoreTest {
    private static final ReplicaConfig CONFIG = ReplicaConfig.of("n1", "http://n1");

    // -- writes ---------------------------------------------------------------------------------------------------

    @Test
    void aSubmissionThatWaitsInTheQueueAtItsDeadlineDidNotHappen() {
        HandDriven node = HandDriven.start();
        node.weather.delay = Duration.ofMillis(400);
        for (int i = 0; i < 4; i++) {
            node.submit(HandDriven.put("sent" + i, "1"), Duration.ofSeconds(5));
        }

        Promise<Result> queued = node.submit(HandDriven.put("queued", "1"), Duration.ofMillis(100));
        node.run(Duration.ofSeconds(5));

        assertEquals(new Result.NotApplied(Refusal.TIMED_OUT), queued.get());
        assertEquals(Optional.empty(), node.value("queued"));
        assertEquals(Optional.of("1"), node.value("sent3"));
    }

    @Test
    void aSentSubmissionAtItsDeadlineIsUnknownAndMayHappenAllTheSame() {
        HandDriven node = HandDriven.start();
        node.weather.delay = Duration.ofMillis(400);

        Promise<Result> sent = node.submit(HandDriven.put("a", "1"), Duration.ofMillis(100));
        node.run(Duration.ofMillis(200));
        assertEquals(new Result.Unknown(), sent.get());
        node.run(Duration.ofSeconds(5));

        assertEquals(Optional.of("1"), node.value("a"));
    }

    @Test
    void whatGathersWhileThePipelineIsFullGoesOutAsOneBatch() {
        HandDriven node = HandDriven.start();
        node.weather.delay = Duration.ofMillis(50);
        long before = node.log.lastIndex();
        List<Promise<Result>> all = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            all.add(node.submit(HandDriven.put("k" + i, "1"), HandDriven.PATIENCE));
        }
        node.until(() -> all.stream().allMatch(Promise::isKept));

        all.forEach(result -> assertInstanceOf(Result.Decided.class, result.get()));
        assertTrue(node.log.lastIndex() - before < 12, "took " + (node.log.lastIndex() - before) + " entries");
    }

    @Test
    void aWriteDoesNotWaitForAHintOrForThePoll() {
        HandDriven node = HandDriven.start();
        node.weather.dropsHints = true;

        for (int i = 0; i < 5; i++) {
            long began = node.time.nowNanos();
            node.submitted(HandDriven.put("a", "1"));
            long took = node.time.nowNanos() - began;
            assertTrue(took < Duration.ofMillis(20).toNanos(), took + " ns");
        }
    }

    @Test
    void aQueueThatIsFullRefuses() {
        HandDriven node = HandDriven.start(CONFIG.withWaiting(new ReplicaConfig.Waiting(2, 1 << 20, 2, 2)));
        node.weather.delay = Duration.ofMillis(50);
        for (int i = 0; i < 6; i++) {
            node.submit(HandDriven.put("k" + i, "1"), HandDriven.PATIENCE);
        }

        Result oneMore =
                node.submit(HandDriven.put("k7", "1"), HandDriven.PATIENCE).get();

        assertEquals(new Result.NotApplied(Refusal.QUEUE_FULL), oneMore);
    }

    @Test
    void whatWasSentUnderAWriterThatWasClosedGoesOutAgainUnderAnother() {
        HandDriven node = HandDriven.start();
        node.weather.delay = Duration.ofMillis(50);
        Bytes impostor = EntryCodec.encode(new LogEntry.Open(new UUID(5, 5), "n1"));
        node.log.store(impostor);

        Result result = node.submitted(HandDriven.put("a", "1"));

        assertEquals(1, assertInstanceOf(Result.Decided.class, result).revision());
        assertEquals(Optional.of("1"), node.value("a"));
    }

    @Test
    void aWriteWhoseConnectionBreaksIsSentAgainAndHappensOnce() {
        HandDriven node = HandDriven.start();
        node.weather.delay = Duration.ofMillis(50);
        Promise<Result> write = node.submit(HandDriven.put("a", "1"), HandDriven.PATIENCE);
        node.client.disconnect();
        node.client.reconnect();

        node.until(write::isKept);
        node.run(Duration.ofSeconds(1));

        assertInstanceOf(Result.Decided.class, write.get());
        assertEquals(1, node.core.position().revision());
    }

    @Test
    void inALongAbsenceWhatWasNotSentIsRefusedAndWhatWasSentWaits() {
        HandDriven node = HandDriven.start();
        node.weather.delay = Duration.ofMillis(50);
        Promise<Result> sent = node.submit(HandDriven.put("sent", "1"), Duration.ofSeconds(10));
        node.client.disconnect();
        node.run(Duration.ofMillis(10));
        Promise<Result> early = node.submit(HandDriven.put("early", "1"), Duration.ofSeconds(10));
        Promise<ReadAnswer> read = node.read(false, 0, Duration.ofSeconds(10));

        node.run(Duration.ofSeconds(2));
        assertEquals(new Result.NotApplied(Refusal.NO_QUORUM), early.get());
        assertEquals(ReadAnswer.refused(Refusal.NO_QUORUM), read.get());
        assertFalse(sent.isKept());
        assertEquals(
                new Result.NotApplied(Refusal.NO_QUORUM),
                node.submit(HandDriven.put("late", "1"), HandDriven.PATIENCE).get());
        node.client.reconnect();
        node.until(sent::isKept);

        assertInstanceOf(Result.Decided.class, sent.get());
    }

    // -- reads ----------------------------------------------------------------------------------------------------

    @Test
    void manyReadsShareOneBarrier() {
        HandDriven node = HandDriven.start();
        long before = node.log.lastIndex();
        List<Promise<ReadAnswer>> reads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            reads.add(node.read(false, 0, HandDriven.PATIENCE));
        }

        node.until(() -> reads.stream().allMatch(Promise::isKept));

        reads.forEach(read -> assertTrue(read.get().position().isPresent()));
        assertTrue(node.log.lastIndex() - before <= 3, "took " + (node.log.lastIndex() - before) + " entries");
    }

    @Test
    void aReadWaitsForAnAppendSentAfterItArrived() {
        HandDriven node = HandDriven.start();
        node.weather.delay = Duration.ofMillis(50);
        node.submit(HandDriven.put("before", "1"), HandDriven.PATIENCE);
        node.run(Duration.ofMillis(60));
        long storedBefore = node.log.lastIndex();

        ReadAnswer read = node.readLinearizable();

        assertTrue(read.position().orElseThrow().applied().value() > storedBefore);
    }

    @Test
    void aReadWhoseAppendIsLostWaitsForAnother() {
        HandDriven node = HandDriven.start();
        node.weather.delay = Duration.ofMillis(50);
        Promise<ReadAnswer> read = node.read(false, 0, HandDriven.PATIENCE);
        node.client.disconnect();
        node.client.reconnect();

        node.until(read::isKept);

        assertTrue(read.get().position().isPresent());
    }

    @Test
    void aLinearizableReadOfARevisionToComeWaitsForIt() {
        HandDriven node = HandDriven.start();
        Promise<ReadAnswer> read = node.read(false, 1, HandDriven.PATIENCE);
        node.run(Duration.ofMillis(200));
        assertFalse(read.isKept());

        node.submitted(HandDriven.put("a", "1"));

        assertEquals(1, read.get().position().orElseThrow().revision());
    }

    @Test
    void tooManyWaitingReadsAreRefused() {
        HandDriven node = HandDriven.start(CONFIG.withWaiting(new ReplicaConfig.Waiting(2, 1 << 20, 2, 2)));
        node.read(false, 0, HandDriven.PATIENCE);
        node.read(true, 9, HandDriven.PATIENCE);

        assertEquals(
                ReadAnswer.refused(Refusal.QUEUE_FULL),
                node.read(false, 0, HandDriven.PATIENCE).get());
    }

    @Test
    void aStaleReadSaysHowOldItMayBeAndMakesTheNextOneYounger() {
        HandDriven node = HandDriven.start();
        node.run(Duration.ofMillis(2_500));

        long first = node.read(true, 0, HandDriven.PATIENCE).get().ageMillis();
        node.run(Duration.ofMillis(100));
        long second = node.read(true, 0, HandDriven.PATIENCE).get().ageMillis();

        assertTrue(first >= 1_000, first + " ms");
        assertTrue(second <= 110, second + " ms");
    }

    // -- what is broken -------------------------------------------------------------------------------------------

    private static void assertStopped(HandDriven node, String problem) {
        assertTrue(
                node.core.status().problem().startsWith(problem),
                node.core.status().problem());
        assertFalse(node.core.status().ready());
        assertFalse(node.core.status().staleReady());
        assertFalse(node.core.isFitForOffice());
        assertEquals(
                new Result.NotApplied(Refusal.BROKEN),
                node.submit(HandDriven.put("a", "2"), HandDriven.PATIENCE).get());
        assertEquals(
                ReadAnswer.refused(Refusal.BROKEN),
                node.read(false, 0, HandDriven.PATIENCE).get());
        assertEquals(
                ReadAnswer.refused(Refusal.BROKEN),
                node.read(true, 0, HandDriven.PATIENCE).get());
    }

    @Test
    void anEntryOfANewerFormatStopsTheReplica() {
        HandDriven node = HandDriven.start();
        byte[] newer =
                EntryCodec.encode(new LogEntry.Open(new UUID(1, 1), "n2")).toArray();
        newer[0] = 99;
        CRC32C sum = new CRC32C();
        sum.update(newer, 0, newer.length - 4);
        ByteBuffer.wrap(newer).putInt(newer.length - 4, (int) sum.getValue());

        node.log.store(Bytes.wrap(newer));
        node.run(Duration.ofSeconds(1));

        assertStopped(node, "entry-of-newer-format");
    }

    @Test
    void aDamagedEntryStopsTheReplicaAndWhatWaitsIsAnswered() {
        HandDriven node = HandDriven.start();
        node.weather.delay = Duration.ofMillis(50);
        node.log.store(Bytes.utf8("damaged"));
        Promise<Result> write = node.submit(HandDriven.put("a", "1"), HandDriven.PATIENCE);
        Promise<ReadAnswer> read = node.read(false, 0, HandDriven.PATIENCE);

        node.run(Duration.ofSeconds(1));

        assertStopped(node, "entry-damaged");
        assertEquals(new Result.Unknown(), write.get());
        assertEquals(ReadAnswer.refused(Refusal.BROKEN), read.get());
    }

    @Test
    void aLogThatLostWhatThisNodeHasAppliedIsFoundOutBeforeAnythingIsServed() {
        HandDriven node = HandDriven.start();
        node.submitted(HandDriven.put("a", "1"));
        node.client.expire();
        node.log.wipe();
        node.client.reconnect();
        Promise<ReadAnswer> read = node.read(false, 0, HandDriven.PATIENCE);

        node.run(Duration.ofSeconds(1));

        assertStopped(node, "log-behind-replica");
        assertEquals(ReadAnswer.refused(Refusal.BROKEN), read.get());
    }

    @Test
    void tablesOfAnotherLogAreRefused() {
        MemoryDisk disk = new MemoryDisk(new UUID(9, 9));
        disk.log = Optional.of(new UUID(6, 6));

        HandDriven node = new HandDriven(CONFIG, disk);
        node.run(Duration.ofSeconds(1));

        assertStopped(node, "store-of-another-log");
        assertEquals(0, node.log.lastIndex());
    }

    // -- coming and going -----------------------------------------------------------------------------------------

    @Test
    void aNodeRegistersAndReportsWhatIsDurable() {
        HandDriven node = HandDriven.start();
        node.run(Duration.ofSeconds(1));

        Members.Member member = Members.find(node.core.state(), "n1").orElseThrow();
        assertEquals(new UUID(9, 9), member.store());
        assertEquals("http://n1", member.url());
        node.until(() -> Members.find(node.core.state(), "n1").orElseThrow().durable() > 0);
    }

    @Test
    void aNodeThatComesBackContinuesWhereItsDiskEnds() {
        HandDriven node = HandDriven.start();
        node.submitted(HandDriven.put("a", "1"));
        node.run(Duration.ofSeconds(2));
        assertTrue(node.disk.position().applied().value() > 0);

        MemoryDisk copy = new MemoryDisk(node.disk.store);
        copy.log = node.disk.log;
        copy.position = node.disk.position;
        copy.content = node.disk.content.copy();
        HandDriven alone = new HandDriven(CONFIG, copy, false);
        alone.run(Duration.ofSeconds(4));

        // No log in sight: stale reads come from the disk.
        assertTrue(alone.core.status().staleReady());
        assertFalse(alone.core.status().ready());
        assertEquals(Optional.of("1"), alone.value("a"));
    }

    @Test
    void aNewNodeWithoutLogInSightServesNothing() {
        HandDriven node = new HandDriven(CONFIG, new MemoryDisk(new UUID(9, 9)), false);
        node.run(Duration.ofSeconds(10));

        assertEquals(
                ReadAnswer.refused(Refusal.NOT_READY),
                node.read(true, 0, HandDriven.PATIENCE).get());
    }

    @Test
    void aShutdownLetsWhatWasSentComeToItsEndAndClosesTheWriter() {
        HandDriven node = HandDriven.start();
        node.weather.delay = Duration.ofMillis(50);
        Promise<Result> sent = node.submit(HandDriven.put("a", "1"), HandDriven.PATIENCE);

        node.core.shutdown(node.time.nowNanos() + Duration.ofSeconds(5).toNanos());
        assertEquals(
                new Result.NotApplied(Refusal.STOPPING),
                node.submit(HandDriven.put("b", "1"), HandDriven.PATIENCE).get());
        node.until(node.core::isStopped);

        assertInstanceOf(Result.Decided.class, sent.get());
        assertEquals(List.of(), Writers.all(node.core.state()));
    }

    @Test
    void aShutdownWithoutTheLogDoesNotWait() {
        HandDriven node = HandDriven.start();
        node.weather.delay = Duration.ofMillis(50);
        Promise<Result> sent = node.submit(HandDriven.put("a", "1"), HandDriven.PATIENCE);
        node.client.disconnect();
        node.run(Duration.ofMillis(10));

        node.core.shutdown(node.time.nowNanos() + Duration.ofSeconds(5).toNanos());
        node.run(Duration.ofMillis(20));

        assertTrue(node.core.isStopped());
        assertEquals(new Result.Unknown(), sent.get());
    }
}
