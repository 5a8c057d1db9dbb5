package dev.parley.store.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.backup.Archive.Verdict;
import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.LogEntry;
import dev.parley.store.kv.RevisionGap;
import dev.parley.store.kv.StateMachine;
import dev.parley.store.kv.Submission;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StateView;
import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.Checkpoint;
import dev.parley.store.table.TableConfig;
import dev.parley.store.table.TableStore;
import dev.parley.store.table.TableVerification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requirements I3, K3: what is damaged is named and refused, and then nothing is written. */
final class ArchiveTest {
    private static final UUID STORE = new UUID(1, 2);
    private static final UUID LOG = new UUID(3, 4);
    private static final UUID NEW_STORE = new UUID(5, 6);
    private static final UUID NEW_LOG = new UUID(7, 8);

    @TempDir
    Path directory;

    private Path archive;
    private byte[] sound;

    @BeforeEach
    void backUp() throws IOException {
        archive = directory.resolve("a.backup");
        try (TableStore store = open(directory.resolve("source"), STORE)) {
            store.bind(LOG);
            StateMachine.apply(store.map(), 10, 100, new LogEntry.Open(new UUID(9, 9), "n1"));
            put(store, 1, "a", "1");
            put(store, 2, "large", "x".repeat(5_000));
            put(store, 3, "a", "3");
            store.maintain(0);
            store.maintain(0);
            try (Checkpoint checkpoint = store.checkpoint()) {
                var out = new ByteArrayOutputStream();
                ArchiveWriter.write(checkpoint, "blue", 1_790_000_000_000L, out);
                sound = out.toByteArray();
            }
        }
        Files.write(archive, sound);
    }

    private static TableStore open(Path path, UUID id) {
        return TableStore.open(path, TableConfig.DEFAULT.withFlushLogEntries(1), Runnable::run, () -> id);
    }

    private static void put(TableStore store, long revision, String key, String value) {
        Command put = new Command.Put(
                Key.of(key),
                Bytes.utf8(value),
                "text/plain",
                new Command.LeaseChoice.None(),
                Command.Precondition.NONE);
        LogEntry batch = new LogEntry.Batch(10, revision, 0, List.of(Submission.of(put)));
        StateMachine.apply(store.map(), 10 + revision, 100, batch);
        store.publish(new Position(new LogIndex(10 + revision), 77, revision));
    }

