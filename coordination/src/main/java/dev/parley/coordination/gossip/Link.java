package dev.parley.coordination.gossip;

import dev.parley.store.kv.Malformed;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane to one peer: connects, says hello, sends what is offered, and begins anew when the connection breaks, until it
 * is closed. Has a thread of its own.
 */
final class Link implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final Duration HELLO_WITHIN = Duration.ofSeconds(3);

    /** Who hears of it. */
    interface Owner {
        void connected(PeerIdentity peer, Lane lane);

        void answered(String node, Lane lane);
    }

    private final PeerAddress peer;
    private final Lane lane;
    private final Frame.Hello hello;
    private final Transport transport;
    private final Backoff backoff;
    private final Owner owner;
    private final AtomicReference<Session> session;
    private final Thread thread;
    private boolean told;

    Link(PeerAddress peer, Lane lane, Frame.Hello hello, Transport transport, Backoff backoff, Owner owner) {
        this.peer = peer;
        this.lane = lane;
        this.hello = hello;
        this.transport = transport;
        this.backoff = backoff;
        this.owner = owner;
        this.session = new AtomicReference<>(new Session());
        this.thread = Thread.ofVirtual()
                .name("link-" + lane.text() + "-" + peer.node())
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    PeerAddress peer() {
        return peer;
    }

    /** @return false when the message was not taken */
    boolean offer(Priority priority, byte[] message) {
        return session.get().outbox.offer(priority, message);
    }

    /** Gives the present connection up. */
    void reset() {
        session.get().end();
    }

    @Override
    public void close() {
        thread.interrupt();
        reset();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    session();
                } catch (Transport.LinkFailure | Malformed failure) {
                    tellOnce(failure.getMessage());
                }
                Thread.sleep(backoff.next());
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellOnce(String why) {
        if (!told) {
            told = true;
            LOG.info("event=link_down node={} lane={} reason=\"{}\"", peer.node(), lane.text(), why);
        }
    }

    private void session() throws InterruptedException {
        Session now = new Session();
        session.set(now);
        try (Transport.Wire wire = transport.connect(peer, lane, now)) {
            now.wire.complete(wire);
            wire.send(hello.encode());
            PeerIdentity identity = greeted(now.theirs);
            if (!identity.node().equals(peer.node())) {
                throw new Transport.LinkFailure("another node, " + identity.node() + ", answers there");
            }
            backoff.succeeded();
            told = false;
            now.outbox.open();
            owner.connected(identity, lane);
            for (Optional<byte[]> next = now.outbox.take(); next.isPresent(); next = now.outbox.take()) {
                wire.send(next.get());
            }
        } finally {
            now.end();
        }
    }

    private static PeerIdentity greeted(CompletableFuture<PeerIdentity> theirs) throws InterruptedException {
        try {
            return theirs.get(HELLO_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException silent) {
            throw new Transport.LinkFailure("no hello");
        }
    }

    /** One connection, and what the acceptor says on it. */
    private final class Session implements Transport.Receiver {
        private final Outbox outbox = new Outbox(lane);
        private final CompletableFuture<PeerIdentity> theirs = new CompletableFuture<>();
        private final CompletableFuture<Transport.Wire> wire = new CompletableFuture<>();

        @Override
        public void received(byte[] message) {
            switch (Frame.decode(message)) {
                case Frame.Hello(String cluster, PeerIdentity identity) -> {
                    if (!cluster.equals(hello.cluster())) {
                        throw new Malformed("a hello from another cluster");
                    }
                    theirs.complete(identity);
                }
                case Frame.Pong(long sequence) -> owner.answered(peer.node(), lane);
                case Frame.Ping ping -> throw new Malformed("a ping in place of an answer");
                case Frame.Letter letter -> throw new Malformed("a letter in place of an answer");
            }
        }

        @Override
        public void closed() {
            theirs.completeExceptionally(new Transport.LinkFailure("closed"));
            outbox.shut();
        }

        void end() {
            closed();
            wire.thenAccept(Transport.Wire::close);
        }
    }
}
