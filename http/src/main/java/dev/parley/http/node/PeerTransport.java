package dev.parley.http.node;

import dev.parley.coordination.gossip.Lane;
import dev.parley.coordination.gossip.PeerAddress;
import dev.parley.coordination.gossip.Transport;
import dev.parley.http.api.InternalAnswers;
import dev.parley.store.kv.Malformed;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Links to other nodes as WebSockets below {@code /internal}: they need no port of their own. Any thread. */
final class PeerTransport implements Transport, AutoCloseable {
    private static final String PATH = "/internal/v1/link?lane=";
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);
    private static final Duration SEND_WITHIN = Duration.ofSeconds(10);

    private final String secret;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .build();

    PeerTransport(String secret) {
        this.secret = secret;
    }

    @Override
    public Wire connect(PeerAddress peer, Lane lane, Receiver receiver) {
        CompletableFuture<WebSocket> connecting;
        try {
            connecting = client.newWebSocketBuilder()
                    .header(InternalAnswers.SECRET_HEADER, secret)
                    .connectTimeout(CONNECT_WITHIN)
                    .buildAsync(URI.create(socketUrl(peer.url()) + PATH + lane.text()), new Reader(receiver));
        } catch (IllegalArgumentException malformed) {
            throw new LinkFailure("no usable address: " + peer.url());
        }
        try {
            return new SocketWire(await(connecting, CONNECT_WITHIN));
        } catch (LinkFailure failure) {
            connecting.thenAccept(WebSocket::abort);
            throw failure;
        }
    }

    private static String socketUrl(String url) {
        return url.startsWith("http") ? "ws" + url.substring("http".length()) : url;
    }

    private static <T> T await(CompletableFuture<T> future, Duration patience) {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            throw new LinkFailure(
                    cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : ": " + cause.getMessage()));
        } catch (TimeoutException silence) {
            throw new LinkFailure("no answer within " + patience.toSeconds() + " s");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LinkFailure("interrupted");
        }
    }

    private record SocketWire(WebSocket socket) implements Wire {
        @Override
        public void send(byte[] message) {
            await(socket.sendBinary(ByteBuffer.wrap(message), true), SEND_WITHIN);
        }

        @Override
        public void close() {
            socket.abort();
        }
    }

    /** Puts fragments together. */
    private static final class Reader implements WebSocket.Listener {
        private final Receiver receiver;
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        Reader(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            message.writeBytes(part);
            if (message.size() > Lane.MESSAGE_BYTES_MAX) {
                end(socket);
                return null;
            }
            if (last) {
                byte[] whole = message.toByteArray();
                message.reset();
                try {
                    receiver.received(whole);
                } catch (Malformed malformed) {
                    end(socket);
                    return null;
                }
            }
            socket.request(1);
            return null;
        }

        private void end(WebSocket socket) {
            socket.abort();
            receiver.closed();
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            receiver.closed();
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            receiver.closed();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
