package dev.parley.http.cli.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Many streams of events, read by one thread, while this thread's caller writes: how long after a put has returned every
 * watcher has its event. Latencies below zero, of events that came before the put's own answer, count as zero.
 */
public final class WatchBench implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** @param oneKey every watcher watches a key of its own that nobody writes; otherwise all watch what is written */
    public record Plan(
            List<InetSocketAddress> targets, int watchers, boolean oneKey, int writesPerSecond, Duration duration) {
        public Plan {
            targets = List.copyOf(targets);
        }
    }

    /** One stream. */
    private static final class Stream {
        private final int number;
        private final EventParser parser = new EventParser();
        private boolean ready;

        Stream(int number) {
            this.number = number;
        }
    }

    private final Plan plan;
    private final LongSupplier nanos;
    private final Selector selector;
    private final List<SocketChannel> channels = new ArrayList<>();
    private final Map<Long, long[]> arrivals = new TreeMap<>();
    private int ready;
    private int broken;
    private int doubled;

    public WatchBench(Plan plan, LongSupplier nanos) throws IOException {
        this.plan = plan;
        this.nanos = nanos;
        this.selector = Selector.open();
    }

    /** Opens the streams. @throws IllegalStateException when not all of them begin */
    public void open() throws IOException {
        for (int i = 0; i < plan.watchers(); i++) {
            SocketChannel channel =
                    SocketChannel.open(plan.targets().get(i % plan.targets().size()));
            channels.add(channel);
            String range = plan.oneKey() ? "key=bench-idle/" + i : "prefix=bench-watch/";
            String request = "GET /v1/watch?" + range + " HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Stream(i));
            if (i % 64 == 63) {
                read(0);
            }
        }
        long deadline = nanos.getAsLong() + PATIENCE.toNanos();
        while (ready < plan.watchers() && broken == 0 && nanos.getAsLong() - deadline < 0) {
            read(100);
        }
        if (ready < plan.watchers()) {
            throw new IllegalStateException(ready + " of " + plan.watchers() + " streams began, " + broken + " broke");
        }
    }

    /** Keeps the streams open and reads what comes. */
    public void hold(Duration time) throws IOException {
        long deadline = nanos.getAsLong() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = deadline - nanos.getAsLong()) {
            read(Math.max(1, left / 1_000_000));
        }
    }

    private void read(long waitMillis) throws IOException {
        if (waitMillis == 0) {
            selector.selectNow();
        } else {
            selector.select(waitMillis);
        }
        ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
        for (SelectionKey key : selector.selectedKeys()) {
            Stream stream = (Stream) key.attachment();
            SocketChannel channel = (SocketChannel) key.channel();
            if (channel.read(buffer.clear()) < 0) {
                broken++;
                key.cancel();
            } else {
                long now = nanos.getAsLong();
                stream.parser.read(buffer.flip(), revision -> began(stream), revision -> came(stream, revision, now));
            }
        }
        selector.selectedKeys().clear();
    }

    private void began(Stream stream) {
        if (!stream.ready) {
            stream.ready = true;
            ready++;
        }
    }

    private void came(Stream stream, long revision, long now) {
        long[] of = arrivals.computeIfAbsent(revision, first -> new long[plan.watchers()]);
        if (of[stream.number] != 0) {
            doubled++;
        }
        of[stream.number] = now;
    }

    /** What {@link #judge} found. */
    public record Report(
            int watchers,
            int writes,
            long expected,
            long received,
            int doubled,
            int broken,
            long p50Millis,
            long p99Millis,
            long maxMillis) {
        public String text() {
            return "watchers=" + watchers + " writes=" + writes + " expected=" + expected + " received=" + received
                    + " doubled=" + doubled + " broken=" + broken + " p50_ms=" + p50Millis + " p99_ms=" + p99Millis
                    + " max_ms=" + maxMillis;
        }

        public boolean isComplete() {
            return received == expected && doubled == 0 && broken == 0;
        }
    }

    /** @param returnedNanos when the put of each revision returned */
    public Report judge(Map<Long, Long> returnedNanos) {
        List<Long> latencies = new ArrayList<>();
        returnedNanos.forEach((revision, returned) -> {
            for (long arrival : arrivals.getOrDefault(revision, new long[0])) {
                if (arrival != 0) {
                    latencies.add(Math.max(0, arrival - returned) / 1_000_000);
                }
            }
        });
        latencies.sort(null);
        return new Report(
                plan.watchers(),
                returnedNanos.size(),
                (long) returnedNanos.size() * plan.watchers(),
                latencies.size(),
                doubled,
                broken,
                at(latencies, 50),
                at(latencies, 99),
                at(latencies, 100));
    }

    private static long at(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? 0 : sorted.get(Math.max(0, (int) ((long) sorted.size() * percent / 100) - 1));
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }
}
