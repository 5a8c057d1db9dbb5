package dev.parley.http.api;

import dev.parley.coordination.gossip.Lane;
import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.gossip.Transport;
import dev.parley.store.kv.Malformed;
import java.time.Duration;
import java.util.List;

/** {@code /internal/v1/link}: where other nodes open their links to this one. */
final class LinkResource implements Resource {
    static final String PATH = "/internal/v1/link";

    /** Probes come every fraction of a second; a connection without them is half open. */
    private static final Duration IDLE_MAX = Duration.ofSeconds(15);

    private final InternalAnswers internal;
    private final Mesh mesh;

    LinkResource(InternalAnswers internal, Mesh mesh) {
        this.internal = internal;
        this.mesh = mesh;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of(PATH, false).on("GET", this::open));
    }

    private Answer open(Request request, String rest) {
        InternalResource.requireSecret(request, internal);
        Lane lane = request.params(List.of("lane"))
                .text("lane")
                .flatMap(Lane::named)
                .orElseThrow(() -> Problem.parameter("lane", "lane must be control or data."));
        return Answer.socket(request, new Inbound(lane, mesh));
    }

    /** A link that another node opened. */
    private static final class Inbound implements SocketHandler, Mesh.Reply {
        private final Lane lane;
        private final Mesh mesh;
        private volatile SocketSession session;
        private volatile Transport.Receiver receiver;

        Inbound(Lane lane, Mesh mesh) {
            this.lane = lane;
            this.mesh = mesh;
        }

        @Override
        public Limits limits() {
            return new Limits(Lane.MESSAGE_BYTES_MAX, IDLE_MAX);
        }

        @Override
        public void opened(SocketSession opened) {
            session = opened;
            receiver = mesh.accept(lane, this);
        }

        @Override
        public void text(String message) {
            throw new SocketClosing(SocketClosing.POLICY, "a link takes binary messages");
        }

        @Override
        public void binary(byte[] message) {
            try {
                receiver.received(message);
            } catch (Malformed malformed) {
                throw new SocketClosing(SocketClosing.POLICY, "malformed");
            }
        }

        @Override
        public void closed() {
            receiver.closed();
        }

        @Override
        public void send(byte[] message) {
            session.offer(message);
        }

        @Override
        public void close() {
            session.cut();
        }
    }
}
