package dev.parley.store.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatJournalTest {
    @TempDir
    Path directory;

    private final List<ChatMessage> messages = Histories.random(new Random(1), 20);

    private List<ChatMessage> reopened(int damages) {
        List<ChatMessage> found = new ArrayList<>();
        try (ChatJournal journal = ChatJournal.open(directory, found::add)) {
            assertEquals(damages, journal.damages());
        }
        return found;
    }

    private byte[] written() throws IOException {
        try (ChatJournal journal = ChatJournal.open(directory, message -> {})) {
            journal.append(messages.subList(0, 5));
            journal.append(messages.subList(5, 20));
        }
        return Files.readAllBytes(directory.resolve("journal"));
    }

    private void replace(byte[] content) throws IOException {
        Files.write(directory.resolve("journal"), content);
    }

    @Test
    @DisplayName("L10: what was written is there after a restart")
    void whatWasWrittenIsThereAfterARestart() throws IOException {
        written();
        assertEquals(messages, reopened(0));
    }

    @Test
    void aTornEndIsCutOffAndWhatIsWrittenNextIsRead() throws IOException {
        byte[] whole = written();
        int lastFrame = JournalScan.frame(messages.getLast()).length;
        for (int cut = 1; cut < lastFrame; cut++) {
            replace(Arrays.copyOf(whole, whole.length - cut));
            assertEquals(messages.subList(0, 19), reopened(0), "cut by " + cut);
            try (ChatJournal journal = ChatJournal.open(directory, message -> {})) {
                journal.append(List.of(messages.get(19)));
            }
            assertEquals(messages, reopened(0));
        }
    }

    @Test
    void aFlippedBitCostsOneMessageAndNoneBehindIt() throws IOException {
        byte[] whole = written();
        int at = 0;
        for (int broken = 0; broken < 19; broken++) {
            byte[] flipped = whole.clone();
            int frame = JournalScan.frame(messages.get(broken)).length;
            flipped[at + broken % frame] ^= (byte) (1 << broken % 8);
            replace(flipped);
            List<ChatMessage> expected = new ArrayList<>(messages);
            expected.remove(broken);
            assertEquals(expected, reopened(1), "message " + broken);
            at += frame;
        }
    }

    @Test
    void aRewrittenJournalHoldsWhatIsWantedAndGoesOn() throws IOException {
        written();
        try (ChatJournal journal = ChatJournal.open(directory, message -> {})) {
            journal.rewrite(messages.subList(10, 15));
            journal.append(messages.subList(15, 17));
            assertEquals(Files.size(directory.resolve("journal")), journal.bytes());
        }
        assertEquals(messages.subList(10, 17), reopened(0));
    }
}
