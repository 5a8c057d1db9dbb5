package dev.parley.store.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.table.TableConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatHistoryTest {
    /** Every maintenance flushes. */
    private static final TableConfig EAGER = TableConfig.DEFAULT.withFlushInterval(Duration.ofNanos(1));

    private static final TableConfig NEVER = TableConfig.DEFAULT.withFlushInterval(Duration.ofDays(1));

    @TempDir
    Path directory;

    private final List<ChatMessage> messages = Histories.random(new Random(3), 60);
    private final List<ChatMessage> inOrder = Histories.of(messages).all();
    private long nanos;

    private ChatHistory open(TableConfig config) {
        return ChatHistory.open(directory, config, UUID::randomUUID);
    }

    private static RoomState room(ChatHistory history) {
        return history.rooms().computeIfAbsent("r", name -> new RoomState(history.messages(name)));
    }

    private static void post(ChatHistory history, List<ChatMessage> group) {
        history.write(group.stream().<ChatEntry>map(ChatEntry.Posted::new).toList());
        group.forEach(room(history)::add);
        history.publish();
    }

    private void maintain(ChatHistory history) {
        history.maintain(Map.of("r", room(history)), nanos += 1_000);
    }

    private static List<ChatMessage> shown(ChatHistory history) {
        try (ChatHistory.View view = history.view()) {
            return room(history).pages(view.messages("r")).last(1_000);
        }
    }

    private long journals() {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().startsWith("journal-"))
                    .count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void flushAll(ChatHistory history) {
        Awaitility.await().until(() -> {
            maintain(history);
            return history.durable() == history.written();
        });
        maintain(history);
    }

    @Test
    @DisplayName(
            "L10, L20: what was written is there after a crash, whether it was in the journal, in tables or in both")
    void whatWasWrittenIsThereAfterACrash() {
        RoomState.Held held;
        try (ChatHistory history = open(NEVER)) {
            post(history, messages.subList(0, 20));
            maintain(history);
            assertEquals(Histories.of(messages.subList(0, 20)).all(), shown(history));
        }
        try (ChatHistory history = open(EAGER)) {
            assertEquals(Histories.of(messages.subList(0, 20)).all(), shown(history));
            post(history, messages.subList(20, 40));
            flushAll(history);
            post(history, messages.subList(40, 60));
            held = room(history).held();
        }
        try (ChatHistory history = open(NEVER)) {
            assertEquals(inOrder, shown(history));
            assertEquals(held, room(history).held());
            assertEquals(60, room(history).count());
        }
    }

    @Test
    void theJournalIsTrimmedOnceTheTablesHaveIt() {
        try (ChatHistory history = open(NEVER)) {
            post(history, messages.subList(0, 30));
        }
        try (ChatHistory history = open(NEVER)) {
            maintain(history);
            assertEquals(2, journals(), "nothing is in tables");
        }
        try (ChatHistory history = open(EAGER)) {
            flushAll(history);
            assertEquals(1, journals());
            assertEquals(Histories.of(messages.subList(0, 30)).all(), shown(history));
        }
    }

    @Test
    void pagesShowWhatWasPublishedAndAreReadFromEitherEnd() {
        try (ChatHistory history = open(EAGER)) {
            for (int from = 0; from < 60; from += 10) {
                post(history, messages.subList(from, from + 10));
                maintain(history);
            }
            try (ChatHistory.View view = history.view()) {
                RoomPages pages = room(history).pages(view.messages("r"));
                history.messages("other").put(otherRoom(messages.getFirst()));
                room(history).raiseFloor(inOrder.get(40).id());
                history.publish();
                assertEquals(inOrder.subList(50, 60), pages.last(10), "a page is of one moment");
                assertEquals(
                        inOrder.subList(20, 30), pages.before(inOrder.get(30).id(), 10));
                assertEquals(
                        inOrder.subList(31, 36), pages.after(inOrder.get(30).id(), 5));
            }
            assertEquals(inOrder.subList(41, 60), shown(history));
        }
    }

    private static ChatMessage otherRoom(ChatMessage message) {
        return new ChatMessage("r-2", message.id(), 1, message.user(), message.text(), message.atMillis());
    }

    @Test
    void whatWasGivenUpStaysGivenUp() {
        ChatId floor = inOrder.get(9).id();
        List<ChatMessage> above = inOrder.stream()
                .filter(message -> message.id().compareTo(floor) > 0)
                .toList();
        try (ChatHistory history = open(EAGER)) {
            post(history, messages.subList(0, 59));
            flushAll(history);
            room(history).raiseFloor(floor);
            post(history, messages.subList(59, 60));
            assertEquals(above, shown(history));
            flushAll(history);
        }
        try (ChatHistory history = open(EAGER)) {
            assertEquals(above, shown(history));
            assertTrue(messages.stream().noneMatch(room(history)::add));
        }
    }

    @Test
    @DisplayName(
            "K12: the Lamport clock does not go back, whether a message tells how high it was or nothing but itself")
    void theClockDoesNotGoBack() {
        try (ChatHistory history = open(NEVER)) {
            history.write(List.of(new ChatEntry.Clock(1_000_000)));
        }
        try (ChatHistory history = open(EAGER)) {
            assertEquals(1_000_000, history.clock());
            post(history, messages);
            flushAll(history);
        }
        try (ChatHistory history = open(NEVER)) {
            assertEquals(1_000_000, history.clock(), "the journal that said it is gone");
        }
    }

    @Test
    void tablesThatDoNotVerifyAreSetAsideAndTheJournalIsStillRead() throws IOException {
        try (ChatHistory history = open(EAGER)) {
            post(history, messages.subList(0, 40));
        }
        try (ChatHistory history = open(EAGER)) {
            flushAll(history);
            assertEquals(1, journals());
        }
        Path manifest = directory.resolve("tables/MANIFEST");
        byte[] content = Files.readAllBytes(manifest);
        content[20] ^= 1;
        Files.write(manifest, content);
        try (ChatHistory history = open(NEVER)) {
            assertEquals(List.of(), shown(history));
            post(history, messages.subList(40, 60));
            List<ChatMessage> rest = new ArrayList<>(shown(history));
            assertEquals(20, rest.size());
        }
        assertTrue(Files.exists(directory.resolve("tables.damaged-1")));
        try (ChatHistory history = open(NEVER)) {
            assertEquals(20, shown(history).size());
        }
    }
}
