package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Version;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.DamagedTables;
import dev.parley.store.replica.StateStore.Incoming;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StateView;
import dev.parley.store.replica.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot's way from the files of another store into the place of this one's. */
final class InstallTest {
    private static final UUID SOURCE = new UUID(1, 1);
    private static final UUID TARGET = new UUID(2, 2);
    private static final UUID INSTALLED = new UUID(3, 3);
    private static final UUID LOG = new UUID(4, 4);
    private static final TableConfig EAGER =
            TableConfig.DEFAULT.withFlushLogEntries(1).withMerging(2, 2);

    @TempDir
    Path directory;

    private TableStore source;

    @BeforeEach
    void fillSource() {
        source = open("source", SOURCE);
        source.bind(LOG);
        for (long entry = 1; entry <= 9; entry++) {
            put(source, entry, "new" + entry);
        }
    }

    @AfterEach
    void closeSource() {
        source.close();
    }

    private TableStore open(String name, UUID id) {
        return TableStore.open(directory.resolve(name), EAGER, Runnable::run, () -> id);
    }

    private static void put(TableStore store, long entry, String value) {
        Bytes content = Bytes.utf8(value.repeat(entry % 2 == 0 ? 1 : 1_000));
        store.map().put(Keyspace.KV, Key.of("k" + entry), new Version.Live(entry, entry, 1, 0, "", content));
        store.publish(new Position(new LogIndex(entry), 10 * entry, entry));
        store.maintain(0);
        store.maintain(0);
    }

    private static boolean has(StateView view, String key) {
        return view.liveAt(Keyspace.KV, Key.of(key), Long.MAX_VALUE).isPresent();
    }

    private IncomingTables incoming() {
        return IncomingTables.beside(directory.resolve("target"));
    }

