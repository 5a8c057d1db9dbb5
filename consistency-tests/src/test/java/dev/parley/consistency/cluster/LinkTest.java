package dev.parley.consistency.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkTest {
    private ServerSocket target;

    @BeforeEach
    void echo() throws IOException {
        target = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!target.isClosed()) {
                try {
                    Socket caller = target.accept();
                    Thread.ofVirtual().start(() -> echo(caller));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private static void echo(Socket caller) {
        try (caller) {
            caller.getInputStream().transferTo(caller.getOutputStream());
        } catch (IOException gone) {
            // The test has seen enough.
        }
    }

    @AfterEach
    void close() throws IOException {
        target.close();
    }

    private Link link(Duration there, Duration back, long bytesPerSecond) {
        return new Link(
                InetAddress.getLoopbackAddress(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), target.getLocalPort()),
                new Link.Delay(there, back),
                bytesPerSecond);
    }

    private static Socket call(Link link) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static long millisForEcho(Socket socket, int bytes) throws IOException {
        long begun = System.nanoTime();
        socket.getOutputStream().write(new byte[bytes]);
        assertEquals(bytes, socket.getInputStream().readNBytes(bytes).length);
        return (System.nanoTime() - begun) / 1_000_000;
    }

    @Test
    void whatIsSentAndWhatComesBackEachTakeTheirDelay() throws IOException {
        try (Link link = link(Duration.ofMillis(40), Duration.ofMillis(70), Long.MAX_VALUE);
                Socket socket = call(link)) {
            assertTrue(millisForEcho(socket, 10) >= 110);
            assertEquals(20, link.delayedBytes());
            assertEquals(1, link.made());
        }
    }

    @Test
    void onlySoManyBytesASecondGetThrough() throws IOException {
        try (Link link = link(Duration.ofMillis(1), Duration.ofMillis(1), 100_000);
                Socket socket = call(link)) {
            // The last chunk is not waited for.
            assertTrue(millisForEcho(socket, 64 << 10) >= 300);
        }
    }

    @Test
    void aCutThatIsSilentTellsTheCallerNothingAndOneThatResetsTellsAtOnce() throws IOException {
        try (Link link = link(Duration.ZERO, Duration.ZERO, Long.MAX_VALUE);
                Socket silent = call(link)) {
            millisForEcho(silent, 1);
            link.cut(Link.Side.SILENT, Link.Side.RESET);
            silent.setSoTimeout(200);
            assertThrows(
                    SocketTimeoutException.class, () -> silent.getInputStream().read());
            link.mend();
            try (Socket again = call(link)) {
                millisForEcho(again, 1);
                link.cut(Link.Side.RESET, Link.Side.SILENT);
                assertThrows(IOException.class, () -> {
                    if (again.getInputStream().read() < 0) {
                        throw new IOException("ended");
                    }
                });
            }
        }
    }
}
