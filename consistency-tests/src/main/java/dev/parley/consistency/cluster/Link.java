package dev.parley.consistency.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A way from one process to a port of another, on this machine, that can be slow, break, and fall silent on either side:
 * what a network does, where there is no network to disturb. Any thread.
 */
public final class Link implements AutoCloseable {
    private static final Duration TARGET_LISTENS = Duration.ofSeconds(3);
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int CONNECT_MILLIS = 1_000;

    /** What one side notices of a cut. */
    public enum Side {
        /** Its connections are reset, and new ones at once as well. */
        RESET,
        /** Its connections stay, and nothing comes any more. */
        SILENT
    }

    /** How much longer what is sent takes, each way. */
    public record Delay(Duration there, Duration back) {
        public static final Delay NONE = new Delay(Duration.ZERO, Duration.ZERO);
    }

    private sealed interface State {
        record Open() implements State {}

        record Cut(Side caller, Side target) implements State {}
    }

    private final InetSocketAddress target;
    private final Delay delay;
    private final long bytesPerSecond;
    private final ServerSocket listening;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Socket> held = ConcurrentHashMap.newKeySet();
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong delayed = new AtomicLong();
    private volatile State state = new State.Open();

    /** A link on this machine. */
    Link(int targetPort, Delay delay) {
        this(
                InetAddress.getLoopbackAddress(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort),
                delay,
                Long.MAX_VALUE);
    }

    /**
     * @param on the address of this machine where callers connect to
     * @param bytesPerSecond at most so many get through in one connection each way, where there is a delay
     */
    Link(InetAddress on, InetSocketAddress target, Delay delay, long bytesPerSecond) {
        this.target = target;
        this.delay = delay;
        this.bytesPerSecond = bytesPerSecond;
        try {
            listening = new ServerSocket(0, 50, on);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        Thread.ofVirtual().name("link-" + target.getPort()).start(this::accept);
    }

    /** Where the caller connects to. */
    int port() {
        return listening.getLocalPort();
    }

    /** How many connections were ever made through it. */
    public long made() {
        return made.get();
    }

    /** How many bytes were ever held back, to be slow. */
    long delayedBytes() {
        return delayed.get();
    }

    /** Breaks what is connected; who connects again gets through. */
    public void reset() {
        connections.forEach(connection -> connection.end(Side.RESET, Side.RESET));
    }

    /** Nothing gets through until {@link #mend}. */
    public void cut(Side caller, Side target) {
        state = new State.Cut(caller, target);
        connections.forEach(connection -> connection.end(caller, target));
    }

    /** Ends a cut, and what it left hanging. */
    public void mend() {
        state = new State.Open();
        held.forEach(Link::resetQuietly);
        held.clear();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket caller = listening.accept();
                switch (state) {
                    case State.Open open -> Thread.ofVirtual().start(() -> connect(caller));
                    case State.Cut(Side side, Side target) -> leave(caller, side);
                }
            } catch (IOException closed) {
                // The end of the loop, too.
            }
        }
    }

    private void connect(Socket caller) {
        try {
            Socket called = target();
            caller.setTcpNoDelay(true);
            called.setTcpNoDelay(true);
            Connection connection = new Connection(caller, called);
            connections.add(connection);
            made.incrementAndGet();
            connection.start();
            if (state instanceof State.Cut(Side callers, Side targets)) {
                connection.end(callers, targets);
            }
        } catch (IOException nobody) {
            resetQuietly(caller);
        }
    }

    /** Waits a while for a target that is about to listen: the caller could not tell its refusal from a connection that broke. */
    private Socket target() throws IOException {
        long end = System.nanoTime() + TARGET_LISTENS.toNanos();
        while (true) {
            Socket socket = new Socket();
            try {
                socket.connect(target, CONNECT_MILLIS);
                return socket;
            } catch (IOException refused) {
                closeQuietly(socket);
                if (System.nanoTime() - end > 0 || listening.isClosed() || state instanceof State.Cut) {
                    throw refused;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private void leave(Socket socket, Side side) {
        switch (side) {
            case RESET -> resetQuietly(socket);
            case SILENT -> held.add(socket);
        }
    }

    private static void resetQuietly(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException closed) {
            // That is what was wanted.
        }
        closeQuietly(socket);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            // That is what was wanted.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException closed) {
            // That is what was wanted.
        }
        reset();
        mend();
    }

    private record Chunk(long dueNanos, byte[] bytes) {}

    private final class Connection {
        private final Socket caller;
        private final Socket target;
        private volatile boolean ended;

        Connection(Socket caller, Socket target) {
            this.caller = caller;
            this.target = target;
        }

        void start() {
            carry(caller, delay.there().toNanos(), target);
            carry(target, delay.back().toNanos(), caller);
        }

        private void carry(Socket from, long delayNanos, Socket to) {
            BlockingQueue<Chunk> onTheWay = new LinkedBlockingQueue<>();
            Thread.ofVirtual().start(() -> pump(from, delayNanos, onTheWay, to));
            if (delayNanos > 0) {
                Thread.ofVirtual().start(() -> deliver(onTheWay, to));
            }
        }

        private void pump(Socket from, long delayNanos, BlockingQueue<Chunk> onTheWay, Socket to) {
            byte[] buffer = new byte[CHUNK_BYTES];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0 && !ended; read = in.read(buffer)) {
                    if (delayNanos > 0) {
                        delayed.addAndGet(read);
                        onTheWay.add(new Chunk(System.nanoTime() + delayNanos, java.util.Arrays.copyOf(buffer, read)));
                    } else {
                        out.write(buffer, 0, read);
                    }
                }
            } catch (IOException broken) {
                // One side is gone, so the other goes too.
            }
            if (first()) {
                // Without a reset: it would take away what the other side has not read yet.
                closeQuietly(caller);
                closeQuietly(target);
            }
        }

        private void deliver(BlockingQueue<Chunk> onTheWay, Socket to) {
            try {
                OutputStream out = to.getOutputStream();
                while (!ended) {
                    Chunk chunk = onTheWay.take();
                    while (chunk.dueNanos() - System.nanoTime() > 0) {
                        LockSupport.parkNanos(chunk.dueNanos() - System.nanoTime());
                    }
                    if (!ended) {
                        out.write(chunk.bytes());
                        LockSupport.parkNanos(1_000_000_000L * chunk.bytes().length / bytesPerSecond);
                    }
                }
            } catch (IOException broken) {
                end(Side.RESET, Side.RESET);
            } catch (InterruptedException never) {
                Thread.currentThread().interrupt();
            }
        }

        /** Once; what each side notices is decided by the first call. */
        void end(Side callers, Side targets) {
            if (first()) {
                leave(caller, callers);
                leave(target, targets);
            }
        }

        private synchronized boolean first() {
            boolean first = !ended;
            ended = true;
            connections.remove(this);
            return first;
        }
    }
}
