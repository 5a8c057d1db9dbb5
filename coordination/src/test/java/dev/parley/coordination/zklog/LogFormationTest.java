package dev.parley.coordination.zklog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.parley.coordination.TestConnections;
import dev.parley.coordination.TestServers;
import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import dev.parley.coordination.embedded.JvmSettings;
import dev.parley.coordination.ensemble.Ensemble;
import dev.parley.coordination.ensemble.EnsembleConnection;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
final class LogFormationTest {
    private static final LogConfig CONFIG = LogConfig.of(1 << 20);

    @TempDir
    Path directory;

    private EmbeddedZooKeeper server;
    private EnsembleConnection connection;

    @BeforeEach
    void start() {
        server = TestServers.startSingle(directory);
        connection = TestConnections.open(server.connectString());
    }

    @AfterEach
    void stop() {
        connection.close();
        server.close();
    }

    private LogFormation.Formed form(Optional<UUID> manifest, boolean peersFresh) {
        return LogFormation.form(connection, manifest, () -> peersFresh, UUID::randomUUID);
    }

    @Test
    void aLogIsFoundedOnceAndFoundAfterwards() {
        UUID founded = assertInstanceOf(LogFormation.Formed.Founded.class, form(Optional.empty(), true))
                .log();
        LogFormation.Formed.Found found = new LogFormation.Formed.Found(founded);
        assertEquals(found, form(Optional.of(founded), false));
        assertEquals(found, form(Optional.empty(), false));
    }

    @Test
    void nodesThatStartTogetherFoundOneLog() throws Exception {
        List<Future<LogFormation.Formed>> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                outcomes.add(threads.submit(() -> form(Optional.empty(), true)));
            }
        }
        UUID log = RecordedLog.logOf(outcomes.getFirst().get());
        int founders = 0;
        for (Future<LogFormation.Formed> outcome : outcomes) {
            assertEquals(log, RecordedLog.logOf(outcome.get()));
            founders += outcome.get() instanceof LogFormation.Formed.Founded ? 1 : 0;
        }
        assertEquals(1, founders);
    }

    @Test
    void noLogIsFoundedWhileAPeerHasData() {
        assertEquals(
                LogFormation.Reason.PEERS_NOT_FRESH,
                assertInstanceOf(LogFormation.Formed.Refused.class, form(Optional.empty(), false))
                        .reason());
        // Nothing was made either.
        assertInstanceOf(LogFormation.Formed.Founded.class, form(Optional.empty(), true));
    }

    @Test
    void aNodeThatKnowsALogNeverFoundsOne() {
        assertEquals(
                LogFormation.Reason.LOG_BEHIND_REPLICA,
                assertInstanceOf(LogFormation.Formed.Refused.class, form(Optional.of(new UUID(1, 2)), true))
                        .reason());
        form(Optional.empty(), true);
        assertEquals(
                LogFormation.Reason.LOG_BEHIND_REPLICA,
                assertInstanceOf(LogFormation.Formed.Refused.class, form(Optional.of(new UUID(1, 2)), true))
                        .reason());
    }

    @Test
    void aNewLogGoesOnBehindWhatWasAppliedAndOthersNeedASnapshot() {
        UUID old = RecordedLog.logOf(form(Optional.empty(), true));
        UUID replacement = new UUID(3, 4);
        assertEquals(
                new LogFormation.Formed.Founded(replacement),
                LogFormation.refound(connection, replacement, new LogIndex(5_000)));
        assertEquals(new LogFormation.Formed.Found(replacement), form(Optional.of(replacement), false));
        assertInstanceOf(LogFormation.Formed.Refused.class, form(Optional.of(old), false));
        assertEquals(new LogFormation.Formed.Found(replacement), form(Optional.empty(), true));
        try (RecordedLog node = new RecordedLog(server.connectString(), CONFIG, Optional.of(replacement))) {
            node.next(LogEvent.Connected.class);
            assertEquals(new LogIndex(5_001), node.append(1, "first of the new log"));
            assertEquals(new LogEvent.BehindTrim(new LogIndex(5_000)), node.read(5_000));
            assertNotEquals(old, node.log().id());
        }
    }

    @Test
    void foundingANewLogOnceMoreAfterACrashFindsIt() {
        form(Optional.empty(), true);
        UUID replacement = new UUID(3, 4);
        LogFormation.refound(connection, replacement, new LogIndex(50));
        assertEquals(
                new LogFormation.Formed.Found(replacement),
                LogFormation.refound(connection, replacement, new LogIndex(50)));
    }

    @Test
    void aStateOutOfABackupFoundsALogOnlyWhereThereIsNone() {
        UUID log = new UUID(3, 4);
        assertEquals(
                LogFormation.Reason.PEERS_NOT_FRESH,
                assertInstanceOf(LogFormation.Formed.Refused.class, foundBehind(log, false))
                        .reason());
        assertEquals(new LogFormation.Formed.Founded(log), foundBehind(log, true));
        assertEquals(new LogFormation.Formed.Found(log), foundBehind(log, false));
        assertEquals(
                LogFormation.Reason.LOG_BEHIND_REPLICA,
                assertInstanceOf(LogFormation.Formed.Refused.class, foundBehind(new UUID(5, 6), true))
                        .reason());
    }

    private LogFormation.Formed foundBehind(UUID log, boolean peersFresh) {
        return LogFormation.foundBehind(connection, log, new LogIndex(700), () -> peersFresh);
    }

    @Test
    void aStateWithoutAStampBelongsToTheLogThatBeginsBehindIt() {
        UUID log = new UUID(3, 4);
        foundBehind(log, true);
        try (RecordedLog node = new RecordedLog(server.connectString(), CONFIG, Optional.of(log))) {
            node.next(LogEvent.Connected.class);
            assertEquals(new LogEvent.Verified(), node.verify(700, 0));
            assertEquals(new LogEvent.BehindTrim(new LogIndex(700)), node.verify(699, 0));
            assertEquals(new LogEvent.BehindTrim(new LogIndex(700)), node.verify(700, 5));
            assertInstanceOf(LogEvent.Broken.class, node.verify(701, 0));
        }
    }

    @Test
    void theLargestEntryIsKnownOfAnEmbeddedEnsembleAndFoundOutOfAnother() {
        form(Optional.empty(), true);
        assertEquals(
                OptionalInt.of(JvmSettings.PACKET_BYTES_MAX - JvmSettings.PACKET_OVERHEAD_BYTES),
                EntrySizeProbe.largestEntryBytes(
                        new Ensemble.Embedded(server), TestConnections.CONFIG, new UUID(0, 1)));
        assertEquals(
                OptionalInt.of(EntrySizeProbe.ENTRY_BYTES_WANTED),
                EntrySizeProbe.largestEntryBytes(
                        new Ensemble.External(server.connectString()), TestConnections.CONFIG, new UUID(0, 2)));
    }
}
