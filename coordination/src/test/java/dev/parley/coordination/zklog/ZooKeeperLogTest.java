package dev.parley.coordination.zklog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.parley.coordination.TestServers;
import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import dev.parley.store.kv.Bytes;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogIndex;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ZooKeeperLogTest {
    private static final LogConfig CONFIG = LogConfig.of(1 << 20);

    @TempDir
    Path directory;

    private EmbeddedZooKeeper server;

    @BeforeEach
    void start() {
        server = TestServers.startSingle(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anEntryIsReadAsItWasAppended() {
        try (RecordedLog node = new RecordedLog(server.connectString(), CONFIG)) {
            node.next(LogEvent.Connected.class);
            assertEquals(new LogIndex(1), node.append(7, "first"));
            LogEvent.Entries entries = assertInstanceOf(LogEvent.Entries.class, node.read(1));
            assertEquals(Bytes.utf8("first"), entries.entries().getFirst().content());
            assertEquals(new LogEvent.EndReached(new LogIndex(2)), node.read(2));
        }
    }

    @Test
    void segmentsFollowEachOtherWithoutAGap() {
        LogConfig tiny = CONFIG.withSegmentEntriesMax(3);
        try (RecordedLog node = new RecordedLog(server.connectString(), tiny)) {
            node.next(LogEvent.Connected.class);
            for (int i = 1; i <= 20; i++) {
                assertEquals(new LogIndex(i), node.append(i, "entry " + i));
            }
            List<LogEvent.StoredEntry> all = node.readAll(1);
            assertEquals(20, all.size());
            for (int i = 0; i < 20; i++) {
                assertEquals(Bytes.utf8("entry " + (i + 1)), all.get(i).content());
            }
        }
    }
}
