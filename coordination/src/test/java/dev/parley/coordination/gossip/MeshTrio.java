package dev.parley.coordination.gossip;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/** Three nodes that are linked in memory, for tests of what travels on links. */
public final class MeshTrio implements AutoCloseable {
    private static final List<PeerAddress> MEMBERS =
            List.of(new PeerAddress("n1", "n1"), new PeerAddress("n2", "n2"), new PeerAddress("n3", "n3"));

    private final MemoryNetwork network = new MemoryNetwork();
    private final Map<String, Mesh> meshes = new TreeMap<>();

    /** @param services registers on each mesh what is to be tested */
    public MeshTrio(Consumer<Mesh> services) {
        MEMBERS.forEach(member -> start(member.node(), services));
        awaitWhole();
    }

    /** Starts a node, perhaps again, with another incarnation. */
    public Mesh start(String node, Consumer<Mesh> services) {
        Mesh mesh = new Mesh(
                new MeshConfig(
                        "test",
                        new PeerIdentity(node, UUID.randomUUID()),
                        Duration.ofMillis(10),
                        Duration.ofMillis(400),
                        System::nanoTime,
                        new SplittableRandom(node.hashCode())),
                network.transport(node));
        services.accept(mesh);
        network.attach(mesh);
        meshes.put(node, mesh);
        mesh.start();
        mesh.members(MEMBERS);
        return mesh;
    }

    public void awaitWhole() {
        meshes.values().forEach(mesh -> await().until(() -> mesh.reachable().size() == 2));
    }

    /** Nothing passes any more between this node and the others; returns when all have noticed. */
    public void isolate(String node) {
        for (String other : meshes.keySet()) {
            if (!other.equals(node)) {
                network.cut(node, other);
            }
        }
        await().until(() -> meshes.get(node).suspected().size() == 2);
        meshes.forEach((other, mesh) -> {
            if (!other.equals(node)) {
                await().until(() -> mesh.suspected().contains(node));
            }
        });
    }

    /** Ends all cuts. */
    public void restoreNetwork() {
        network.heal();
    }

    /** Ends all cuts; returns when all see each other. */
    public void heal() {
        restoreNetwork();
        awaitWhole();
    }

    /** As kill -9. */
    public void kill(String node) {
        network.detach(node);
        meshes.remove(node).close();
    }

    /** Makes all others forget a node. */
    public void remove(String node) {
        meshes.values()
                .forEach(mesh -> mesh.members(MEMBERS.stream()
                        .filter(member -> !member.node().equals(node))
                        .toList()));
    }

    @Override
    public void close() {
        meshes.values().forEach(Mesh::close);
    }
}
