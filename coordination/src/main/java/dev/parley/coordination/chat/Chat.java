package dev.parley.coordination.chat;

import dev.parley.coordination.gossip.Mesh;
import dev.parley.store.chat.Author;
import dev.parley.store.chat.ChatHistory;
import dev.parley.store.chat.ChatId;
import dev.parley.store.chat.ChatMessage;
import dev.parley.store.chat.RoomRetention;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Chat rooms of the cluster, at this node. A message is on this node's disk before anybody sees it; all nodes come to hold
 * the same messages in the same order, whoever was cut off in between. Any thread.
 */
public final class Chat implements AutoCloseable {
    /** Its number on the links. */
    public static final int SERVICE = 3;

    private static final Duration RETAIN_EVERY = Duration.ofSeconds(1);

    private final Mesh mesh;
    private final Author self;
    private final LongSupplier nanos;
    private final LongSupplier epochMillis;
    private final RoomRetention retention;
    private final ChatClock clock;
    private final Map<String, Long> sequences = new HashMap<>();
    private final Rooms rooms;
    private final HistoryWriter writer;
    private final ChatLinks links;
    private final AtomicBoolean closed = new AtomicBoolean();
    private long retainAtNanos;

    private Chat(Mesh mesh, ChatHistory history, ChatConfig config, LongSupplier nanos, LongSupplier epochMillis) {
        this.mesh = mesh;
        this.self = new Author(mesh.self().node(), mesh.self().incarnation().getMostSignificantBits());
        this.nanos = nanos;
        this.epochMillis = epochMillis;
        this.retention = config.retention();
        this.clock = new ChatClock(epochMillis.getAsLong(), history.clock());
        this.rooms = new Rooms(history);
        this.writer = new HistoryWriter(history, clock, this::maintain);
        this.links = new ChatLinks(mesh, self, clock, rooms, writer);
        this.retainAtNanos = nanos.getAsLong() + config.patience().toNanos();
    }

    /**
     * Opens before the mesh starts, with the messages of the last run.
     *
     * @param nanos a monotonic clock
     * @param epochMillis the wall clock, for people
     * @throws java.io.UncheckedIOException when the disk fails; dev.parley.store.replica.StoreFailure likewise
     */
    public static Chat open(Mesh mesh, Path directory, LongSupplier nanos, LongSupplier epochMillis) {
        return open(mesh, directory, ChatConfig.DEFAULT, nanos, epochMillis);
    }

    /** As the other one. */
    public static Chat open(
            Mesh mesh, Path directory, ChatConfig config, LongSupplier nanos, LongSupplier epochMillis) {
        ChatHistory history = ChatHistory.open(directory, config.tables(), mesh.self()::incarnation);
        Chat chat = new Chat(mesh, history, config, nanos, epochMillis);
        chat.links.start();
        chat.writer.start();
        return chat;
    }

    /** The owner of the history does it. */
    private void maintain() {
        long now = nanos.getAsLong();
        if (now - retainAtNanos >= 0) {
            retainAtNanos = now + RETAIN_EVERY.toNanos();
            rooms.retain(retention, epochMillis.getAsLong(), links.stable());
        }
        rooms.maintain(now);
    }

    // -- posting
    // --------------------------------------------------------------------------------------------------------

    /** On how many disks a message must be before it is acknowledged. */
    public enum Acks {
        LOCAL,
        /** One more, when another node answers. */
        ONE_PEER,
        MAJORITY
    }

    /** What became of a message. */
    public sealed interface Result {
        /** @param durableOn on how many disks it is known to be */
        record Posted(ChatMessage message, int durableOn) implements Result {}

        /** It was not taken: too much waits, or there are too many rooms. */
        record Refused(String why) implements Result {}

        /** It may be there, or come to be. */
        record Unknown() implements Result {}
    }

