package dev.parley.http.node;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.channel.Channels;
import dev.parley.coordination.chat.Chat;
import dev.parley.coordination.control.ControlBoard;
import dev.parley.coordination.control.EventLog;
import dev.parley.coordination.control.NodeReports;
import dev.parley.coordination.control.Subsystems;
import dev.parley.coordination.gossip.Lane;
import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.gossip.MeshConfig;
import dev.parley.coordination.gossip.PeerAddress;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.gossip.PeerService;
import dev.parley.coordination.gossip.Priority;
import dev.parley.coordination.group.Groups;
import dev.parley.http.api.Checkpoints;
import dev.parley.http.api.Gossiped;
import dev.parley.http.api.HttpConfig;
import dev.parley.http.api.ParleyHttp;
import dev.parley.http.api.SnapshotOffers;
import dev.parley.store.kv.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links over HTTP between nodes that have nothing else: no replica, no ZooKeeper. */
class PeerLinksTest {
    @TempDir
    Path directory;

    private final List<LinkedNode> nodes = new ArrayList<>();

    /** An HTTP server with a mesh behind it. */
    private static final class LinkedNode implements PeerService, AutoCloseable {
        final Mesh mesh;
        final PeerTransport transport;
        final ParleyHttp http;
        final List<Integer> sizes = new CopyOnWriteArrayList<>();

        LinkedNode(String name, int port, String secret, Path chat) {
            transport = new PeerTransport(secret);
            mesh = new Mesh(
                    new MeshConfig(
                            "test",
                            new PeerIdentity(name, UUID.randomUUID()),
                            Duration.ofMillis(50),
                            Duration.ofMillis(500),
                            System::nanoTime,
                            new SplittableRandom(5)),
                    transport);
            mesh.register(9, this);
            var internal = new InternalApi(
                    "the-secret-of-all",
                    "test",
                    "",
                    () -> {
                        throw new IllegalStateException("nobody asks");
                    },
                    SnapshotOffers::none);
            http = ParleyHttp.listen(
                    new HttpConfig("127.0.0.1", port, name, "test", "1", List.of()),
                    new Gate(),
                    new Surroundings(System::nanoTime, true),
                    internal,
                    new Gossiped(
                            mesh,
                            Groups.open(mesh, System::nanoTime, System::currentTimeMillis),
                            Channels.open(mesh, System::currentTimeMillis),
                            Chat.open(mesh, chat, System::nanoTime, System::currentTimeMillis)),
                    Checkpoints.NONE,
                    board(),
                    dev.parley.http.api.ProcessDesk.NONE,
                    new dev.parley.http.api.Ambient(System::nanoTime, System::currentTimeMillis, () -> "r"));
            mesh.start();
        }

        private static ControlBoard board() {
            return new ControlBoard(
                    new EventLog("n", "00000000", System::currentTimeMillis),
                    new NodeReports(),
                    Subsystems.starting(List.of()));
        }

        PeerAddress address() {
            return new PeerAddress(mesh.self().node(), "http://127.0.0.1:" + http.port());
        }

        @Override
        public void received(PeerIdentity from, Bytes message) {
            sizes.add(message.size());
        }

        @Override
        public void connected(PeerIdentity peer, Lane lane) {}

        @Override
        public void close() {
            http.close();
            mesh.close();
            transport.close();
        }
    }

    private LinkedNode open(String name, int port, String secret) {
        LinkedNode node = new LinkedNode(name, port, secret, directory.resolve(name + "-" + nodes.size()));
        nodes.add(node);
        return node;
    }

    @AfterEach
    void close() {
        nodes.forEach(LinkedNode::close);
    }

    /** A17: after a failure the links come back without a restart of those that lived. */
    @Test
    void nodesFindEachOtherOverHttpAndAgainAfterOneWasGone() {
        LinkedNode first = open("n1", 0, "the-secret-of-all");
        LinkedNode second = open("n2", 0, "the-secret-of-all");
        List<PeerAddress> members = List.of(first.address(), second.address());
        first.mesh.members(members);
        second.mesh.members(members);
        await().until(() -> first.mesh.reachable().equals(Set.of("n2"))
                && second.mesh.reachable().equals(Set.of("n1")));
        await().until(() -> first.mesh.send("n2", 9, Priority.BULK, Bytes.wrap(new byte[Lane.MESSAGE_BYTES_MAX - 2])));
        assertTrue(first.mesh.send("n2", 9, Priority.BULK, Bytes.EMPTY));
        await().until(() -> second.sizes.equals(List.of(Lane.MESSAGE_BYTES_MAX - 2, 0)));

        int port = second.http.port();
        second.close();
        await().until(() -> first.mesh.suspected().equals(Set.of("n2")));
        assertFalse(first.mesh.send("n2", 9, Priority.CONTROL, Bytes.EMPTY));
        LinkedNode again = open("n2", port, "the-secret-of-all");
        again.mesh.members(members);
        await().until(() -> first.mesh.reachable().equals(Set.of("n2")));
        await().until(() -> first.mesh.send("n2", 9, Priority.CONTROL, Bytes.EMPTY));
        await().until(() -> again.sizes.equals(List.of(0)));
    }

    @Test
    void whoDoesNotKnowTheSecretGetsNoLink() {
        LinkedNode first = open("n1", 0, "the-secret-of-all");
        LinkedNode stranger = open("n2", 0, "a-guess-at-the-secret");
        first.mesh.members(List.of(stranger.address()));
        stranger.mesh.members(List.of(first.address()));
        await().until(() -> stranger.mesh.suspected().equals(Set.of("n1")));
        assertFalse(stranger.mesh.send("n1", 9, Priority.CONTROL, Bytes.EMPTY));
        assertEquals(List.of(), first.sizes);
        assertEquals(Optional.empty(), stranger.mesh.reachable().stream().findFirst());
    }
}
