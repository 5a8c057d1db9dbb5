package dev.parley.coordination.gossip;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Links between meshes in one process, which can be cut. Any thread. */
public final class MemoryNetwork {
    private record Cut(String from, String to) {}

    private final Map<String, Mesh> meshes = new ConcurrentHashMap<>();
    private final Set<Cut> cuts = ConcurrentHashMap.newKeySet();
    private final List<Pipe> pipes = new CopyOnWriteArrayList<>();

    /** For the mesh of one node. */
    public Transport transport(String from) {
        return (peer, lane, receiver) -> {
            Mesh to = meshes.get(peer.url());
            if (to == null || isCut(from, peer.url())) {
                throw new Transport.LinkFailure("nobody there");
            }
            Pipe pipe = new Pipe(from, peer.url(), receiver);
            pipe.inbound.set(to.accept(lane, pipe.back()));
            pipes.add(pipe);
            return pipe;
        };
    }

    /** Its url is its name. */
    public void attach(Mesh mesh) {
        meshes.put(mesh.self().node(), mesh);
    }

    /** As when the process dies: its connections break at once. */
    public void detach(String node) {
        meshes.remove(node);
        pipes.stream().filter(pipe -> pipe.touches(node)).forEach(Pipe::close);
    }

    /** From now on nothing passes between the two, in either direction, and nobody is told. */
    public void cut(String one, String other) {
        cuts.add(new Cut(one, other));
        cuts.add(new Cut(other, one));
    }

    public void heal() {
        cuts.clear();
    }

    private boolean isCut(String from, String to) {
        return cuts.contains(new Cut(from, to));
    }

    /** One connection: what the opener holds. What the acceptor holds is {@link #back}. */
    private final class Pipe implements Transport.Wire {
        private final String from;
        private final String to;
        private final Transport.Receiver opener;
        private final AtomicReference<Transport.Receiver> inbound = new AtomicReference<>();
        private final AtomicBoolean closed = new AtomicBoolean();

        Pipe(String from, String to, Transport.Receiver opener) {
            this.from = from;
            this.to = to;
            this.opener = opener;
        }

        boolean touches(String node) {
            return from.equals(node) || to.equals(node);
        }

        @Override
        public void send(byte[] message) {
            if (closed.get()) {
                throw new Transport.LinkFailure("closed");
            }
            if (!isCut(from, to)) { // otherwise swallowed, as by a network that drops packets
                inbound.get().received(message);
            }
        }

        Mesh.Reply back() {
            return new Mesh.Reply() {
                @Override
                public void send(byte[] message) {
                    if (!closed.get() && !isCut(to, from)) {
                        opener.received(message);
                    }
                }

                @Override
                public void close() {
                    Pipe.this.close();
                }
            };
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                pipes.remove(this);
                opener.closed();
                inbound.get().closed();
            }
        }
    }
}
