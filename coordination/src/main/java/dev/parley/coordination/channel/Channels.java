package dev.parley.coordination.channel;

import dev.parley.coordination.gossip.Lane;
import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.gossip.PeerService;
import dev.parley.coordination.gossip.Priority;
import dev.parley.store.kv.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Channels: topics to which any node publishes and which all nodes get, at least once, each publisher's messages in
 * order. A node keeps the last messages of each topic in memory; one that was cut off gets what it missed out of
 * another's. Any thread.
 */
public final class Channels implements PeerService, AutoCloseable {
    /** Its number on the links. */
    public static final int SERVICE = 2;

    /** Messages of a topic that can be resumed. */
    public static final int KEPT_MAX = 10_000;

    /** Of a message's data. */
    public static final int DATA_BYTES_MAX = 64 << 10;

    public static final int TOPICS_MAX = 256;

    private static final int KEPT_BYTES_MAX = 8 << 20;
    private static final int ROUND_MESSAGES_MAX = 500;
    private static final int ROUND_BYTES_MAX = 256 << 10;
    private static final Duration COMPARE_EVERY = Duration.ofMillis(500);

    private final Mesh mesh;
    private final Publisher self;
    private final LongSupplier epochMillis;
    private final SortedMap<String, Topic> topics = new TreeMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread comparing =
            Thread.ofPlatform().daemon().name("channels").unstarted(this::compare);

    private Channels(Mesh mesh, LongSupplier epochMillis) {
        this.mesh = mesh;
        this.self = Publisher.of(mesh.self());
        this.epochMillis = epochMillis;
    }

    /** Before the mesh starts. @param epochMillis the wall clock, for people */
    public static Channels open(Mesh mesh, LongSupplier epochMillis) {
        Channels channels = new Channels(mesh, epochMillis);
        mesh.register(SERVICE, channels);
        channels.comparing.start();
        return channels;
    }

    /** What steers the cluster goes before what reports, and that before what is moved. */
    static Priority priority(String topic) {
        return switch (topic) {
            case "control" -> Priority.CONTROL;
            case "config" -> Priority.CONFIG;
            case "events" -> Priority.EVENTS;
            case "telemetry" -> Priority.TELEMETRY;
            default -> Priority.DATA;
        };
    }

    /** @return the message; empty when there are {@link #TOPICS_MAX} topics already, and nothing is published */
    public Optional<ChannelMessage> publish(String name, Bytes data) {
        synchronized (topics) {
            Optional<Topic> topic = topic(name);
            if (topic.isEmpty()) {
                return Optional.empty();
            }
            long sequence = topic.get().nextSequence(self);
            ChannelMessage message = new ChannelMessage(self, sequence, epochMillis.getAsLong(), data);
            topic.get().take(message, sequence);
            topics.notifyAll();
            Bytes letter = new TopicMessage.Published(name, List.of(new Topic.Sent(message, 1))).encode();
            mesh.sendToAll(SERVICE, priority(name), letter);
            return Optional.of(message);
        }
    }

    private Optional<Topic> topic(String name) {
        if (!topics.containsKey(name) && topics.size() >= TOPICS_MAX) {
            return Optional.empty();
        }
        return Optional.of(topics.computeIfAbsent(name, none -> new Topic(KEPT_MAX, KEPT_BYTES_MAX)));
    }

    // -- reading
    // --------------------------------------------------------------------------------------------------------

    /** Behind the newest message this node has. */
    public Position newest(String name) {
        synchronized (topics) {
            return Optional.ofNullable(topics.get(name)).map(Topic::newest).orElse(Position.START);
        }
    }

    /** Messages not covered by the position, and the position that covers them too. */
    public record Page(List<ChannelMessage> messages, Position next) {}

    public Page read(String name, Position after, int limit) {
        synchronized (topics) {
            List<ChannelMessage> messages = Optional.ofNullable(topics.get(name))
                    .map(topic -> topic.after(after, limit))
                    .orElse(List.of());
            Position next = after;
            for (ChannelMessage message : messages) {
                next = next.with(message);
            }
            return new Page(messages, next);
        }
    }

    /** {@link #read}; waits for a message when there is none, up to {@code patience}. */
    public Page await(String name, Position after, int limit, Duration patience) {
        long left = patience.toMillis();
        synchronized (topics) {
            Page page = read(name, after, limit);
            if (!page.messages().isEmpty() || left <= 0 || closed.get()) {
                return page;
            }
            try {
                topics.wait(left);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return read(name, after, limit);
        }
    }

    // -- between nodes
    // --------------------------------------------------------------------------------------------------

    @Override
    public void received(PeerIdentity from, Bytes content) {
        switch (TopicMessage.decode(content)) {
            case TopicMessage.Published(String name, var messages) -> {
                synchronized (topics) {
                    topic(name).ifPresent(topic -> messages.forEach(sent -> topic.take(sent.message(), sent.floor())));
                    topics.notifyAll();
                }
            }
            case TopicMessage.Newest(var positions) -> sendMissing(from.node(), positions);
        }
    }

    private void sendMissing(String node, SortedMap<String, Position> theirs) {
        synchronized (topics) {
            topics.forEach((name, topic) -> {
                Position position = theirs.getOrDefault(name, Position.START);
                List<Topic.Sent> missing = topic.missing(position, ROUND_MESSAGES_MAX, ROUND_BYTES_MAX);
                if (!missing.isEmpty()) {
                    Bytes letter = new TopicMessage.Published(name, missing).encode();
                    mesh.send(node, SERVICE, priority(name), letter);
                }
            });
        }
    }

    @Override
    public void connected(PeerIdentity peer, Lane lane) {
        mesh.send(peer.node(), SERVICE, lane == Lane.CONTROL ? Priority.EVENTS : Priority.DATA, newest().encode());
    }

    private TopicMessage newest() {
        synchronized (topics) {
            SortedMap<String, Position> positions = new TreeMap<>();
            topics.forEach((name, topic) -> positions.put(name, topic.newest()));
            return new TopicMessage.Newest(positions);
        }
    }

    /** A message may be lost with its connection, or for want of room: so everybody says now and then how far he is. */
    private void compare() {
        while (!closed.get()) {
            mesh.sendToAll(SERVICE, Priority.DATA, newest().encode());
            LockSupport.parkNanos(COMPARE_EVERY.toNanos());
        }
    }

    /** Ends waiting reads. May be called twice. */
    @Override
    public void close() {
        closed.set(true);
        synchronized (topics) {
            topics.notifyAll();
        }
    }
}
