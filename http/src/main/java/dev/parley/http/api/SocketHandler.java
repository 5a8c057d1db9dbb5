package dev.parley.http.api;

import java.time.Duration;

/** Serves one WebSocket connection. One call at a time; a call that blocks holds up what the client sends, and nothing else. */
interface SocketHandler {
    /**
     * What a connection may do.
     *
     * @param messageBytesMax of one message of the client; a larger one ends the connection with 1009
     * @param idleMax after which a silent connection is closed
     */
    record Limits(int messageBytesMax, Duration idleMax) {}

    Limits limits();

    void opened(SocketSession session);

    /** @throws SocketClosing to end the connection */
    void text(String message);

    /** @throws SocketClosing to end the connection */
    void binary(byte[] message);

    /** The client answered a ping. */
    default void pong() {}

    /** Called once, also when the connection broke. */
    void closed();
}
