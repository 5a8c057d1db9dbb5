package dev.parley.coordination.chat;

import dev.parley.coordination.gossip.Lane;
import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.gossip.PeerService;
import dev.parley.coordination.gossip.Priority;
import dev.parley.store.chat.Author;
import dev.parley.store.chat.ChatMessage;
import dev.parley.store.chat.RoomState;
import dev.parley.store.chat.Stability;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nodes tell each other about chat: new messages at once, and now and then what they hold, so that whoever lacks something
 * gets it, and all know up to where everybody has everything. Any thread.
 */
final class ChatLinks implements PeerService {
    private static final Logger LOG = LoggerFactory.getLogger(ChatLinks.class);
    private static final int BATCH_MESSAGES_MAX = 500;
    private static final int BATCH_BYTES_MAX = 256 << 10;
    private static final int BATCHES_MAX = 8;
    private static final Duration COMPARE_EVERY = Duration.ofMillis(500);

    private final Mesh mesh;
    private final Author self;
    private final ChatClock clock;
    private final Rooms rooms;
    private final HistoryWriter writer;
    private final Map<ChatGossip.Kept, Pending> pending = new ConcurrentHashMap<>();
    private final Stability stability = new Stability();
    private final Map<String, UUID> incarnations = new HashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread comparing =
            Thread.ofPlatform().daemon().name("chat-compare").unstarted(this::compare);

    ChatLinks(Mesh mesh, Author self, ChatClock clock, Rooms rooms, HistoryWriter writer) {
        this.mesh = mesh;
        this.self = self;
        this.clock = clock;
        this.rooms = rooms;
        this.writer = writer;
    }

    void start() {
        mesh.register(Chat.SERVICE, this);
        comparing.start();
    }

    /** Up to which stamp every member has every message. */
    long stable() {
        long promised = clock.promised();
        synchronized (stability) {
            return stability.everywhere(mesh.peers(), promised);
        }
    }

    // -- a message of this node -----------------------------------------------------------------------------------

    /** Others will say that they keep it. */
    void expect(ChatMessage message, Pending waiting) {
        pending.put(nameOf(message), waiting);
    }

    void expectNoMore(ChatMessage message) {
        pending.remove(nameOf(message));
    }

    private static ChatGossip.Kept nameOf(ChatMessage message) {
        return new ChatGossip.Kept(message.room(), message.sequence());
    }

    void tell(ChatMessage message) {
        mesh.sendToAll(Chat.SERVICE, Priority.CHAT, new ChatGossip.Live(List.of(message)).encode());
    }

    // -- what others say ------------------------------------------------------------------------------------------

    @Override
    public void received(PeerIdentity from, Bytes content) {
        switch (ChatGossip.decode(content)) {
            case ChatGossip.Live(List<ChatMessage> messages) -> keep(from, messages, true, false);
            case ChatGossip.Missing(List<ChatMessage> messages, boolean more) -> keep(from, messages, false, more);
            case ChatGossip.Acknowledged(List<ChatGossip.Kept> kept) ->
                kept.forEach(name ->
                        Optional.ofNullable(pending.get(name)).ifPresent(waiting -> waiting.keptBy(from.node())));
            case ChatGossip.Digest digest -> compareWith(from, digest);
            case ChatGossip.Have have -> {
                learn(from, have);
                sendMissing(from.node(), have.rooms());
            }
        }
    }

    private void keep(PeerIdentity from, List<ChatMessage> messages, boolean live, boolean more) {
        List<ChatMessage> wanted = messages.stream().filter(this::isUsable).toList();
        List<ChatMessage> fresh = wanted.stream()
                .filter(message -> rooms.room(message.room())
                        .filter(room -> !room.covers(message))
                        .isPresent())
                .toList();
        Runnable durable = () -> {
            fresh.forEach(
                    message -> rooms.find(message.room()).ifPresent(room -> room.arrive(message, Optional.empty())));
            if (live) {
                List<ChatGossip.Kept> kept =
                        wanted.stream().map(ChatLinks::nameOf).toList();
                mesh.send(from.node(), Chat.SERVICE, Priority.CHAT, new ChatGossip.Acknowledged(kept).encode());
            }
            if (more) {
                mesh.send(from.node(), Chat.SERVICE, Priority.BULK, have().encode());
            }
        };
        writer.offer(new HistoryWriter.Work(fresh, durable)); // what is not taken now is compared and sent again
    }

