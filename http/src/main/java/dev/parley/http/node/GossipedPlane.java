package dev.parley.http.node;

import dev.parley.coordination.channel.Channels;
import dev.parley.coordination.chat.Chat;
import dev.parley.coordination.control.NodeReports;
import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.gossip.MeshConfig;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.group.Groups;
import dev.parley.http.api.Gossiped;
import dev.parley.store.kv.Bytes;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StoreFailure;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** What goes on without ZooKeeper: the links to the other nodes, and what uses them. Begins before the node has joined. */
final class GossipedPlane implements AutoCloseable {
    private final PeerTransport transport;
    private final Gossiped gossiped;
    private final MemberWatch members;

    private GossipedPlane(PeerTransport transport, Gossiped gossiped, MemberWatch members) {
        this.transport = transport;
        this.gossiped = gossiped;
        this.members = members;
    }

    /** @param directory of its own; made when it is not there */
    static GossipedPlane open(
            Cluster cluster, PeerIdentity self, Path directory, Replica replica, NodeReports reports, Ambient ambient) {
        var transport = new PeerTransport(cluster.secret());
        var random = new SplittableRandom(self.incarnation().getLeastSignificantBits());
        var mesh = new Mesh(MeshConfig.of(cluster.id(), self, ambient.nanos(), random), transport);
        var groups = Groups.open(mesh, ambient.nanos(), ambient.epochMillis());
        var channels = Channels.open(mesh, ambient.epochMillis());
        var chat = openChat(mesh, directory.resolve("chat"), ambient);
        groups.join("chat_servers", self.node(), Bytes.EMPTY);
        var members = new MemberWatch(new MemberFile(directory), replica, mesh::members);
        mesh.register(NodeReports.SERVICE, reports);
        mesh.start();
        members.start();
        return new GossipedPlane(transport, new Gossiped(mesh, groups, channels, chat), members);
    }

    private static Chat openChat(Mesh mesh, Path directory, Ambient ambient) {
        try {
            return Chat.open(mesh, directory, ambient.nanos(), ambient.epochMillis());
        } catch (UncheckedIOException | StoreFailure failure) {
            throw new StartFailure(
                    "the chat history in " + directory + " cannot be used: " + failure.getMessage(), failure);
        }
    }

    Mesh mesh() {
        return gossiped.mesh();
    }

    /** For those who answer requests. */
    Gossiped forRequests() {
        return gossiped;
    }

    @Override
    public void close() {
        members.close();
        gossiped.chat().close();
        gossiped.channels().close();
        gossiped.groups().close();
        gossiped.mesh().close();
        transport.close();
    }
}
