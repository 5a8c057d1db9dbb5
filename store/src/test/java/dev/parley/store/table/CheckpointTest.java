package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Version;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StateView;
import dev.parley.store.replica.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files of one manifest, which stay as they are while the store goes on. */
final class CheckpointTest {
    private static final UUID ID = new UUID(1, 2);
    private static final TableConfig MERGING =
            TableConfig.DEFAULT.withFlushLogEntries(1).withMerging(2, 2);

    @TempDir
    Path directory;

    private TableStore open() {
        return TableStore.open(directory.resolve("source"), MERGING, Runnable::run, () -> ID);
    }

    private static void put(TableStore store, long entry) {
        Bytes value = Bytes.utf8((entry + "/").repeat(entry % 2 == 0 ? 1 : 2_000));
        store.map().put(Keyspace.KV, Key.of("k" + entry % 5), new Version.Live(entry, entry, 1, 0, "", value));
        store.publish(new Position(new LogIndex(entry), entry, entry));
        store.maintain(0);
        store.maintain(0);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("source"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".table") || name.endsWith(".values"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> named(Checkpoint checkpoint) {
        return checkpoint.files().stream().map(Checkpoint.File::name).sorted().toList();
    }

    private static byte[] content(Checkpoint checkpoint, Checkpoint.File file) {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes()));
        ByteBuffer part = ByteBuffer.allocate(1_000);
        while (checkpoint.read(file, content.position(), part.clear()) > 0) {
            content.put(part.flip());
        }
        assertFalse(content.hasRemaining(), file.name());
        return content.array();
    }

    private static void expectWhole(Checkpoint checkpoint) throws Exception {
        for (Checkpoint.File file : checkpoint.files()) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content(checkpoint, file));
            assertEquals(file.sha256(), HexFormat.of().formatHex(hash), file.name());
        }
    }

    @Test
    void itsFilesAreTheStateOfItsPositionInAnotherDirectory() throws Exception {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        try (TableStore store = open()) {
            for (long entry = 1; entry <= 7; entry++) {
                put(store, entry);
            }
            try (Checkpoint checkpoint = store.checkpoint()) {
                for (long entry = 8; entry <= 20; entry++) {
                    put(store, entry);
                }
                assertEquals(7, checkpoint.position().revision());
                assertEquals(ID, checkpoint.store());
                Files.write(copy.resolve("MANIFEST"), checkpoint.manifest());
                for (Checkpoint.File file : checkpoint.files()) {
                    Files.write(copy.resolve(file.name()), content(checkpoint, file));
                }
            }
        }
        try (TableStore store = TableStore.open(copy, MERGING, Runnable::run, UUID::randomUUID);
                StateView view = store.view()) {
            assertEquals(7, store.position().revision());
            for (long entry = 3; entry <= 7; entry++) {
                assertEquals(
                        entry,
                        view.liveAt(Keyspace.KV, Key.of("k" + entry % 5), 7)
                                .orElseThrow()
                                .modRevision());
            }
        }
    }

    @Test
    void whatAMergeReplacesStaysUntilTheLastCheckpointOfItIsClosed() throws Exception {
        try (TableStore store = open()) {
            put(store, 1);
            Checkpoint first = store.checkpoint();
            Checkpoint second = store.checkpoint();
            assertArrayEquals(first.manifest(), second.manifest());
            for (long entry = 2; entry <= 9; entry++) {
                put(store, entry);
            }
            first.close();
            first.close();
            expectWhole(second);
            assertTrue(files().containsAll(named(second)));

            second.close();
            store.maintain(0); // takes notice of the last merge
            try (Checkpoint now = store.checkpoint()) {
                assertEquals(named(now), files());
            }
        }
    }

    @Test
    void itReadsNothingAfterItsEndNorAfterTheStores() {
        TableStore store = open();
        put(store, 1);
        Checkpoint closed = store.checkpoint();
        Checkpoint left = store.checkpoint();
        Checkpoint.File file = closed.files().getFirst();
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.read(file, 0, ByteBuffer.allocate(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> left.read(new Checkpoint.File("MANIFEST", 1, ""), 0, ByteBuffer.allocate(1)));

        store.close();
        assertThrows(StoreFailure.class, () -> left.read(file, 0, ByteBuffer.allocate(1)));
        assertThrows(IllegalStateException.class, store::checkpoint);
        left.close();
    }

    @Test
    void aClosedStoreDeletesNothingInTheDirectoryThatTookItsPlace() throws Exception {
        TableStore store = open();
        put(store, 1);
        Checkpoint checkpoint = store.checkpoint();
        for (long entry = 2; entry <= 9; entry++) {
            put(store, entry);
        }
        store.close();
        List<String> before = files();
        checkpoint.close();
        assertEquals(before, files());
    }

    @Test
    @Timeout(60)
    void checkpointsOfManyThreadsAreWholeWhileFlushesAndMergesGoOn() throws Exception {
        TableConfig config = TableConfig.DEFAULT.withFlushLogEntries(20).withMerging(2, 3);
        AtomicBoolean written = new AtomicBoolean();
        try (ExecutorService threads = Executors.newCachedThreadPool();
                TableStore store = TableStore.open(directory.resolve("source"), config, threads, () -> ID)) {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                readers.add(threads.submit(() -> {
                    int count = 0;
                    for (; !written.get(); count++) {
                        try (Checkpoint checkpoint = store.checkpoint()) {
                            expectWhole(checkpoint);
                        }
                    }
                    return count;
                }));
            }
            for (long entry = 1; entry <= 3_000; entry++) {
                put(store, entry);
            }
            written.set(true);
            int count = 0;
            for (Future<Integer> reader : readers) {
                count += reader.get();
            }
            assertTrue(count > 10, "only " + count + " checkpoints");
        }
    }
}