    private boolean isUsable(ChatMessage message) {
        if (message.isSound()
                && !message.author().equals(self)
                && clock.witness(message.id().stamp())) {
            return true;
        }
        LOG.warn(
                "event=chat_message_refused id={} reason=\"it cannot be\"",
                message.id().text());
        return false;
    }

    // -- comparing ------------------------------------------------------------------------------------------------

    private void compareWith(PeerIdentity from, ChatGossip.Digest digest) {
        boolean equal = digest.hash().equals(hash());
        synchronized (stability) {
            stability.told(from.node(), digest.complete());
            if (equal) {
                stability.complete(from.node(), digest.clock());
            }
        }
        if (!equal) {
            mesh.send(from.node(), Chat.SERVICE, Priority.BULK, have().encode());
        }
    }

    /** What another one gave up is given up here, too, and not asked for. */
    private void learn(PeerIdentity from, ChatGossip.Have have) {
        boolean all = true;
        for (Map.Entry<String, RoomState.Held> theirs : have.rooms().entrySet()) {
            Optional<Room> room = rooms.room(theirs.getKey());
            all &= room.isPresent();
            if (room.isPresent()) {
                RoomState.Held held = theirs.getValue();
                all &= room.get().coversAll(held.coverage());
                if (room.get().learnsFrom(held) && clock.witness(held.floor().stamp())) {
                    writer.offer(
                            new HistoryWriter.Work(List.of(), () -> room.get().adopt(held.floor(), held.forgotten())));
                }
            }
        }
        if (all) {
            synchronized (stability) {
                stability.complete(from.node(), have.clock());
            }
        }
    }

    private void sendMissing(String node, SortedMap<String, RoomState.Held> theirs) {
        List<ChatMessage> missing = new ArrayList<>();
        int limit = BATCH_MESSAGES_MAX * BATCHES_MAX + 1;
        rooms.forEach((name, room) -> {
            if (missing.size() < limit) {
                RoomState.Held held = theirs.getOrDefault(name, RoomState.Held.nothing());
                missing.addAll(room.missing(held.coverage(), limit - missing.size()));
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
            if (!mesh.send(node, Chat.SERVICE, Priority.BULK, part.encode())) {
                return; // the next comparison goes on
            }
            at = end;
        }
    }

    /** The clock is read first: what is held then is held in what is told. */
    private ChatGossip.Have have() {
        long promised = clock.promised();
        return new ChatGossip.Have(promised, rooms.held());
    }

    private ChatGossip.Digest digest() {
        long promised = clock.promised();
        long complete;
        synchronized (stability) {
            complete = stability.here(mesh.peers(), promised);
        }
        return new ChatGossip.Digest(promised, complete, hash());
    }

    private Bytes hash() {
        BinaryWriter out = new BinaryWriter(1 << 10);
        rooms.held().forEach((name, held) -> {
            out.text(name).i64(held.floor().stamp());
            held.coverage().writeTo(out);
        });
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return Bytes.wrap(sha.digest(out.toBytes().unsafeArray()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void connected(PeerIdentity peer, Lane lane) {
        synchronized (stability) {
            UUID before = incarnations.put(peer.node(), peer.incarnation());
            if (before != null && !before.equals(peer.incarnation())) {
                stability.forget(peer.node());
            }
        }
        if (lane == Lane.DATA) {
            mesh.send(peer.node(), Chat.SERVICE, Priority.CHAT, digest().encode());
        }
    }

    /** A message may be lost with its connection, so everybody says now and then what he has, in one hash. */
    private void compare() {
        while (!closed.get()) {
            mesh.sendToAll(Chat.SERVICE, Priority.CHAT, digest().encode());
            LockSupport.parkNanos(COMPARE_EVERY.toNanos());
        }
    }

    void close() {
        closed.set(true);
    }
}
