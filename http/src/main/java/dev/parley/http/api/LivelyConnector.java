package dev.parley.http.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Lets the operating system ask silent clients whether they live: one whose machine is gone never hangs up, and what is
 * sent to it would be kept for a quarter of an hour. It is asked before the next bookmark is due, because once something
 * is on its way nothing is asked any more.
 */
final class LivelyConnector extends ServerConnector {
    private static final int IDLE_SECONDS = 8;
    private static final int BETWEEN_SECONDS = 2;
    private static final int QUESTIONS = 3;

    LivelyConnector(Server server, ConnectionFactory factory) {
        super(server, 1, 1, factory);
    }

    @Override
    protected void configure(Socket socket) {
        super.configure(socket);
        set(socket, StandardSocketOptions.SO_KEEPALIVE, true);
        set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
        set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, BETWEEN_SECONDS);
        set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, QUESTIONS);
    }

    private static <T> void set(Socket socket, SocketOption<T> option, T value) {
        try {
            if (socket.supportedOptions().contains(option)) {
                socket.setOption(option, value);
            }
        } catch (java.net.SocketException gone) {
            // closed by its client meanwhile
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
