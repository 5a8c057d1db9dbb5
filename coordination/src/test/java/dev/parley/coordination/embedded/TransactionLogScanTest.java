package dev.parley.coordination.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.TestConnections;
import dev.parley.coordination.TestServers;
import dev.parley.coordination.ensemble.EnsembleConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Real logs of a real server, hurt in every way a disk may. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TransactionLogScanTest {
    private static final int HEADER = 16;

    @TempDir
    static Path directory;

    private byte[] whole;
    /** Where each record begins, and at last where the zeros do. */
    private List<Integer> starts;

    @BeforeAll
    void writeALog() throws Exception {
        Path data = directory.resolve("data");
        try (EmbeddedZooKeeper server = TestServers.startSingle(data);
                EnsembleConnection connection = TestConnections.open(server.connectString())) {
            ZooKeeper zooKeeper = connection.curator().getZookeeperClient().getZooKeeper();
            for (int i = 0; i < 100; i++) {
                byte[] content = new byte[i % 10 == 0 ? 3_000 : 50];
                Arrays.fill(content, (byte) (1 + i));
                zooKeeper.create("/w" + i, content, connection.acl(), CreateMode.PERSISTENT);
            }
        }
        List<Path> logs = TransactionLogScan.logsIn(data.resolve("version-2"));
        assertEquals(1, logs.size());
        whole = Files.readAllBytes(logs.getFirst());
        starts = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(whole);
        int offset = HEADER;
        while (bytes.getInt(offset + 8) > 0) {
            starts.add(offset);
            offset += 12 + bytes.getInt(offset + 8) + 1;
        }
        starts.add(offset);
        assertTrue(starts.size() > 100);
    }

    private LogVerdict scan(byte[] bytes) throws IOException {
        Path log = Files.createTempFile(directory, "log.", "");
        try {
            Files.write(log, bytes);
            return TransactionLogScan.scan(log);
        } finally {
            Files.delete(log);
        }
    }

    private int end() {
        return starts.getLast();
    }

    @Test
    void anUnhurtLogIsClean() throws IOException {
        assertEquals(new LogVerdict.Clean(), scan(whole));
        assertEquals(new LogVerdict.Clean(), scan(Arrays.copyOf(whole, end())));
    }

    @Test
    void anyFlippedBitOfAnyRecordIsDamage() throws IOException {
        // Every byte of some records, of the last one too, and some bytes of all.
        for (int record = 0; record < starts.size() - 1; record++) {
            int length = starts.get(record + 1) - starts.get(record);
            boolean everyByte = record % 40 == 1 || record == starts.size() - 2;
            for (int at = 0; at < Math.min(length, 200); at += everyByte ? 1 : 11) {
                flipAndExpectDamage(starts.get(record) + at, 1 << (at % 8), record);
            }
            flipAndExpectDamage(starts.get(record + 1) - 1, 1, record);
        }
    }

    private void flipAndExpectDamage(int at, int bit, int record) throws IOException {
        byte[] hurt = Arrays.copyOf(whole, end() + 2_000);
        hurt[at] ^= (byte) bit;
        LogVerdict verdict = scan(hurt);
        LogVerdict.Damaged damaged =
                assertInstanceOf(LogVerdict.Damaged.class, verdict, "bit " + bit + " of byte " + at);
        assertEquals(starts.get(record).longValue(), damaged.offset());
    }

    @Test
    void everyFlippedBitOfTheHeaderThatMattersIsDamage() throws IOException {
        for (int at = 0; at < 8; at++) {
            byte[] hurt = whole.clone();
            hurt[at] ^= 4;
            assertInstanceOf(LogVerdict.Damaged.class, scan(hurt));
        }
    }

    @Test
    void aRecordOverwrittenWithZerosBeforeOthersIsDamage() throws IOException {
        byte[] hurt = whole.clone();
        Arrays.fill(hurt, starts.get(50), starts.get(51), (byte) 0);
        assertInstanceOf(LogVerdict.Damaged.class, scan(hurt));
    }

    @Test
    void aFileCutAnywhereInItsLastRecordIsTorn() throws IOException {
        int last = starts.get(starts.size() - 2);
        for (int cut = last + 1; cut < end(); cut++) {
            // What is left may begin with zeros, as a checksum does; then nothing tells it from the padding.
            LogVerdict verdict = scan(Arrays.copyOf(whole, cut));
            if (isBlank(whole, last, cut)) {
                assertEquals(new LogVerdict.Clean(), verdict);
            } else {
                assertEquals(
                        last,
                        assertInstanceOf(LogVerdict.TornTail.class, verdict, "cut at " + cut)
                                .offset());
            }
        }
    }

    @Test
    void aLastRecordWrittenInPartIntoZerosIsTorn() throws IOException {
        int last = starts.get(starts.size() - 2);
        for (int cut = last + 1; cut < end(); cut++) {
            byte[] torn = Arrays.copyOf(Arrays.copyOf(whole, cut), end() + 5_000);
            // A cut that only leaves out zeros leaves nothing out.
            if (!Arrays.equals(torn, 0, end(), whole, 0, end())) {
                boolean blank = isBlank(torn, last, end());
                Class<? extends LogVerdict> expected = blank ? LogVerdict.Clean.class : LogVerdict.TornTail.class;
                assertEquals(expected, scan(torn).getClass(), "cut at " + cut);
            }
        }
    }

    @Test
    void aSectorMissingInTheLastRecordIsTorn() throws IOException {
        int large = 0;
        for (int record = 0; record < starts.size() - 1; record++) {
            if (starts.get(record + 1) - starts.get(record) > 2_000) {
                large = record;
            }
        }
        byte[] torn = Arrays.copyOf(Arrays.copyOf(whole, starts.get(large + 1)), starts.get(large + 1) + 9_000);
        int sector = (starts.get(large) / 512 + 2) * 512;
        Arrays.fill(torn, sector, sector + 512, (byte) 0);
        assertInstanceOf(LogVerdict.TornTail.class, scan(torn));
    }

    @Test
    void aFileThatEndsInItsHeaderIsTorn() throws IOException {
        for (int length = 0; length < HEADER; length++) {
            assertInstanceOf(LogVerdict.TornTail.class, scan(Arrays.copyOf(whole, length)));
        }
        assertInstanceOf(LogVerdict.TornTail.class, scan(new byte[4_096]));
    }

    private static boolean isBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
