package dev.parley.http.api;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** The sending half of a WebSocket connection. Any thread. */
final class SocketSession {
    private static final int REASON_BYTES_MAX = 120;

    private final Session session;
    private final AtomicBoolean closing = new AtomicBoolean();

    SocketSession(Session session) {
        this.session = session;
    }

    /** Returns when it is handed to the network. @return false when the connection is broken, or took nothing for so long */
    boolean send(String message, long patienceMillis) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        session.sendText(message, callback(sent));
        return isDone(sent, patienceMillis);
    }

    /** Part of a message; no other may be sent before its last. Otherwise as {@link #send}. */
    boolean sendPart(String part, boolean last, long patienceMillis) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        session.sendPartialText(part, last, callback(sent));
        return isDone(sent, patienceMillis);
    }

    /** Without waiting; what cannot be sent ends the connection. */
    void offer(byte[] message) {
        session.sendBinary(ByteBuffer.wrap(message), Callback.from(() -> {}, failure -> session.disconnect()));
    }

    /** Asks the client whether it is there. */
    void ping() {
        session.sendPing(ByteBuffer.allocate(0), Callback.from(() -> {}, failure -> session.disconnect()));
    }

    private static Callback callback(CompletableFuture<Void> sent) {
        return Callback.from(() -> sent.complete(null), sent::completeExceptionally);
    }

    private static boolean isDone(CompletableFuture<Void> sent, long patienceMillis) {
        try {
            sent.get(patienceMillis, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException broken) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Says why, and closes; at once, when the client does not listen. May be called twice: only the first counts, as a
     * second word would cut the connection before the first has left.
     */
    void close(int code, String reason) {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        String shown = reason.length() > REASON_BYTES_MAX ? reason.substring(0, REASON_BYTES_MAX) : reason;
        session.close(code, shown, Callback.from(() -> {}, failure -> session.disconnect()));
    }

    /** Whether a close was begun, here or by the library: the last word is on its way and must not be cut off. */
    boolean isClosing() {
        return closing.get() || !session.isOpen();
    }

    /**
     * Without a word. Where a close was begun nothing happens: what was being sent has failed because of it, and the last
     * word is on its way; a client that does not take it is ended by the connection's idle limit.
     */
    void cut() {
        if (!isClosing()) {
            session.disconnect();
        }
    }
}