    private Restore.Result restore() {
        return Restore.into(archive, directory.resolve("target"), NEW_STORE, NEW_LOG);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    @Test
    void aSoundArchiveSaysWhoseStateItIs() {
        var contents =
                assertInstanceOf(Verdict.Sound.class, Archive.verify(archive)).contents();

        assertEquals("blue", contents.cluster());
        assertEquals(1_790_000_000_000L, contents.takenAtMillis());
        assertEquals(Optional.of(LOG), contents.tables().log());
        assertEquals(new Position(new LogIndex(13), 77, 3), contents.tables().position());
        assertEquals(sound.length, contents.bytes());
    }

    @Test
    void aRestoredStateHoldsEverythingAndGoesOnFarAbove() {
        assertInstanceOf(Restore.Result.Restored.class, restore());

        try (TableStore store = open(directory.resolve("target"), new UUID(9, 9));
                StateView view = store.view()) {
            long revision = 3 + RevisionGap.SIZE;
            assertEquals(NEW_STORE, store.id());
            assertEquals(Optional.of(NEW_LOG), store.log());
            assertEquals(new Position(new LogIndex(13), 0, revision), store.position());
            assertEquals(revision, Agreed.revision(view));
            assertEquals("3", value(view, "a", revision));
            assertEquals("1", value(view, "a", 2));
            assertEquals(5_000, value(view, "large", revision).length());
            for (long each : List.of(1L, 2L, 3L, revision)) {
                assertEquals(each, view.revision(each).orElseThrow().revision());
            }
        }
        assertEquals(
                List.of(), TableVerification.of(directory.resolve("target")).damage());
    }

    private static String value(StateView view, String key, long revision) {
        return view.liveAt(Keyspace.KV, Key.of(key), revision)
                .orElseThrow()
                .value()
                .utf8();
    }

    @Test
    void anyFlippedByteIsNamedAndRefusedAndNothingIsWritten() throws IOException {
        List<String> before = files();
        int lines = new String(sound, StandardCharsets.ISO_8859_1).indexOf("file 1.table") + 300;
        for (int at = 0; at < sound.length; at += at < lines || at > sound.length - 300 ? 1 : 211) {
            byte[] flipped = sound.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Files.write(archive, flipped);

            var damaged = assertInstanceOf(Verdict.Damaged.class, Archive.verify(archive), "byte " + at);
            assertFalse(damaged.where().isEmpty());
            if (at % 7 == 0) {
                assertEquals(new Restore.Result.Refused(damaged), restore());
                assertEquals(before, files());
            }
        }
    }

    @Test
    void theFileThatHoldsTheFlippedByteIsNamed() throws IOException {
        for (String name : List.of("MANIFEST", "1.table", "1.values")) {
            byte[] flipped = sound.clone();
            String text = new String(sound, StandardCharsets.ISO_8859_1);
            flipped[text.indexOf('\n', text.indexOf("file " + name)) + 20] ^= 1;
            Files.write(archive, flipped);

            var damaged = assertInstanceOf(Verdict.Damaged.class, Archive.verify(archive));
            assertEquals(name, damaged.where());
        }
    }

    @Test
    void anArchiveThatEndsEarlyIsRefusedWhereverItEnds() throws IOException {
        for (int length = 0; length < sound.length; length += length > sound.length - 100 ? 1 : 997) {
            Files.write(archive, Arrays.copyOf(sound, length));
            assertInstanceOf(Verdict.Damaged.class, Archive.verify(archive), "of " + length + " bytes");
        }
        Files.write(archive, Arrays.copyOf(sound, sound.length - 1));
        assertInstanceOf(Restore.Result.Refused.class, restore());
        assertFalse(Files.exists(directory.resolve("target")));
    }

    @Test
    void anArchiveWithSomethingBehindItsEndIsRefused() throws IOException {
        Files.write(archive, Arrays.copyOf(sound, sound.length + 1));
        assertEquals(new Verdict.Damaged("the last line", "something follows the end"), Archive.verify(archive));
    }

    @Test
    void anArchiveWhoseFilesAreExchangedIsRefusedAlthoughEveryHashFits() throws IOException {
        String text = new String(sound, StandardCharsets.ISO_8859_1);
        int table = text.indexOf("file 1.table");
        int values = text.indexOf("file 1.values");
        int end = text.lastIndexOf("end sha256");
        String exchanged = text.substring(0, table) + text.substring(values, end) + text.substring(table, values);
        var digest = ArchiveFormat.sha256();
        digest.update(exchanged.getBytes(StandardCharsets.ISO_8859_1));
        String whole = exchanged + "end sha256 " + ArchiveFormat.hex(digest) + "\n";
        Files.write(archive, whole.getBytes(StandardCharsets.ISO_8859_1));

        assertEquals(
                new Verdict.Damaged("MANIFEST", "it does not name the files that follow it"), Archive.verify(archive));
    }

    @Test
    void aDamagedFileOfTheSourceIsNotCopied() throws IOException {
        Path table = directory.resolve("source").resolve("1.table");
        byte[] content = Files.readAllBytes(table);
        try (TableStore store = open(directory.resolve("source"), STORE);
                Checkpoint checkpoint = store.checkpoint()) {
            content[70] ^= 1;
            Files.write(table, content);

            var out = new ByteArrayOutputStream();
            var failure = assertThrows(StoreFailure.class, () -> ArchiveWriter.write(checkpoint, "blue", 0, out));
            assertTrue(failure.getMessage().startsWith("1.table is damaged"), failure.getMessage());
            Files.write(archive, out.toByteArray());
            assertInstanceOf(Verdict.Damaged.class, Archive.verify(archive));
        }
    }

    @Test
    void verifyNamesTheFileAndThePageOfADirectory() throws IOException {
        Path source = directory.resolve("source");
        assertEquals(List.of(), TableVerification.of(source).damage());
        flip(source.resolve("1.table"), 300);
        flip(source.resolve("1.values"), 4_000);

        assertEquals(
                List.of(
                        new TableVerification.Damage("1.table", "pages [0] are damaged"),
                        new TableVerification.Damage("1.values", "does not have the hash that MANIFEST names")),
                TableVerification.of(source).damage());

        Files.delete(source.resolve("1.values"));
        flip(source.resolve("MANIFEST"), 30);
        assertEquals(
                "MANIFEST", TableVerification.of(source).damage().getFirst().file());
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[at] ^= 4;
        Files.write(file, content);
    }
}
