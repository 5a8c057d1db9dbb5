package dev.parley.http.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/** Drives some of the connections, on the thread that calls {@link #run}. */
final class LoadLoop {
    private static final int READ_BYTES = 64 << 10;
    private static final long RECONNECT_NANOS = 50_000_000;
    private static final Pattern APPLIED = Pattern.compile("\"applied\"\\s*:\\s*(\\d+)");

    private final BenchPlan plan;
    private final Requests requests;
    private final LongSupplier nanos;
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(READ_BYTES);
    private final Histogram latencyMicros = new Histogram(3);
    private final Map<String, Long> failures = new HashMap<>();
    private final ArrayDeque<Retry> retries = new ArrayDeque<>();
    private final Selector selector;
    private long operations;
    private long measureFrom;
    private long measureUntil;

    private record Retry(Connection connection, long atNanos) {}

    private static final class Connection {
        private final InetSocketAddress target;
        private final AnswerParser parser = new AnswerParser();
        private SocketChannel channel;
        private Outgoing request;
        private long sentAtNanos;
        private boolean sent;

        Connection(InetSocketAddress target, SocketChannel channel, Outgoing request) {
            this.target = target;
            this.channel = channel;
            this.request = request;
        }
    }

    LoadLoop(BenchPlan plan, Requests requests, LongSupplier nanos) {
        this.plan = plan;
        this.requests = requests;
        this.nanos = nanos;
        try {
            selector = Selector.open();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    /** Keeps {@code connections} busy until the end, which is a time, or the end of a fill. */
    void run(int connections, int firstTarget, long startNanos) {
        measureFrom = startNanos + plan.warmup().toNanos();
        measureUntil = measureFrom + plan.duration().toNanos();
        List<Connection> open = new ArrayList<>();
        try (selector) {
            for (int i = 0; i < connections && requests.hasNext(); i++) {
                var target =
                        plan.targets().get((firstTarget + i) % plan.targets().size());
                var connection = new Connection(target, SocketChannel.open(), requests.next());
                open.add(connection);
                connect(connection);
            }
            while (nanos.getAsLong() < measureUntil
                    && (requests.hasNext() || !selector.keys().isEmpty() || !retries.isEmpty())) {
                selector.select(20);
                selector.selectedKeys().forEach(this::serve);
                selector.selectedKeys().clear();
                reconnect();
            }
            for (Connection connection : open) {
                connection.channel.close();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void connect(Connection connection) throws IOException {
        if (!connection.channel.isOpen()) {
            connection.channel = SocketChannel.open();
        }
        connection.channel.configureBlocking(false);
        connection.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        var key = connection.channel.register(selector, SelectionKey.OP_CONNECT, connection);
        if (connection.channel.connect(connection.target)) {
            begin(key, connection);
        }
    }

    private void serve(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isValid() && key.isConnectable() && connection.channel.finishConnect()) {
                begin(key, connection);
            }
            if (key.isValid() && key.isWritable()) {
                write(key, connection);
            }
            if (key.isValid() && key.isReadable()) {
                read(key, connection);
            }
        } catch (IOException | IllegalStateException | NumberFormatException broken) {
            fail(connection, "connection");
        }
    }

    private void begin(SelectionKey key, Connection connection) throws IOException {
        connection.sentAtNanos = nanos.getAsLong();
        connection.sent = false;
        write(key, connection);
    }

    private void write(SelectionKey key, Connection connection) throws IOException {
        ByteBuffer piece = connection.request.piece();
        while (piece.hasRemaining()) {
            connection.channel.write(piece);
            if (piece.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
            piece = connection.request.piece();
        }
        connection.sent = true;
        key.interestOps(SelectionKey.OP_READ);
    }

    private void read(SelectionKey key, Connection connection) throws IOException {
        incoming.clear();
        if (connection.channel.read(incoming) < 0) {
            fail(connection, "connection");
            return;
        }
        incoming.flip();
        if (incoming.hasRemaining() && connection.parser.feed(incoming)) {
            answered(key, connection);
        }
    }

    private void answered(SelectionKey key, Connection connection) throws IOException {
        AnswerParser answer = connection.parser;
        boolean again = false;
        long now = nanos.getAsLong();
        if (answer.status() >= 200 && answer.status() < 300) {
            int done = plan.workload() == BenchPlan.Workload.BULK ? applied(answer) : connection.request.operations();
            count(connection.sentAtNanos, now, done);
        } else {
            failures.merge(Integer.toString(answer.status()), 1L, Long::sum);
            if (plan.workload() == BenchPlan.Workload.FILL) {
                again = true;
            }
        }
        // An answer may come before a long request is out; what is left of it would be taken for the next one.
        boolean reusable = answer.isKeptAlive() && connection.sent;
        answer.reset();
        if (!again && !requests.hasNext()) {
            connection.channel.close();
            return;
        }
        connection.request = again ? rewound(connection) : requests.next();
        if (reusable) {
            begin(key, connection);
        } else {
            connection.channel.close();
            connect(connection);
        }
    }

    /** A fill leaves no key out. */
    private static Outgoing rewound(Connection connection) {
        connection.request.piece().rewind();
        return connection.request;
    }

    private int applied(AnswerParser answer) {
        Matcher summary = APPLIED.matcher(answer.tail());
        if (!summary.find()) {
            failures.merge("bulk without a summary", 1L, Long::sum);
            return 0;
        }
        int applied = Integer.parseInt(summary.group(1));
        if (applied < plan.linesPerBulk()) {
            failures.merge("bulk lines not applied", (long) plan.linesPerBulk() - applied, Long::sum);
        }
        return applied;
    }

    /** A request that began in the warm-up counts with the part of it that lies behind the warm-up. */
    private void count(long sentAtNanos, long now, int done) {
        if (now < measureFrom || done == 0) {
            return;
        }
        double share = sentAtNanos >= measureFrom ? 1 : (double) (now - measureFrom) / (now - sentAtNanos);
        operations += Math.round(done * share);
        latencyMicros.recordValue((now - sentAtNanos) / 1000);
    }

    private void fail(Connection connection, String what) {
        failures.merge(what, 1L, Long::sum);
        try {
            connection.channel.close();
        } catch (IOException alreadyGone) {
            failures.merge("close", 1L, Long::sum);
        }
        connection.parser.reset();
        retries.add(new Retry(connection, nanos.getAsLong() + RECONNECT_NANOS));
    }

    private void reconnect() throws IOException {
        boolean fill = plan.workload() == BenchPlan.Workload.FILL;
        while (!retries.isEmpty() && retries.peek().atNanos() <= nanos.getAsLong()) {
            Connection connection = retries.poll().connection();
            connection.request = fill ? rewound(connection) : requests.next();
            connect(connection);
        }
    }

    long operations() {
        return operations;
    }

    Histogram latencyMicros() {
        return latencyMicros;
    }

    Map<String, Long> failures() {
        return failures;
    }
}
