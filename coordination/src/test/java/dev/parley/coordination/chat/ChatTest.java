package dev.parley.coordination.chat;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.gossip.MeshTrio;
import dev.parley.store.chat.ChatMessage;
import dev.parley.store.chat.RoomRetention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final List<String> NODES = List.of("n1", "n2", "n3");

    @TempDir
    Path directory;

    private final Map<String, Chat> chats = new ConcurrentHashMap<>();
    private final List<ChatMessage> acknowledged = new ArrayList<>();
    private static final Comparator<ChatMessage> BY_ID =
            (one, other) -> one.id().compareTo(other.id());

    private ChatConfig config = ChatConfig.DEFAULT;
    private MeshTrio trio;

    @BeforeEach
    void start() {
        trio = new MeshTrio(this::open);
    }

    private void open(Mesh mesh) {
        String node = mesh.self().node();
        chats.put(node, Chat.open(mesh, directory.resolve(node), config, System::nanoTime, System::currentTimeMillis));
    }

    @AfterEach
    void close() {
        chats.values().forEach(Chat::close);
        trio.close();
    }

    private Chat.Result post(String node, String text, Chat.Acks acks, Duration timeout) {
        return chats.get(node).post("r", node, text, acks, timeout, this);
    }

    private int posted(String node, String text) {
        Chat.Result.Posted posted =
                assertInstanceOf(Chat.Result.Posted.class, post(node, text, Chat.Acks.ONE_PEER, PATIENCE));
        acknowledged.add(posted.message());
        return posted.durableOn();
    }

    private List<ChatMessage> history(String node) {
        return chats.get(node).read("r", new Chat.Reading.Last(), 1_000).messages();
    }

    /** Every acknowledged message, in one order, once. */
    private void awaitSameEverywhere() {
        List<ChatMessage> expected = acknowledged.stream()
                .sorted((one, other) -> one.id().compareTo(other.id()))
                .toList();
        NODES.forEach(node -> await(node).until(() -> history(node).equals(expected)));
    }

    private void kill(String node) {
        trio.kill(node);
        chats.remove(node).close();
    }

    @Test
    @DisplayName("L5, L8, I1: what is posted through any node is the same history on all, each message once")
    void allNodesHoldTheSame() {
        for (int i = 0; i < 30; i++) {
            posted(NODES.get(i % 3), "text " + i);
        }
        awaitSameEverywhere();
        assertEquals(
                List.of("r"),
                chats.get("n3").rooms().stream().map(Chat.RoomInfo::room).toList());
        await().until(() -> posted("n1", "more") >= 2);
    }

    @Test
    @DisplayName(
            "L11, L12, L16, M11, M13, M14: both sides of a partition go on, and afterwards hold the union in one order")
    void aPartitionLosesNothing() {
        posted("n1", "before");
        awaitSameEverywhere();
        trio.isolate("n3");
        Chat.Page seen = chats.get("n1").read("r", new Chat.Reading.Last(), 10);
        for (int i = 0; i < 100; i++) {
            posted("n1", "busy " + i);
        }
        assertEquals(1, posted("n3", "quiet"), "it says that it is on one disk only");
        assertEquals(2, history("n3").size());
        trio.heal();
        awaitSameEverywhere();
        posted("n3", "after");
        awaitSameEverywhere();
        ChatPosition position = ChatPosition.parse(seen.position()).orElseThrow();
        List<ChatMessage> later = chats.get("n2")
                .read("r", new Chat.Reading.After(position), 1_000)
                .messages();
        assertEquals(
                102, later.size(), "L15: a position shows what was merged in later, on any node, and nothing twice");
    }

    @Test
    @DisplayName("L10, L13, M9, I8: after kill -9 of a node nothing acknowledged is missing anywhere")
    void aKilledNodeComesBackWithItsHistory() {
        for (int i = 0; i < 20; i++) {
            posted("n2", "text " + i);
        }
        kill("n2");
        posted("n1", "meanwhile");
        trio.start("n2", this::open);
        trio.awaitWhole();
        posted("n2", "back");
        awaitSameEverywhere();
    }

    @Test
    @DisplayName("K12, A19: a node whose disk was wiped gets everything back and names no message as it did before")
    void aWipedNodeGetsEverythingBack() throws IOException {
        for (int i = 0; i < 20; i++) {
            posted("n2", "text " + i);
        }
        awaitSameEverywhere();
        kill("n2");
        wipe(directory.resolve("n2"));
        trio.start("n2", this::open);
        for (int i = 0; i < 20; i++) {
            posted("n2", "again " + i);
        }
        trio.awaitWhole();
        awaitSameEverywhere();
        List<String> ids =
                acknowledged.stream().map(message -> message.id().text()).toList();
        assertEquals(ids.size(), new HashSet<>(ids).size());
    }

    private static void wipe(Path place) throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Path journalOf(String node) throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve(node))) {
            return all.filter(file -> file.getFileName().toString().startsWith("journal-"))
                    .max(Comparator.comparing(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    @Test
    @Tag("simulation") // it waits to see that nothing happens
    @DisplayName("L11, M14: the floor rises when all have a message, on all nodes; not above what one lacks")
    void theFloorRisesByAgreement() {
        config = new ChatConfig(
                new RoomRetention(10, Long.MAX_VALUE / 2, 1 << 30), Duration.ZERO, ChatConfig.DEFAULT.tables());
        for (String node : NODES) {
            kill(node);
            trio.start(node, this::open);
        }
        trio.awaitWhole();
        for (int i = 0; i < 30; i++) {
            posted(NODES.get(i % 3), "text " + i);
        }
        NODES.forEach(node ->
                await().atMost(Duration.ofSeconds(30)).until(() -> history(node).size() == 10));
        List<ChatMessage> kept = history("n1");
        assertEquals(acknowledged.stream().sorted(BY_ID).skip(20).toList(), kept);
        trio.isolate("n3");
        posted("n3", "quiet");
        for (int i = 0; i < 30; i++) {
            posted("n1", "busy " + i);
        }
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(30))
                .until(() -> history("n1").stream()
                                .filter(message -> message.text().startsWith("busy"))
                                .count()
                        == 30);
        trio.heal();
        NODES.forEach(node ->
                await().atMost(Duration.ofSeconds(30)).until(() -> history(node).size() == 10));
        NODES.forEach(node ->
                assertEquals(0, chats.get(node).rooms().getFirst().dropped(), "nothing came too late for its place"));
    }

    @Test
    void aHoleInTheJournalIsRefilledFromTheOthers() throws IOException {
        for (int i = 0; i < 20; i++) {
            posted("n1", "text " + i);
        }
        awaitSameEverywhere();
        kill("n1");
        Path journal = journalOf("n1");
        byte[] content = Files.readAllBytes(journal);
        content[content.length / 2] ^= 4;
        Files.write(journal, content);
        trio.start("n1", this::open);
        trio.awaitWhole();
        awaitSameEverywhere();
    }

    @Test
    void aMajorityIsAskedForOnlyWhereItIsWantedAndItsLackIsNoAcknowledgement() {
        await().until(() ->
                post("n1", "x", Chat.Acks.MAJORITY, PATIENCE) instanceof Chat.Result.Posted(var m, int disks)
                        && disks >= 2);
        trio.isolate("n1");
        assertInstanceOf(Chat.Result.Unknown.class, post("n1", "y", Chat.Acks.MAJORITY, Duration.ofMillis(200)));
        Chat.Result.Posted local =
                assertInstanceOf(Chat.Result.Posted.class, post("n1", "z", Chat.Acks.LOCAL, PATIENCE));
        assertEquals(1, local.durableOn());
    }

    @Test
    @DisplayName("L2: between the history and what follows nothing is missing and nothing comes twice")
    void whoFollowsMissesNothing() throws InterruptedException {
        Thread busy = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 300; i++) {
                chats.get("n1").post("r", "busy", "" + i, Chat.Acks.LOCAL, PATIENCE, "busy");
            }
        });
        List<String> seen = new ArrayList<>();
        await().until(() -> history("n1").size() > 20);
        Chat.Follower follower = chats.get("n1")
                .follow("r", Optional.empty(), 10_000, 10_000, "reader")
                .orElseThrow();
        follower.start().messages().forEach(message -> seen.add(message.text()));
        while (seen.size() < 300) {
            follower.await(PATIENCE)
                    .orElseThrow()
                    .forEach(followed -> seen.add(followed.message().text()));
        }
        busy.join();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            expected.add("" + i);
        }
        assertEquals(expected, seen);
    }

    @Test
    @DisplayName(
            "L6, L19: who posts is told that it is its own; who reads too slowly is told, and costs no more than the bound")
    void whoIsTooSlowIsTold() throws InterruptedException {
        Chat.Follower slow =
                chats.get("n1").follow("r", Optional.empty(), 50, 50, "me").orElseThrow();
        chats.get("n1").post("r", "me", "mine", Chat.Acks.LOCAL, PATIENCE, "me");
        chats.get("n1").post("r", "you", "yours", Chat.Acks.LOCAL, PATIENCE, "you");
        List<Chat.Followed> both = new ArrayList<>();
        while (both.size() < 2) {
            both.addAll(slow.await(PATIENCE).orElseThrow());
        }
        assertEquals(List.of(true, false), both.stream().map(Chat.Followed::own).toList());
        Thread[] writers = new Thread[20];
        for (int w = 0; w < writers.length; w++) {
            writers[w] = Thread.ofVirtual().start(() -> {
                for (int i = 0; i <= Room.FOLLOWED_MAX / 20; i++) {
                    chats.get("n1").post("r", "busy", "x", Chat.Acks.LOCAL, PATIENCE, "busy");
                }
            });
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertTrue(slow.await(PATIENCE).isEmpty());
    }
}
