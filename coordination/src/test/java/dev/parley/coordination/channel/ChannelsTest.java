package dev.parley.coordination.channel;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.gossip.MeshTrio;
import dev.parley.store.kv.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChannelsTest {
    private final Map<String, Channels> channels = new ConcurrentHashMap<>();
    private MeshTrio trio;

    @BeforeEach
    void start() {
        trio = new MeshTrio(this::open);
    }

    private void open(Mesh mesh) {
        channels.put(mesh.self().node(), Channels.open(mesh, System::currentTimeMillis));
    }

    @AfterEach
    void close() {
        channels.values().forEach(Channels::close);
        trio.close();
    }

    private List<String> read(String node, String publisher) {
        return channels.get(node).read("t", Position.START, 1_000).messages().stream()
                .filter(message -> message.publisher().node().equals(publisher))
                .map(message -> message.data().utf8())
                .toList();
    }

    private void publish(String node, int from, int to) {
        for (int i = from; i < to; i++) {
            channels.get(node).publish("t", Bytes.utf8("" + i));
        }
    }

    private static List<String> numbers(int to) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < to; i++) {
            numbers.add("" + i);
        }
        return numbers;
    }

    @Test
    @DisplayName(
            "G1, G2, G6: what one node publishes all get, in its order, also what they missed while they were cut off")
    void allGetEverythingInOrder() {
        publish("n1", 0, 100);
        await().until(() -> read("n3", "n1").size() == 100);
        trio.isolate("n3");
        publish("n1", 100, 200);
        publish("n3", 0, 50);
        assertEquals(100, read("n3", "n1").size());
        trio.heal();
        for (String node : List.of("n1", "n2", "n3")) {
            await(node)
                    .until(() -> read(node, "n1").equals(numbers(200))
                            && read(node, "n3").equals(numbers(50)));
        }
    }

    @Test
    void whatADeadNodePublishedReachesOthersThroughThoseWhoHaveIt() {
        trio.isolate("n3");
        publish("n1", 0, 20);
        await().until(() -> read("n2", "n1").size() == 20);
        trio.kill("n1");
        channels.remove("n1").close();
        trio.remove("n1");
        // n3 was cut off from both; only n2 can tell it now.
        trio.restoreNetwork();
        await().until(() -> read("n3", "n1").equals(numbers(20)));
    }

    @Test
    void aReaderThatWaitsIsWokenByTheNextMessage() throws InterruptedException {
        Thread late = Thread.ofVirtual().start(() -> publish("n2", 0, 1));
        Channels.Page page = channels.get("n1").await("t", Position.START, 10, Duration.ofSeconds(20));
        late.join();
        assertEquals(1, page.messages().size());
        assertEquals(
                List.of(),
                channels.get("n1")
                        .await("t", page.next(), 10, Duration.ofMillis(1))
                        .messages());
    }

    @Test
    void thereAreOnlySoManyTopics() {
        for (int i = 0; i < Channels.TOPICS_MAX; i++) {
            assertEquals(
                    true, channels.get("n1").publish("t" + i, Bytes.utf8("1")).isPresent());
        }
        assertEquals(
                false, channels.get("n1").publish("one-more", Bytes.utf8("1")).isPresent());
        assertEquals(true, channels.get("n1").publish("t5", Bytes.utf8("2")).isPresent());
    }
}
