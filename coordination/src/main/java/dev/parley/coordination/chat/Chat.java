package dev.parley.coordination.chat;

import dev.parley.coordination.gossip.Lane;
import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.gossip.PeerService;
import dev.parley.coordination.gossip.Priority;
import dev.parley.store.chat.Author;
import dev.parley.store.chat.ChatId;
import dev.parley.store.chat.ChatJournal;
import dev.parley.store.chat.ChatMessage;
import dev.parley.store.chat.Coverage;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chat rooms of the cluster, at this node. A message is on this node's disk before anybody sees it; all nodes come to hold
 * the same messages in the same order, whoever was cut off in between. Any thread.
 */
public final class Chat implements PeerService, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Chat.class);

    /** Its number on the links. */
    public static final int SERVICE = 3;

    public static final int ROOMS_MAX = 1_000;

    private static final long ROOM_BYTES_MAX = 16 << 20;
    private static final int BATCH_MESSAGES_MAX = 500;
    private static final int BATCH_BYTES_MAX = 256 << 10;
    private static final int BATCHES_MAX = 8;
    private static final Duration COMPARE_EVERY = Duration.ofMillis(500);

    private final Mesh mesh;
    private final Author self;
    private final LongSupplier nanos;
    private final LongSupplier epochMillis;
    private final ChatClock clock;
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();
    private final Map<ChatGossip.Kept, Pending> pending = new ConcurrentHashMap<>();
    private final JournalWriter journal;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread comparing =
            Thread.ofPlatform().daemon().name("chat-compare").unstarted(this::compare);

    private Chat(Mesh mesh, Path directory, LongSupplier nanos, LongSupplier epochMillis) {
        this.mesh = mesh;
        this.self = new Author(mesh.self().node(), mesh.self().incarnation().getMostSignificantBits());
        this.nanos = nanos;
        this.epochMillis = epochMillis;
        this.clock = new ChatClock(epochMillis.getAsLong());
        ChatJournal opened = ChatJournal.open(directory, this::restore);
        if (opened.damages() > 0) {
            LOG.warn(
                    "event=chat_journal_damaged places={} effect=\"what was there is asked of the other nodes\"",
                    opened.damages());
            opened.rewrite(living());
        }
        this.journal = new JournalWriter(opened, this::living);
    }

    /**
     * Opens before the mesh starts, with the messages of the last run.
     *
     * @param nanos a monotonic clock
     * @param epochMillis the wall clock, for people
     * @throws java.io.UncheckedIOException when the disk fails
     */
    public static Chat open(Mesh mesh, Path directory, LongSupplier nanos, LongSupplier epochMillis) {
        Chat chat = new Chat(mesh, directory, nanos, epochMillis);
        mesh.register(SERVICE, chat);
        chat.journal.start();
        chat.comparing.start();
        return chat;
    }

    private void restore(ChatMessage message) {
        clock.restore(message.id().stamp());
        rooms.computeIfAbsent(message.room(), none -> new Room()).restore(message);
    }

    private Collection<ChatMessage> living() {
        return rooms.values().stream().flatMap(room -> room.all().stream()).toList();
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
        Optional<Room> place = room(room);
        if (place.isEmpty()) {
            return new Result.Refused("there are " + ROOMS_MAX + " rooms already");
        }
        Pending waiting = new Pending();
        Optional<ChatMessage> sent = number(room, user, text, message -> {
            ChatGossip.Kept name = new ChatGossip.Kept(room, message.sequence());
            pending.put(name, waiting);
            boolean taken = journal.offer(new JournalWriter.Work(
                    List.of(message), () -> durable(place.get(), message, Optional.of(origin), waiting)));
            if (!taken) {
                pending.remove(name);
            }
            return taken;
        });
        if (sent.isEmpty()) {
            return new Result.Refused("too many messages wait to be written");
        }
        int wanted = wanted(acks);
        int disks = waiting.await(wanted, timeout, nanos);
        pending.remove(new ChatGossip.Kept(room, sent.get().sequence()));
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
                return Optional.empty();
            }
            sequences.put(room, sequence);
            return Optional.of(message);
        }
    }

    /** Only now does anybody see it. */
    private void durable(Room room, ChatMessage message, Optional<Object> origin, Pending waiting) {
        room.arrive(message, origin, ROOM_BYTES_MAX);
        waiting.keptBy(self.node());
        mesh.sendToAll(SERVICE, Priority.CHAT, new ChatGossip.Live(List.of(message)).encode());
    }

    // -- reading
    // --------------------------------------------------------------------------------------------------------

    /** @param dropped messages given up for want of room */
    public record RoomInfo(String room, int messages, long dropped, long lastAtMillis) {}

    /** Rooms with messages, in the order of their names. */
    public List<RoomInfo> rooms() {
        return new TreeMap<>(rooms)
                .entrySet().stream()
                        .map(entry -> entry.getValue().info(entry.getKey()))
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
        return Optional.ofNullable(rooms.get(room)).orElseGet(Room::new).page(reading, limit);
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
        return room(name).map(room -> {
            Start start = room.follow(after, lastMax, missedMax);
            return new Following(room, start, origin);
        });
    }

    private static final class Following implements Follower {
        private static final int BATCH_MAX = 200;

        private final Room room;
        private final Start start;
        private final Object origin;
        private long cursor;

        Following(Room room, Start start, Object origin) {
            this.room = room;
            this.start = start;
            this.origin = origin;
            this.cursor = start.cursor();
        }

        @Override
        public Start start() {
            return start;
        }

        @Override
        public Optional<List<Followed>> await(Duration patience) throws InterruptedException {
            Optional<List<Room.Arrival>> found = room.await(cursor, BATCH_MAX, patience);
            found.ifPresent(arrivals -> cursor += arrivals.size());
            return found.map(arrivals -> arrivals.stream()
                    .map(arrival -> new Followed(
                            arrival.message(),
                            arrival.origin().filter(origin::equals).isPresent(),
                            arrival.position()))
                    .toList());
        }
    }

    private Optional<Room> room(String name) {
        if (rooms.size() >= ROOMS_MAX && !rooms.containsKey(name)) {
            return Optional.empty();
        }
        return Optional.of(rooms.computeIfAbsent(name, none -> new Room()));
    }

    // -- between nodes
    // --------------------------------------------------------------------------------------------------

    @Override
    public void received(PeerIdentity from, Bytes content) {
        switch (ChatGossip.decode(content)) {
            case ChatGossip.Live(List<ChatMessage> messages) -> keep(from, messages, true, false);
            case ChatGossip.Missing(List<ChatMessage> messages, boolean more) -> keep(from, messages, false, more);
            case ChatGossip.Acknowledged(List<ChatGossip.Kept> kept) ->
                kept.forEach(name ->
                        Optional.ofNullable(pending.get(name)).ifPresent(waiting -> waiting.keptBy(from.node())));
            case ChatGossip.Digest(Bytes hash) -> {
                if (!hash.equals(digest())) {
                    mesh.send(from.node(), SERVICE, Priority.BULK, have().encode());
                }
            }
            case ChatGossip.Have(var theirs) -> sendMissing(from.node(), theirs);
        }
    }

    private void keep(PeerIdentity from, List<ChatMessage> messages, boolean live, boolean more) {
        List<ChatMessage> wanted = messages.stream().filter(this::isUsable).toList();
        List<ChatMessage> fresh = wanted.stream()
                .filter(message -> room(message.room())
                        .filter(room -> !room.covers(message))
                        .isPresent())
                .toList();
        Runnable durable = () -> {
            fresh.forEach(message ->
                    room(message.room()).ifPresent(room -> room.arrive(message, Optional.empty(), ROOM_BYTES_MAX)));
            if (live) {
                List<ChatGossip.Kept> kept = wanted.stream()
                        .map(message -> new ChatGossip.Kept(message.room(), message.sequence()))
                        .toList();
                mesh.send(from.node(), SERVICE, Priority.CHAT, new ChatGossip.Acknowledged(kept).encode());
            }
            if (more) {
                mesh.send(from.node(), SERVICE, Priority.BULK, have().encode());
            }
        };
        journal.offer(new JournalWriter.Work(fresh, durable)); // what is not taken now is compared and sent again
    }

    private boolean isUsable(ChatMessage message) {
        synchronized (clock) {
            if (!message.author().equals(self) && clock.witness(message.id().stamp())) {
                return true;
            }
        }
        LOG.warn(
                "event=chat_message_refused id={} reason=\"its stamp cannot be\"",
                message.id().text());
        return false;
    }

    private ChatGossip.Have have() {
        SortedMap<String, Coverage> have = new TreeMap<>();
        rooms.forEach((name, room) -> {
            Coverage coverage = room.coverage();
            if (!coverage.numbers().isEmpty()) {
                have.put(name, coverage);
            }
        });
        return new ChatGossip.Have(have);
    }

    private Bytes digest() {
        BinaryWriter out = new BinaryWriter(1 << 10);
        have().rooms().forEach((name, coverage) -> coverage.writeTo(out.text(name)));
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return Bytes.wrap(sha.digest(out.toBytes().unsafeArray()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void sendMissing(String node, SortedMap<String, Coverage> theirs) {
        List<ChatMessage> missing = new ArrayList<>();
        int limit = BATCH_MESSAGES_MAX * BATCHES_MAX + 1;
        new TreeMap<>(rooms).forEach((name, room) -> {
            if (missing.size() < limit) {
                missing.addAll(room.missing(theirs.getOrDefault(name, new Coverage()), limit - missing.size()));
            }
        });
        int at = 0;
        for (int batch = 0; batch < BATCHES_MAX && at < missing.size(); batch++) {
            int end = at;
            int bytes = 0;
            while (end < missing.size() && end - at < BATCH_MESSAGES_MAX && bytes < BATCH_BYTES_MAX) {
                bytes += 3 * missing.get(end++).text().length() + 200;
            }
            boolean last = batch == BATCHES_MAX - 1 && end < missing.size();
            ChatGossip.Missing part = new ChatGossip.Missing(List.copyOf(missing.subList(at, end)), last);
            if (!mesh.send(node, SERVICE, Priority.BULK, part.encode())) {
                return; // the next comparison goes on
            }
            at = end;
        }
    }

    @Override
    public void connected(PeerIdentity peer, Lane lane) {
        if (lane == Lane.DATA) {
            mesh.send(peer.node(), SERVICE, Priority.CHAT, new ChatGossip.Digest(digest()).encode());
        }
    }

    /** A message may be lost with its connection, so everybody says now and then what he has, in one hash. */
    private void compare() {
        while (!closed.get()) {
            mesh.sendToAll(SERVICE, Priority.CHAT, new ChatGossip.Digest(digest()).encode());
            LockSupport.parkNanos(COMPARE_EVERY.toNanos());
        }
    }

    /** What was acknowledged is on disk. May be called twice. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            journal.close();
        }
    }
}
