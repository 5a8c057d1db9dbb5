package dev.parley.http.api;

import dev.parley.store.replica.Replica;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many watches on one WebSocket. Each has a thread that reads the history from its own place and waits for the connection
 * to take what it found, so nothing is queued for a client: a slow one delays only its own watches.
 */
final class WatchSocket implements SocketHandler {
    private static final Logger LOG = LoggerFactory.getLogger(WatchSocket.class);
    static final int WATCHES_MAX = 1_024;

    private static final int MESSAGE_BYTES_MAX = 64 << 10;
    private static final int HEARTBEATS_MISSED_MAX = 2;
    /** @param requestId of the handshake */
    record Parts(WatchDesk desk, String requestId, String node) {
        Replica replica() {
            return desk.replica();
        }

        Ambient ambient() {
            return desk.ambient();
        }

        Duration silenceMax() {
            return desk.silenceMax();
        }
    }

    private final Parts parts;
    private final Map<WatchId, SocketWatch> open = new ConcurrentHashMap<>();
    private final ReentrantLock sending = new ReentrantLock();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Connection connection = new Connection(Optional.empty(), 0);

    /** @param heardNanos when the client gave a sign of life */
    private record Connection(Optional<SocketSession> session, long heardNanos) {}

    WatchSocket(Parts parts) {
        this.parts = parts;
    }

    @Override
    public Limits limits() {
        return new Limits(MESSAGE_BYTES_MAX, parts.silenceMax().multipliedBy(HEARTBEATS_MISSED_MAX + 2));
    }

    private long nowNanos() {
        return parts.ambient().nanos().getAsLong();
    }

    @Override
    public void opened(SocketSession session) {
        connection = new Connection(Optional.of(session), nowNanos());
        Thread.ofVirtual().name("parley-watch-heartbeat").start(() -> beat(session));
    }

    /** A client that answers no ping is gone, whatever its connection looks like. */
    private void beat(SocketSession session) {
        long silence = parts.silenceMax().toNanos();
        while (!ended.get()) {
            long next = nowNanos() + silence;
            while (!ended.get() && next - nowNanos() > 0) {
                LockSupport.parkNanos(
                        this, Math.min(next - nowNanos(), Duration.ofSeconds(1).toNanos()));
            }
            if (nowNanos() - connection.heardNanos() >= HEARTBEATS_MISSED_MAX * silence) {
                session.cut();
                end();
            } else if (!ended.get()) {
                session.ping();
            }
        }
    }

    private void heard() {
        connection = new Connection(connection.session(), nowNanos());
    }

    @Override
    public void pong() {
        heard();
    }

    @Override
    public void binary(byte[] message) {
        throw new SocketClosing(SocketClosing.UNSUPPORTED, "messages are text");
    }

    @Override
    public void text(String message) {
        heard();
        Optional<WatchId> id = Optional.empty();
        try {
            JsonObject request = JsonObject.parse(dev.parley.store.kv.Bytes.utf8(message));
            String kind = request.singleField(List.of("create", "cancel"));
            JsonObject body = request.object(kind);
            id = Optional.of(WatchId.of(body));
            if (kind.equals("create")) {
                create(id.get(), body.only(SocketFeeds.FIELDS));
            } else {
                cancel(id.get(), body.only(List.of("id")));
            }
        } catch (Problem problem) {
            cancelled(id, Optional.of(problem));
        }
    }

    private void cancel(WatchId id, JsonObject body) {
        SocketWatch watch = open.get(id);
        if (watch == null) {
            throw Problem.field(body.pointer("id"), "There is no watch of this id on this connection.");
        }
        watch.end();
    }

    private void create(WatchId id, JsonObject body) {
        if (open.size() >= WATCHES_MAX) {
            throw Problem.of(
                    ProblemType.LIMIT_REACHED, "There are " + WATCHES_MAX + " watches on this connection already.");
        }
        if (open.containsKey(id)) {
            throw Problem.field(body.pointer("id"), "This id is in use on this connection; its watch goes on.");
        }
        SocketFeeds.Opened wanted = SocketFeeds.open(body, parts.replica());
        AtomicBoolean over = new AtomicBoolean();
        Watcher watcher = parts.desk()
                .watches()
                .open(
                        Watches.Kind.WEBSOCKET,
                        wanted.range(),
                        wanted.feed(),
                        parts.ambient().epochMillis().getAsLong(),
                        over::get);
        SocketWatch opened = new SocketWatch(parts, id, watcher, over, this::send, this::gone);
        open.put(id, opened);
        Thread.ofVirtual().name("parley-watch").start(opened);
        if (ended.get()) {
            opened.end();
        }
    }

    private void gone(WatchId id, Optional<Problem> problem) {
        open.remove(id);
        cancelled(Optional.of(id), problem);
    }

    private void cancelled(Optional<WatchId> id, Optional<Problem> problem) {
        JsonWriter json = new JsonWriter(256);
        json.object().name("id");
        id.ifPresentOrElse(known -> known.writeTo(json), json::nothing);
        json.name("cancelled").bool(true);
        problem.ifPresent(why -> why.writeTo(json.name("problem"), parts.requestId(), parts.node(), false));
        json.end();
        send(json);
    }

    private void send(JsonWriter json) {
        send(json::writeTo);
    }

    /** Writes one message. */
    @FunctionalInterface
    interface Message {
        void writeTo(OutputStream out) throws IOException;
    }

    /** One message at a time; waits until the connection has taken it. */
    private void send(Message message) {
        Optional<SocketSession> session = connection.session();
        if (ended.get() || session.isEmpty()) {
            return;
        }
        Frames frames = new Frames(session.get(), parts.silenceMax().multipliedBy(HEARTBEATS_MISSED_MAX));
        boolean whole = false;
        sending.lock();
        try {
            message.writeTo(frames);
            frames.send(true);
            whole = true;
        } catch (IOException broken) {
            LOG.atDebug().setCause(broken).log("a client takes nothing any more");
        } finally {
            sending.unlock();
            if (!whole) { // half a message is none, whatever comes behind it
                session.get().cut();
                end();
            }
        }
    }

    /** One message of the WebSocket, in as many frames as there are writes. What is written ends between characters. */
    private static final class Frames extends OutputStream {
        private final SocketSession session;
        private final Duration patience;
        private byte[] held = {};

        Frames(SocketSession session, Duration patience) {
            this.session = session;
            this.patience = patience;
        }

        @Override
        public void write(int unit) {
            throw new UnsupportedOperationException("messages are written in pieces");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (held.length > 0) {
                send(false);
            }
            held = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
        }

        void send(boolean last) throws IOException {
            String text = new String(held, java.nio.charset.StandardCharsets.UTF_8);
            if (!session.sendPart(text, last, patience.toMillis())) {
                throw new IOException("the client takes nothing");
            }
        }
    }

    private void end() {
        ended.set(true);
        new ArrayList<>(open.values()).forEach(SocketWatch::end);
    }

    @Override
    public void closed() {
        end();
    }
}
