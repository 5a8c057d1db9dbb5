package dev.parley.http.api;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServerContainer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The WebSocket connections of this node. Any thread. */
final class Sockets {
    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

    /** A second altogether. */
    private static final int FAREWELL_LOOKS = 100;

    private static final long FAREWELL_LOOK_NANOS = 10_000_000;

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    /** Whether a request asks for a WebSocket. */
    static boolean isHandshake(Request request) {
        return request.method().equals("GET")
                && request.headerLines("Upgrade").stream().anyMatch("websocket"::equalsIgnoreCase);
    }

    /** @throws Problem when the request is no handshake, or a malformed one */
    static void requireHandshake(Request request) {
        if (!isHandshake(request)) {
            throw Problem.header("Upgrade", "This is a WebSocket: send its handshake, with Upgrade: websocket.");
        }
        if (request.headerLines("Connection").stream()
                .noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("upgrade"))) {
            throw Problem.header("Connection", "The handshake of a WebSocket has Connection: Upgrade.");
        }
        if (!request.header("Sec-WebSocket-Version").equals(Optional.of("13"))) {
            throw Problem.header("Sec-WebSocket-Version", "WebSockets of version 13 are spoken here.");
        }
        if (request.header("Sec-WebSocket-Key").filter(Sockets::isKey).isEmpty()) {
            throw Problem.header("Sec-WebSocket-Key", "The handshake has a key: 16 bytes in base64.");
        }
    }

    private static boolean isKey(String text) {
        try {
            return Base64.getDecoder().decode(text).length == 16;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** Makes a connection of a request. @return false when its handshake is malformed; then nothing is sent */
    boolean upgrade(Context context, RawRequest raw, SocketHandler handler) throws IOException {
        raw.showAsSent();
        return JettyWebSocketServerContainer.ensureContainer(context.req().getServletContext())
                .upgrade((request, response) -> new Connection(handler), context.req(), context.res());
    }

    /** Says that the node stops, and gives the clients a moment to hear it. */
    void closeAll() {
        open.forEach(connection -> connection.close(SocketClosing.STOPPING, "the node stops"));
        for (int look = 0; look < FAREWELL_LOOKS && !open.isEmpty(); look++) {
            LockSupport.parkNanos(FAREWELL_LOOK_NANOS);
        }
    }

    /** Between the library and a handler. */
    public final class Connection implements Session.Listener.AutoDemanding {
        private final SocketHandler handler;
        private volatile SocketSession session;
        private boolean ended;

        Connection(SocketHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onWebSocketOpen(Session opened) {
            opened.setMaxTextMessageSize(handler.limits().messageBytesMax());
            opened.setMaxBinaryMessageSize(handler.limits().messageBytesMax());
            opened.setMaxFrameSize(handler.limits().messageBytesMax());
            opened.setIdleTimeout(handler.limits().idleMax());
            session = new SocketSession(opened);
            open.add(this);
            handler.opened(session);
        }

        @Override
        public void onWebSocketText(String message) {
            guarded(() -> handler.text(message));
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            byte[] message = new byte[payload.remaining()];
            payload.get(message);
            guarded(() -> handler.binary(message));
            callback.succeed();
        }

        @Override
        public void onWebSocketPong(ByteBuffer payload) {
            handler.pong();
        }

        private void guarded(Runnable call) {
            if (session.isClosing()) {
                return;
            }
            try {
                call.run();
            } catch (SocketClosing closing) {
                close(closing.code(), closing.reason());
            } catch (RuntimeException fault) {
                LOG.atError().setCause(fault).log("a message on a WebSocket ended in a fault");
                close(1011, "the node has a fault");
            }
        }

        private void close(int code, String reason) {
            session.close(code, reason);
        }

        @Override
        public void onWebSocketClose(int statusCode, String reason, Callback callback) {
            callback.succeed();
            end();
        }

        @Override
        public void onWebSocketError(Throwable cause) {
            end();
        }

        private synchronized void end() {
            if (!ended) {
                ended = true;
                open.remove(this);
                handler.closed();
            }
        }
    }
}
