package dev.parley.coordination.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.TestConnections;
import dev.parley.coordination.TestServers;
import dev.parley.coordination.ensemble.EnsembleConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
final class EmbeddedZooKeeperTest {
    private static final int WRITES = 100;

    @TempDir
    Path directory;

    private Path data() {
        return directory.resolve("zookeeper");
    }

    static void write(EmbeddedZooKeeper server, String prefix, int count) throws Exception {
        try (EnsembleConnection connection = TestConnections.open(server.connectString())) {
            ZooKeeper zooKeeper = connection.curator().getZookeeperClient().getZooKeeper();
            for (int i = 0; i < count; i++) {
                zooKeeper.create("/" + prefix + i, new byte[40], connection.acl(), CreateMode.PERSISTENT);
            }
        }
    }

    static long count(EmbeddedZooKeeper server, String prefix) throws Exception {
        try (EnsembleConnection connection = TestConnections.open(server.connectString())) {
            ZooKeeper zooKeeper = connection.curator().getZookeeperClient().getZooKeeper();
            return zooKeeper.getChildren("/", false).stream()
                    .filter(name -> name.startsWith(prefix))
                    .count();
        }
    }

    /** Flips that bit of the {@code record}th record's length which makes it reach behind the end of the file. */
    static Path flipALengthBit(Path data, int record) throws IOException {
        Path log = TransactionLogScan.logsIn(data.resolve("version-2")).getLast();
        byte[] bytes = Files.readAllBytes(log);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int offset = 16;
        for (int i = 0; i < record; i++) {
            offset += 12 + buffer.getInt(offset + 8) + 1;
        }
        bytes[offset + 9] ^= (byte) 0x80;
        Files.write(log, bytes);
        return log;
    }

    @Test
    void whatWasWrittenIsThereAfterARestart() throws Exception {
        try (EmbeddedZooKeeper server = TestServers.startSingle(data())) {
            write(server, "w", WRITES);
        }
        try (EmbeddedZooKeeper server = TestServers.start(TestServers.single(data()), false)) {
            assertEquals(WRITES, count(server, "w"));
        }
    }

    @Test
    void oneFlippedBitThatWouldSilentlyCostHalfTheWritesIsRefused() throws Exception {
        try (EmbeddedZooKeeper server = TestServers.startSingle(data())) {
            write(server, "w", WRITES);
        }
        Path log = flipALengthBit(data(), 50);
        Path backups = Files.createDirectories(directory.resolve("backups"));
        Path older = Files.createFile(backups.resolve("older"));
        Path newer = Files.createFile(backups.resolve("newer"));
        Files.setLastModifiedTime(older, FileTime.fromMillis(1_000));
        Files.setLastModifiedTime(newer, FileTime.fromMillis(2_000));
        byte[] before = Files.readAllBytes(log);

        EmbeddedZooKeeper.Opening opening =
                EmbeddedZooKeeper.open(TestServers.single(data()), false, Optional.of(backups), fault -> {});

        EmbeddedZooKeeper.Opening.Refused refused = assertInstanceOf(EmbeddedZooKeeper.Opening.Refused.class, opening);
        assertEquals(log, refused.damage().file());
        assertTrue(refused.message().contains(newer.toString()), refused.message());
        assertEquals(ByteBuffer.wrap(before), ByteBuffer.wrap(Files.readAllBytes(log)));

        // What ZooKeeper does when nobody looks first.
        try (Server careless = LoneServer.start(TestServers.single(data()));
                EnsembleConnection connection = TestConnections.open("127.0.0.1:" + careless.clientPort())) {
            int left = connection
                    .curator()
                    .getZookeeperClient()
                    .getZooKeeper()
                    .getChildren("/", false)
                    .size();
            assertTrue(left < 60, left + " left");
        }
    }

    @Test
    void aTornTailIsCutOffAndKept() throws Exception {
        try (EmbeddedZooKeeper server = TestServers.startSingle(data())) {
            write(server, "w", WRITES);
        }
        Path log = TransactionLogScan.logsIn(data().resolve("version-2")).getLast();
        byte[] bytes = Files.readAllBytes(log);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int offset = 16;
        int last = 16;
        while (buffer.getInt(offset + 8) > 0) {
            last = offset;
            offset += 12 + buffer.getInt(offset + 8) + 1;
        }
        buffer.put(offset - 3, new byte[3]);
        Files.write(log, bytes);

        try (EmbeddedZooKeeper server = TestServers.start(TestServers.single(data()), false)) {
            // The last record was the closing of the session.
            assertEquals(WRITES, count(server, "w"));
        }
        assertEquals(last, Files.size(log));
        assertTrue(Files.exists(log.resolveSibling(log.getFileName() + ".torn-1")));
    }

    @Test
    void aStoppedServerLeavesNoThreadAndItsPortFree() throws Exception {
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        EmbeddedZooKeeper server = TestServers.startSingle(data());
        write(server, "w", 1);
        int port = server.clientPort();
        server.close();
        server.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> newThreads(before).isEmpty());
        try (EmbeddedZooKeeper again =
                TestServers.start(TestServers.single(data()).withClientPort(port), false)) {
            assertEquals(port, again.clientPort());
        }
    }

    private static Set<String> newThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.isAlive())
                .map(Thread::getName)
                // These belong to the JVM, to Awaitility and to Curator's closed connection.
                .filter(name -> name.matches(".*(zookeeper|NIO|Sync|Session|Prep|Quorum|Purge|purge|Learner).*"))
                .collect(Collectors.toSet());
    }

    @Test
    void aTakenPortIsToldAtOnce() {
        try (EmbeddedZooKeeper server = TestServers.startSingle(data())) {
            EmbeddedConfig same = EmbeddedConfig.single(directory.resolve("other"), server.clientPort());
            assertThrows(java.io.UncheckedIOException.class, () -> TestServers.start(same, true));
        }
    }

    @Test
    void settingsThatCannotWorkAreRefused() {
        EmbeddedConfig.Peer peer = new EmbeddedConfig.Peer(1, "127.0.0.1", 1, 2);
        List<EmbeddedConfig.Peer> two = List.of(peer, new EmbeddedConfig.Peer(2, "127.0.0.1", 3, 4));
        assertThrows(IllegalArgumentException.class, () -> EmbeddedConfig.of(1, two, "127.0.0.1", 0, data()));
        assertThrows(IllegalArgumentException.class, () -> EmbeddedConfig.of(2, List.of(peer), "h", 0, data()));
        assertThrows(IllegalArgumentException.class, () -> EmbeddedConfig.single(data(), 70_000));
        assertThrows(IllegalArgumentException.class, () -> new EmbeddedConfig.Peer(0, "h", 1, 2));
        assertThrows(IllegalArgumentException.class, () -> EmbeddedConfig.single(data(), 0)
                .withTickTimeMillis(0));
    }
}