    /**
     * Posts a message and waits until it is kept as {@code acks} wants.
     *
     * @param origin who posts it, to know it by in {@link Follower#await}
     */
    public Result post(String room, String user, String text, Acks acks, Duration timeout, Object origin) {
        Optional<Room> place = rooms.room(room);
        if (place.isEmpty()) {
            return new Result.Refused("there are " + Rooms.MAX + " rooms already");
        }
        Pending waiting = new Pending();
        Optional<ChatMessage> sent = number(room, user, text, message -> {
            links.expect(message, waiting);
            boolean taken = writer.offer(new HistoryWriter.Work(
                    List.of(message), () -> durable(place.get(), message, Optional.of(origin), waiting)));
            if (!taken) {
                links.expectNoMore(message);
            }
            return taken;
        });
        if (sent.isEmpty()) {
            return new Result.Refused("too many messages wait to be written");
        }
        int wanted = wanted(acks);
        int disks = waiting.await(wanted, timeout, nanos);
        links.expectNoMore(sent.get());
        boolean enough = disks >= wanted || disks >= 1 && acks == Acks.ONE_PEER;
        return enough ? new Result.Posted(sent.get(), disks) : new Result.Unknown();
    }

    private int wanted(Acks acks) {
        return switch (acks) {
            case LOCAL -> 1;
            case ONE_PEER -> mesh.reachable().isEmpty() ? 1 : 2;
            case MAJORITY -> (mesh.peers().size() + 1) / 2 + 1;
        };
    }

    /** Takes a message in, or not. */
    private interface Taker {
        boolean take(ChatMessage message);
    }

    /** Numbers and stamps a message; both in the order in which the journal gets them. */
    private Optional<ChatMessage> number(String room, String user, String text, Taker taker) {
        synchronized (clock) {
            long sequence = sequences.getOrDefault(room, 0L) + 1;
            ChatMessage message = new ChatMessage(
                    room, new ChatId(clock.tick(), self), sequence, user, text, epochMillis.getAsLong());
            if (!taker.take(message)) {
                clock.arrived(message.id().stamp());
                return Optional.empty();
            }
            sequences.put(room, sequence);
            return Optional.of(message);
        }
    }

    /** Only now does anybody see it. */
    private void durable(Room room, ChatMessage message, Optional<Object> origin, Pending waiting) {
        room.arrive(message, origin);
        clock.arrived(message.id().stamp());
        waiting.keptBy(self.node());
        links.tell(message);
    }

    // -- reading
    // --------------------------------------------------------------------------------------------------------

    /** @param dropped messages given up for want of room */
    public record RoomInfo(String room, long messages, long dropped, long lastAtMillis) {}

    /** Rooms with messages, in the order of their names. */
    public List<RoomInfo> rooms() {
        return rooms.all().stream()
                .map(Room::info)
                .filter(info -> info.messages() > 0)
                .toList();
    }

    /** Which messages. */
    public sealed interface Reading {
        record Last() implements Reading {}

        record Before(ChatId id) implements Reading {}

        record After(ChatPosition position) implements Reading {}
    }

    /**
     * Messages, oldest first.
     *
     * @param more whether there are others
     * @param position of who has read these and what was before them
     */
    public record Page(List<ChatMessage> messages, boolean more, String position) {}

    public Page read(String room, Reading reading, int limit) {
        return rooms.roomToRead(room).page(reading, limit);
    }

    /**
     * How somebody begins to follow.
     *
     * @param incomplete whether there is more than was given: come again from the position
     * @param cursor from where on to await
     */
    public record Start(List<ChatMessage> messages, boolean incomplete, String position, long cursor) {}

    /** Reads a room from a point in its history on: nothing is missing and nothing comes twice between the two. One thread. */
    public interface Follower {
        Start start();

        /** Who are new, waiting for a moment; empty when the reader was too slow and missed some. */
        Optional<List<Followed>> await(Duration patience) throws InterruptedException;
    }

    /** @param own whether the follower itself posted it; @param position empty when it is as before */
    public record Followed(ChatMessage message, boolean own, Optional<String> position) {}

    /** @param origin as in {@link #post}; empty room when there are too many rooms */
    public Optional<Follower> follow(
            String name, Optional<ChatPosition> after, int lastMax, int missedMax, Object origin) {
        return rooms.room(name).map(room -> {
            Start start = room.follow(after, lastMax, missedMax);
            return new Following(room, start, origin);
        });
    }

    /** What was acknowledged is on disk. May be called twice. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            links.close();
            writer.close();
        }
    }
}
