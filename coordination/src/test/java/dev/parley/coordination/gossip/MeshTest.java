package dev.parley.coordination.gossip;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Malformed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MeshTest {
    private final MemoryNetwork network = new MemoryNetwork();
    private final Map<String, Mesh> meshes = new TreeMap<>();
    private final Map<String, Recorder> recorders = new TreeMap<>();

    /** Writes down what it is told. */
    private static final class Recorder implements PeerService {
        final List<String> heard = new CopyOnWriteArrayList<>();
        final List<PeerIdentity> connected = new CopyOnWriteArrayList<>();
        final List<String> changes = new CopyOnWriteArrayList<>();

        @Override
        public void received(PeerIdentity from, Bytes message) {
            heard.add(from.node() + ":" + message.utf8());
        }

        @Override
        public void connected(PeerIdentity peer, Lane lane) {
            if (lane == Lane.DATA) {
                connected.add(peer);
            }
        }

        @Override
        public void reachable(String node, boolean reachable) {
            changes.add(node + (reachable ? " there" : " silent"));
        }

        @Override
        public void removed(String node) {
            changes.add(node + " removed");
        }
    }

    private Mesh open(String node) {
        Mesh mesh = new Mesh(
                new MeshConfig(
                        "test",
                        new PeerIdentity(node, UUID.randomUUID()),
                        Duration.ofMillis(10),
                        Duration.ofMillis(400),
                        System::nanoTime,
                        new SplittableRandom(3)),
                network.transport(node));
        Recorder recorder = new Recorder();
        mesh.register(7, recorder);
        meshes.put(node, mesh);
        recorders.put(node, recorder);
        network.attach(mesh);
        mesh.start();
        return mesh;
    }

    private void introduce(String... nodes) {
        List<PeerAddress> members = new ArrayList<>();
        for (String node : nodes) {
            members.add(new PeerAddress(node, node));
        }
        meshes.values().forEach(mesh -> mesh.members(members));
    }

    private void three() {
        open("n1");
        open("n2");
        open("n3");
        introduce("n1", "n2", "n3");
        meshes.forEach((node, mesh) -> await().until(() ->
                mesh.reachable().size() == 2 && recorders.get(node).connected.size() >= 2));
    }

    @AfterEach
    void close() {
        meshes.values().forEach(Mesh::close);
    }

    /** B8, A17: no node is between two others, and the links come back by themselves. */
    @Test
    void messagesReachEveryPeerInOrderAndAgainAfterACut() {
        three();
        for (int i = 0; i < 100; i++) {
            meshes.get("n1").sendToAll(7, Priority.EVENTS, Bytes.utf8("" + i));
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            expected.add("n1:" + i);
        }
        await().until(() -> recorders.get("n2").heard.equals(expected)
                && recorders.get("n3").heard.equals(expected));
        network.cut("n1", "n2");
        await().until(() -> meshes.get("n1").suspected().equals(Set.of("n2"))
                && meshes.get("n2").suspected().equals(Set.of("n1")));
        assertEquals(Set.of("n1", "n2"), meshes.get("n3").reachable());
        assertEquals(Set.of("n2", "n3"), meshes.get("n1").peers(), "a suspect stays a member");
        network.heal();
        await().until(() -> meshes.get("n1").reachable().size() == 2
                && meshes.get("n2").reachable().size() == 2
                && recorders.get("n1").connected.size() > 2);
        assertEquals(true, meshes.get("n1").send("n2", 7, Priority.CONTROL, Bytes.utf8("again")));
        await().until(() -> recorders.get("n2").heard.getLast().equals("n1:again"));
        List<String> aboutTheOther = recorders.get("n1").changes.stream()
                .filter(change -> change.startsWith("n2"))
                .toList();
        assertEquals(
                List.of("n2 there", "n2 silent", "n2 there"),
                List.of(
                        aboutTheOther.getFirst(),
                        aboutTheOther.get(aboutTheOther.size() - 2),
                        aboutTheOther.getLast()));
    }

    @Test
    void aNodeThatIsStartedAgainIsKnownByItsNewIncarnation() {
        three();
        PeerIdentity before = meshes.get("n2").self();
        network.detach("n2");
        meshes.get("n2").close();
        await().until(() -> meshes.get("n1").suspected().equals(Set.of("n2")));
        assertFalse(meshes.get("n1").send("n2", 7, Priority.DATA, Bytes.utf8("lost")), "it is not taken, so not lost");
        PeerIdentity after = open("n2").self();
        introduce("n1", "n2", "n3");
        await().until(() -> recorders.get("n1").connected.contains(after));
        assertEquals(
                List.of(before, after),
                recorders.get("n1").connected.stream()
                        .filter(peer -> peer.node().equals("n2"))
                        .distinct()
                        .toList());
    }

    @Test
    void whoIsNoMemberAnyMoreIsNeitherLinkedNorSuspected() {
        three();
        introduce("n1", "n3");
        Mesh first = meshes.get("n1");
        assertEquals(Set.of("n3"), first.peers());
        assertEquals(Set.of("n3"), first.reachable());
        assertFalse(first.send("n2", 7, Priority.DATA, Bytes.utf8("x")));
        assertEquals("n2 removed", recorders.get("n1").changes.getLast());
    }

    @Test
    void aLetterBeforeTheHelloAndAHelloFromAnotherClusterAreRefused() {
        Mesh mesh = open("n1");
        Mesh.Reply deaf = new Mesh.Reply() {
            @Override
            public void send(byte[] message) {}

            @Override
            public void close() {}
        };
        byte[] letter = new Frame.Letter(7, Bytes.utf8("x")).encode();
        assertThrows(Malformed.class, () -> mesh.accept(Lane.DATA, deaf).received(letter));
        byte[] foreign = new Frame.Hello("other", new PeerIdentity("n2", new UUID(1, 1))).encode();
        assertThrows(Malformed.class, () -> mesh.accept(Lane.DATA, deaf).received(foreign));
        byte[] mirror = new Frame.Hello("test", new PeerIdentity("n1", new UUID(1, 1))).encode();
        assertThrows(Malformed.class, () -> mesh.accept(Lane.DATA, deaf).received(mirror));
        assertEquals(List.of(), recorders.get("n1").heard);
    }
}