    private static void fetch(Checkpoint from, Checkpoint.File file, long offset, long bytes, IncomingTables into) {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(bytes));
        from.read(file, offset, content);
        into.append(file, content.flip());
    }

    private static Incoming fetchAll(Checkpoint from, IncomingTables into) {
        for (Checkpoint.File file : from.files()) {
            if (!into.has(file)) {
                long there = into.bytesOf(file);
                fetch(from, file, there, file.sizeBytes() - there, into);
                assertTrue(into.finish(file));
            }
        }
        return into.seal(from.manifest(), INSTALLED);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void anInstalledSnapshotIsTheStateAndTheStoreGoesOnFromThere() throws IOException {
        try (TableStore target = open("target", TARGET);
                Checkpoint checkpoint = source.checkpoint()) {
            target.bind(LOG);
            put(target, 1, "old");
            StateView before = target.view();
            target.install(fetchAll(checkpoint, incoming()), false);

            assertEquals(new Position(new LogIndex(9), 90, 9), target.position());
            assertEquals(target.position(), target.durable());
            assertEquals(INSTALLED, target.id());
            assertFalse(has(before, "k9"));
            before.close();
            put(target, 10, "newer");
            try (StateView after = target.view()) {
                assertTrue(has(after, "k1") && has(after, "k9") && has(after, "k10"));
                assertTrue(target.map().liveAt(Keyspace.KV, Key.of("k9"), 9).isPresent());
            }
            assertEquals(List.of("source", "target"), names());
        }
        try (TableStore reopened = open("target", TARGET);
                StateView view = reopened.view()) {
            assertEquals(INSTALLED, reopened.id());
            assertEquals(10, reopened.position().revision());
            assertTrue(has(view, "k9") && has(view, "k10"));
        }
    }

    @Test
    void whatWasDamagedIsSetAsideAndNeverDeleted() throws IOException {
        try (TableStore target = open("target", TARGET);
                Checkpoint checkpoint = source.checkpoint()) {
            put(target, 1, "old");
            target.install(fetchAll(checkpoint, incoming()), true);
            target.install(fetchAll(checkpoint, incoming()), true);
        }
        assertEquals(List.of("source", "target", "target.damaged-1", "target.damaged-2"), names());
        assertTrue(Files.exists(directory.resolve("target.damaged-1").resolve(Manifest.FILE)));
    }

    @Test
    void anInterruptedTransferResumesWhereItStoppedAlsoInASecondRound() {
        try (TableStore target = open("target", TARGET)) {
            Checkpoint.File first;
            try (Checkpoint checkpoint = source.checkpoint()) {
                first = checkpoint.files().getFirst();
                fetch(checkpoint, first, 0, 1_000, incoming());
                IncomingTables second = incoming();
                assertFalse(second.has(first));
                assertEquals(1_000, second.bytesOf(first));
                fetch(checkpoint, first, 1_000, first.sizeBytes() - 1_000, second);
                assertTrue(second.finish(first));
            }
            // Not eager: the second round names the files of the first, and new ones.
            IncomingTables third = incoming();
            assertTrue(third.has(first));
            try (Checkpoint checkpoint = source.checkpoint()) {
                assertTrue(checkpoint.files().contains(first));
                target.install(fetchAll(checkpoint, third), false);
            }
            assertEquals(9, target.position().revision());
        }
    }

    @Test
    void aFileThatIsNotWhatItsHashSaysIsThrownAwayAndFetchedAgain() {
        try (TableStore target = open("target", TARGET);
                Checkpoint checkpoint = source.checkpoint()) {
            IncomingTables into = incoming();
            Checkpoint.File file = checkpoint.files().getFirst();
            into.append(file, ByteBuffer.wrap(new byte[(int) file.sizeBytes()]));
            assertFalse(into.finish(file));
            assertFalse(into.has(file));
            assertEquals(0, into.bytesOf(file));
            target.install(fetchAll(checkpoint, into), false);
            assertEquals(9, target.position().revision());
        }
    }

    @Test
    void aManifestThatDoesNotVerifyIsNotUsed() {
        try (Checkpoint checkpoint = source.checkpoint()) {
            byte[] manifest = checkpoint.manifest();
            manifest[20] ^= 1;
            assertThrows(StoreFailure.class, () -> IncomingTables.filesOf(manifest));
            assertThrows(StoreFailure.class, () -> incoming().seal(manifest, INSTALLED));
        }
    }

    @Test
    void aSwitchThatACrashInterruptedIsFinishedAtTheNextOpen() throws IOException {
        try (Checkpoint checkpoint = source.checkpoint()) {
            open("target", TARGET).close();
            fetchAll(checkpoint, incoming());
        }
        Files.move(directory.resolve("target"), directory.resolve("target.former"));
        try (TableStore target = open("target", TARGET)) {
            assertEquals(INSTALLED, target.id());
            assertEquals(9, target.position().revision());
        }
        assertEquals(List.of("source", "target"), names());
    }

    @Test
    void anUnfinishedTransferIsNeverTakenForAStore() throws IOException {
        try (Checkpoint checkpoint = source.checkpoint()) {
            fetch(checkpoint, checkpoint.files().getFirst(), 0, 1_000, incoming());
        }
        try (TableStore target = open("target", TARGET)) {
            assertEquals(TARGET, target.id());
            assertEquals(Position.START, target.position());
        }
        assertEquals(List.of("source", "target", "target.incoming"), names());
    }

    @Test
    void aDamagedDirectoryIsToldFromOneThatCannotBeUsedAndCanBeSetAside() throws IOException {
        Path target = directory.resolve("target");
        try (TableStore store = open("target", TARGET)) {
            put(store, 1, "old");
            assertNotEquals(
                    DamagedTables.class,
                    assertThrows(StoreFailure.class, () -> open("target", TARGET))
                            .getClass());
        }
        Files.write(target.resolve("1.table"), new byte[10]);
        assertThrows(DamagedTables.class, () -> open("target", TARGET));
        assertEquals(directory.resolve("target.damaged-1"), TableStore.setAside(target));
        try (TableStore store = open("target", INSTALLED)) {
            assertEquals(INSTALLED, store.id());
        }
        assertEquals(10, Files.size(directory.resolve("target.damaged-1").resolve("1.table")));
    }

    @Test
    void damageThatAViewMeetsIsToldToTheListenerAndToTheReader() throws IOException {
        List<String> told = new ArrayList<>();
        Path target = directory.resolve("target");
        try (TableStore store = open("target", TARGET)) {
            put(store, 2, "old");
        }
        byte[] table = Files.readAllBytes(target.resolve("1.table"));
        table[100] ^= 1;
        Files.write(target.resolve("1.table"), table);
        try (TableStore store = open("target", TARGET)) {
            store.onDamage(told::add);
            try (StateView view = store.view()) {
                assertThrows(DamagedTables.class, () -> has(view, "k2"));
            }
        } catch (DamagedTables atOpen) {
            told.add(atOpen.getMessage());
        }
        assertTrue(told.getFirst().contains("1.table"), told::toString);
    }
}
