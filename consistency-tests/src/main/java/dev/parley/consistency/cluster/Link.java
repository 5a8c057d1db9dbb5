package dev.parley.consistency.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
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
    private static final int CHUNK_BYTES = 16 << 10;

    /** What one side notices of a cut. */
    public enum Side {
        /** Its connections are reset, and new ones at once as well. */
        RESET,
        /** Its connections stay, and nothing comes any more. */
        SILENT
    }

    private sealed interface State {
        record Open() implements State {}

        record Cut(Side caller, Side target) implements State {}
    }

    private final int targetPort;
    private final long delayNanos;
    private final ServerSocket listening;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Socket> held = ConcurrentHashMap.newKeySet();
    private final AtomicLong made = new AtomicLong();
    private volatile State state = new State.Open();

    /** @param delay what comes back takes this much longer */
    Link(int targetPort, Duration delay) {
        this.targetPort = targetPort;
        this.delayNanos = delay.toNanos();
        try {
            listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        Thread.ofVirtual().name("link-" + targetPort).start(this::accept);
    }

    /** Where the caller connects to. */
    int port() {
        return listening.getLocalPort();
    }

    /** How many connections were ever made through it. */
    public long made() {
        return made.get();
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
                    case State.Open open -> connect(caller);
                    case State.Cut(Side side, Side target) -> leave(caller, side);
                }
            } catch (IOException closed) {
                // Closed, or the target is not there yet: the caller tries again.
            }
        }
    }

    private void connect(Socket caller) throws IOException {
        Socket target;
        try {
            target = new Socket(InetAddress.getByName("127.0.0.1"), targetPort);
        } catch (IOException nobody) {
            resetQuietly(caller);
            throw nobody;
        }
        caller.setTcpNoDelay(true);
        target.setTcpNoDelay(true);
        Connection connection = new Connection(caller, target);
        connections.add(connection);
        made.incrementAndGet();
        connection.start();
        if (state instanceof State.Cut(Side callers, Side targets)) {
            connection.end(callers, targets);
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
            BlockingQueue<Chunk> onTheWay = new LinkedBlockingQueue<>();
            for (Runnable work : List.<Runnable>of(
                    () -> pump(caller, 0, new LinkedBlockingQueue<>(), target),
                    () -> pump(target, delayNanos, onTheWay, caller))) {
                Thread.ofVirtual().start(work);
            }
            if (delayNanos > 0) {
                Thread.ofVirtual().start(() -> deliver(onTheWay));
            }
        }

        private void pump(Socket from, long delay, BlockingQueue<Chunk> onTheWay, Socket to) {
            byte[] buffer = new byte[CHUNK_BYTES];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0 && !ended; read = in.read(buffer)) {
                    if (delay > 0) {
                        onTheWay.add(new Chunk(System.nanoTime() + delay, java.util.Arrays.copyOf(buffer, read)));
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

        private void deliver(BlockingQueue<Chunk> onTheWay) {
            try {
                OutputStream out = caller.getOutputStream();
                while (!ended) {
                    Chunk chunk = onTheWay.take();
                    while (chunk.dueNanos() - System.nanoTime() > 0) {
                        LockSupport.parkNanos(chunk.dueNanos() - System.nanoTime());
                    }
                    if (!ended) {
                        out.write(chunk.bytes());
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
