package dev.parley.store.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatJournalTest {
    @TempDir
    Path directory;

    private final List<ChatEntry> entries = Histories.random(new Random(1), 20).stream()
            .<ChatEntry>map(ChatEntry.Posted::new)
            .toList();

    private List<ChatEntry> reopened(long known, int damages) {
        List<ChatEntry> found = new ArrayList<>();
        try (ChatJournal journal = ChatJournal.open(directory, known, (index, entry) -> found.add(entry))) {
            assertEquals(damages, journal.damages());
        }
        return found;
    }

    private void append(List<ChatEntry> group) {
        try (ChatJournal journal = ChatJournal.open(directory, 0, (index, entry) -> {})) {
            journal.append(group);
        }
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted(Comparator.comparingLong(ChatJournalTest::number)).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long number(Path file) {
        return Long.parseLong(file.getFileName().toString().substring("journal-".length()));
    }

    private byte[] written() throws IOException {
        try (ChatJournal journal = ChatJournal.open(directory, 0, (index, entry) -> {})) {
            journal.append(entries.subList(0, 5));
            journal.append(entries.subList(5, 20));
            assertEquals(20, journal.last());
        }
        return Files.readAllBytes(directory.resolve("journal-1"));
    }

    private void replace(byte[] content) throws IOException {
        for (Path file : files()) {
            Files.delete(file);
        }
        Files.write(directory.resolve("journal-1"), content);
    }

    private int size(int entry) {
        return JournalScan.frame(entry + 1, entries.get(entry)).length;
    }

    @Test
    @DisplayName("L10: what was written is there after a restart, also in several files")
    void whatWasWrittenIsThereAfterARestart() throws IOException {
        written();
        assertEquals(entries, reopened(0, 0));
        append(entries.subList(0, 3));
        append(List.of(new ChatEntry.Clock(77)));
        List<ChatEntry> all = new ArrayList<>(entries);
        all.addAll(entries.subList(0, 3));
        all.add(new ChatEntry.Clock(77));
        assertEquals(all, reopened(0, 0));
        assertEquals(all.subList(7, 24), reopened(7, 0), "what is in tables is not handed over again");
    }

    @Test
    void aTornEndIsLeftOutAndWhatIsWrittenNextIsRead() throws IOException {
        byte[] whole = written();
        for (int cut = 1; cut < size(19); cut++) {
            replace(Arrays.copyOf(whole, whole.length - cut));
            assertEquals(entries.subList(0, 19), reopened(0, 0), "cut by " + cut);
            append(List.of(entries.get(19)));
            assertEquals(entries, reopened(0, 0));
        }
    }

    @Test
    void aFlippedBitCostsOneMessageAndNoneBehindIt() throws IOException {
        byte[] whole = written();
        int at = 0;
        for (int broken = 0; broken < 19; broken++) {
            byte[] flipped = whole.clone();
            flipped[at + broken % size(broken)] ^= (byte) (1 << broken % 8);
            replace(flipped);
            List<ChatEntry> expected = new ArrayList<>(entries);
            expected.remove(broken);
            assertEquals(expected, reopened(0, 1), "message " + broken);
            at += size(broken);
        }
    }

    @Test
    void filesThatAreInTablesGoAndTheOneInUseStays() {
        try (ChatJournal journal = ChatJournal.open(directory, 0, (index, entry) -> {})) {
            List<ChatEntry> large = Collections.nCopies(500, entries.getFirst());
            while (files().size() < 3) {
                journal.append(large);
            }
            String newest = files().getLast().getFileName().toString();
            journal.trim(journal.last() - 100_000);
            assertEquals(3, files().size());
            long second = number(files().get(1));
            journal.trim(second - 2);
            assertEquals(3, files().size(), "its last entry is not in tables");
            journal.trim(second - 1);
            assertEquals(2, files().size());
            journal.trim(journal.last());
            assertEquals(
                    List.of(newest),
                    files().stream().map(file -> file.getFileName().toString()).toList());
        }
    }
}
