package dev.parley.coordination.zklog;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.TestConnections;
import dev.parley.coordination.TestServers;
import dev.parley.coordination.embedded.EmbeddedConfig;
import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import dev.parley.coordination.ensemble.ConnectionConfig;
import dev.parley.coordination.ensemble.Ensemble;
import dev.parley.coordination.ensemble.EnsembleConnection;
import dev.parley.store.kv.Bytes;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
final class ZooKeeperLogTest {
    private static final LogConfig CONFIG = LogConfig.of(1 << 20);
    private static final LogConfig TINY = CONFIG.withSegmentEntriesMax(30);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private EmbeddedConfig config;
    private EmbeddedZooKeeper server;

    @BeforeEach
    void start() {
        server = TestServers.startSingle(directory.resolve("zookeeper"));
        config = TestServers.single(directory.resolve("zookeeper")).withClientPort(server.clientPort());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RecordedLog open(LogConfig logConfig) {
        RecordedLog node = new RecordedLog(server.connectString(), logConfig);
        node.next(LogEvent.Connected.class);
        return node;
    }

    private static ZooKeeper handle(EnsembleConnection connection) {
        try {
            return connection.curator().getZookeeperClient().getZooKeeper();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static String segment(RecordedLog node, int number) {
        return new LogPaths("/parley/test/log", node.log().id()).segment(number);
    }

    private static void append(RecordedLog node, int from, int to) {
        for (int i = from; i <= to; i++) {
            assertEquals(new LogIndex(i), node.append(i, "entry " + i));
        }
    }

    @Test
    void aForeignZnodeInASegmentStopsTheReaderInsteadOfBeingSkipped() throws Exception {
        try (RecordedLog node = open(CONFIG)) {
            append(node, 1, 3);
            handle(node.connection())
                    .create(
                            segment(node, 0) + "/x",
                            new byte[0],
                            node.connection().acl(),
                            CreateMode.PERSISTENT);
            assertEquals(new LogIndex(5), node.append(5, "behind the hole"));

            LogEvent.Entries before = assertInstanceOf(LogEvent.Entries.class, node.read(1));
            assertEquals(3, before.entries().size());
            LogEvent.Broken broken = assertInstanceOf(LogEvent.Broken.class, node.read(4));
            assertEquals("entry-missing", broken.problem());
            assertTrue(broken.detail().contains("entry 4"), broken.detail());
        }
    }

    @Test
    void anEntryDeletedAboveTheTrimPointStopsTheReader() throws Exception {
        try (RecordedLog node = open(TINY)) {
            append(node, 1, 70);
            handle(node.connection()).delete(segment(node, 0) + "/e-0000000009", -1);
            try (RecordedLog other = open(TINY)) {
                assertEquals(
                        9,
                        assertInstanceOf(LogEvent.Entries.class, other.read(1))
                                .entries()
                                .size());
                assertEquals(
                        "entry-missing",
                        assertInstanceOf(LogEvent.Broken.class, other.read(10)).problem());
            }
        }
    }

    @Test
    void whoDoesNotKnowTheSecretCanNeitherReadNorWrite() throws Exception {
        try (RecordedLog node = open(CONFIG)) {
            append(node, 1, 1);
            ConnectionConfig stranger = new ConnectionConfig("/parley/test", "guess", Duration.ofSeconds(3));
            try (EnsembleConnection connection =
                    EnsembleConnection.open(new Ensemble.External(server.connectString()), stranger)) {
                assertTrue(connection.awaitConnected(10_000));
                ZooKeeper zooKeeper = handle(connection);
                assertThrows(
                        KeeperException.NoAuthException.class,
                        () -> zooKeeper.create(
                                segment(node, 0) + "/x", new byte[0], connection.acl(), CreateMode.PERSISTENT));
                AtomicReference<LogEvent> seen = new AtomicReference<>();
                try (ZooKeeperLog log = ZooKeeperLog.open(connection, node.log().id(), CONFIG, seen::set)) {
                    await().atMost(LIMIT).until(() -> seen.get() instanceof LogEvent.Broken);
                    assertEquals("no-access", ((LogEvent.Broken) seen.get()).problem());
                    assertEquals(log.id(), node.log().id());
                }
            }
        }
    }

    @Test
    void clustersOfDifferentNamesAndSecretsShareAnEnsemble() {
        ConnectionConfig second = new ConnectionConfig("/parley/other", "other secret", Duration.ofSeconds(3));
        try (RecordedLog one = open(CONFIG);
                EnsembleConnection other =
                        EnsembleConnection.open(new Ensemble.External(server.connectString()), second)) {
            LogFormation.Formed formed = LogFormation.form(other, Optional.empty(), () -> true, UUID::randomUUID);
            assertInstanceOf(LogFormation.Formed.Founded.class, formed);
            assertTrue(!RecordedLog.logOf(formed).equals(one.log().id()));
        }
    }

    @Test
    void collectingFreesWholeSegmentsAndReadersLearnWhy() {
        try (RecordedLog node = open(TINY);
                RecordedLog other = open(TINY)) {
            append(node, 1, 300);
            // Every node is told the same; one of them does it.
            node.log().collect(new LogIndex(150));
            other.log().collect(new LogIndex(150));
            await().atMost(LIMIT).until(() -> segments(node).equals(List.of(5, 6, 7, 8, 9, 10)));

            assertEquals(new LogEvent.BehindTrim(new LogIndex(150)), other.read(1));
            assertEquals(new LogEvent.BehindTrim(new LogIndex(150)), other.read(150));
            assertEquals(150, other.readAll(151).size());

            other.log().collect(new LogIndex(190));
            await().atMost(LIMIT).until(() -> segments(node).equals(List.of(6, 7, 8, 9, 10)));
            assertEquals(new LogEvent.BehindTrim(new LogIndex(190)), node.read(185));
            assertEquals(110, node.readAll(191).size());
        }
    }

    @Test
    void deletesInTheOpenSegmentDoNotMoveWhereTheNextOneBegins() throws Exception {
        LogConfig medium = CONFIG.withSegmentEntriesMax(150);
        try (RecordedLog node = open(medium)) {
            append(node, 1, 140);
            node.log().collect(new LogIndex(30));
            await().atMost(LIMIT)
                    .until(() -> handle(node.connection())
                                    .getChildren(segment(node, 0), false)
                                    .size()
                            == 110);
            append(node, 141, 170);
            assertEquals(140, node.readAll(31).size());
            assertEquals(new LogEvent.BehindTrim(new LogIndex(30)), node.read(30));
        }
    }

    private static List<Integer> segments(RecordedLog node) throws Exception {
        return handle(node.connection())
                .getChildren("/parley/test/log/" + node.log().id(), false)
                .stream()
                .map(Integer::parseInt)
                .sorted()
                .toList();
    }

    @Test
    void aPositionBehindTheTrimPointAsksForASnapshotAndNotForARepair() {
        try (RecordedLog node = open(TINY)) {
            append(node, 1, 200);
            LogEvent.StoredEntry fifth = node.readAll(1).get(4);
            LogEvent.StoredEntry last = node.readAll(1).getLast();
            node.log().collect(new LogIndex(60));
            await().atMost(LIMIT).until(() -> segments(node).getFirst() == 2);

            node.log().verify(fifth.index(), fifth.stamp());
            assertEquals(new LogIndex(60), node.await(LogEvent.BehindTrim.class).trimmed());
            node.log().verify(last.index(), last.stamp());
            node.await(LogEvent.Verified.class);
        }
    }

    @Test
    void aWipedEnsembleBesideAPositionIsALossAndNoBeginning() throws Exception {
        UUID known;
        LogEvent.StoredEntry last;
        try (RecordedLog node = open(CONFIG)) {
            append(node, 1, 5);
            known = node.log().id();
            last = node.readAll(1).getLast();
        }
        server.close();
        Files.move(config.dataDir(), directory.resolve("wiped"));
        server = TestServers.start(config, true);

        try (EnsembleConnection connection = TestConnections.open(server.connectString())) {
            LogFormation.Formed formed =
                    LogFormation.form(connection, Optional.of(known), () -> true, UUID::randomUUID);
            LogFormation.Formed.Refused refused = assertInstanceOf(LogFormation.Formed.Refused.class, formed);
            assertEquals("log-behind-replica", refused.reason().code());
        }
        // And again with a new log in its place, under a node that was running all the time.
        try (RecordedLog node = open(CONFIG)) {
            append(node, 1, 5);
            node.log().verify(last.index(), last.stamp() + (1L << 32));
            assertEquals("log-behind-replica", node.await(LogEvent.Broken.class).problem());
        }
    }

    @Test
    void aLogWipedUnderARunningNodeIsToldOnTheNextConnection() throws Exception {
        try (RecordedLog node = open(CONFIG)) {
            append(node, 1, 5);
            server.close();
            Files.move(config.dataDir(), directory.resolve("wiped"));
            server = TestServers.start(config, true);
            assertEquals("log-behind-replica", node.await(LogEvent.Broken.class).problem());
        }
    }

    @Test
    void entriesOfTwoSegmentsAreReadAcrossARestartOfTheServer() {
        try (RecordedLog node = open(TINY)) {
            append(node, 1, 45);
            server.close();
            node.await(LogEvent.Suspended.class);
            assertInstanceOf(LogEvent.ReadFailed.class, node.read(1));
            node.log().append(1_000, Bytes.utf8("into the void"));
            assertEquals(1_000, node.await(LogEvent.AppendLost.class).ticket());
            server = TestServers.start(config, false);
            assertEquals(1, node.await(LogEvent.Connected.class).session());
            append(node, 46, 50);
            assertEquals(50, node.readAll(1).size());
        }
    }

    @Test
    void aReaderIsHintedAtAnEntryOfAnother() {
        try (RecordedLog writer = open(CONFIG);
                RecordedLog reader = open(CONFIG)) {
            assertInstanceOf(LogEvent.EndReached.class, reader.read(1));
            reader.events().clear();
            writer.append(1, "news");
            await().atMost(LIMIT).until(() -> reader.events().contains(new LogEvent.Hint()));
            assertInstanceOf(LogEvent.Entries.class, reader.read(1));
        }
    }

    @Test
    void aFollowerThatAsksOnlyWhenHintedMissesNothing() {
        try (RecordedLog writer = open(CONFIG);
                EnsembleConnection connection = TestConnections.open(server.connectString())) {
            HintedFollower follower = new HintedFollower();
            try (ZooKeeperLog log = ZooKeeperLog.open(connection, writer.log().id(), CONFIG, follower::on)) {
                follower.follow(log);
                for (int i = 1; i <= 2_000; i++) {
                    // One at a time, so that the follower is at the end most of the time.
                    writer.append(i, "entry " + i);
                }
                await().atMost(LIMIT).until(() -> follower.read() == 2_000);
            }
        }
    }

    /** Does nothing by the clock, and takes a hint during a read for answered by that read. */
    private static final class HintedFollower {
        private ZooKeeperLog log;
        private boolean reading;
        private long read;

        synchronized void follow(ZooKeeperLog log) {
            this.log = log;
            ask();
        }

        synchronized long read() {
            return read;
        }

        private void ask() {
            if (log != null && !reading) {
                reading = true;
                log.read(new LogIndex(read + 1));
            }
        }

        synchronized void on(LogEvent event) {
            switch (event) {
                case LogEvent.Entries(List<LogEvent.StoredEntry> entries) -> {
                    reading = false;
                    read = entries.getLast().index().value();
                    ask();
                }
                case LogEvent.EndReached end -> reading = false;
                case LogEvent.ReadFailed failed -> reading = false;
                case LogEvent.Hint hint -> ask();
                case LogEvent.Connected connected -> ask();
                case LogEvent other -> {}
            }
        }
    }

    @Test
    void anEntryAboveTheLimitIsNotSent() {
        try (RecordedLog node = open(CONFIG)) {
            node.log().append(1, Bytes.wrap(new byte[node.log().entryBytesMax() + 1]));
            node.next(LogEvent.AppendRefused.class);
            assertEquals("entry-too-large", node.next(LogEvent.Broken.class).problem());
            append(node, 1, 1);
        }
    }
}
