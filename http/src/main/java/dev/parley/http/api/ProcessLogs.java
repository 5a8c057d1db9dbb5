package dev.parley.http.api;

import dev.parley.coordination.process.ProcessHost;
import dev.parley.coordination.process.ProcessHost.LogLine;
import dev.parley.store.kv.Members;
import dev.parley.store.kv.Processes;
import dev.parley.store.kv.Processes.Placement;
import dev.parley.store.replica.Replica;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** {@code GET /v1/processes/<name>/logs}: what an instance says, from whichever node is asked. */
final class ProcessLogs implements Resource {
    private static final int LINES_DEFAULT = 100;
    private static final int LINES_MAX = 1_000;
    private static final int UNREAD_MAX = 4_096;
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final Replica replica;
    private final ProcessDesk desk;
    private final String node;
    private final LongSupplier nanos;
    private final BooleanSupplier stopping;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .build();

    ProcessLogs(Replica replica, ProcessDesk desk, String node, LongSupplier nanos, BooleanSupplier stopping) {
        this.replica = replica;
        this.desk = desk;
        this.node = node;
        this.nanos = nanos;
        this.stopping = stopping;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/processes/<name>/logs", true).on("GET", this::logs));
    }

    private Answer logs(Request request, String rest) {
        String name = Names.ofPath(rest);
        Params params = request.params(List.of("lines", "node", "consistency", "min_revision", "timeout"));
        int lines = params.number("lines", 0, LINES_MAX)
                .orElse((long) LINES_DEFAULT)
                .intValue();
        Optional<String> wanted = params.text("node");
        wanted.ifPresent(text -> Names.requireName("node", text));
        try (OpenRead read = ReadLevel.of(params).open(replica)) {
            if (Processes.find(read.view(), name).isEmpty()) {
                throw read.mark(ProcessResource.noSuchProcess(name));
            }
            String owner = wanted.orElseGet(() -> Processes.placements(read.view(), name).stream()
                    .map(Placement::node)
                    .findFirst()
                    .orElse(node));
            Optional<ProcessHost> host = desk.host();
            if (owner.equals(node) && host.isPresent()) {
                return read.mark(EventWriter.answer(new Local(host.get(), name, lines)));
            }
            Optional<String> url =
                    Members.find(read.view(), owner).map(Members.Member::url).filter(found -> !owner.equals(node));
            if (url.isEmpty()) {
                throw read.mark(Problem.of(ProblemType.NO_SUCH_MEMBER, "Node " + owner + " has no output of it."));
            }
            return read.mark(EventWriter.answer(
                    new Remote(url.get() + "/v1/processes/" + name + "/logs?lines=" + lines + "&node=" + owner)));
        }
    }

    /** What runs here. A reader that is too slow misses lines, and sees so by their numbers. */
    private final class Local implements Answer.Stream {
        private final ProcessHost host;
        private final String name;
        private final int lines;
        private final BlockingQueue<LogLine> unread = new ArrayBlockingQueue<>(UNREAD_MAX);
        private final AtomicLong missed = new AtomicLong();

        Local(ProcessHost host, String name, int lines) {
            this.host = host;
            this.name = name;
            this.lines = lines;
        }

        @Override
        @SuppressWarnings("try") // following ends with the block, that is all it is for
        public void writeTo(OutputStream out) throws IOException {
            EventWriter writer = new EventWriter(out, nanos);
            try (AutoCloseable following = host.follow(name, lines, this::offer)) {
                while (!stopping.getAsBoolean()) {
                    LogLine line = unread.poll(EventWriter.SLICE.toMillis(), TimeUnit.MILLISECONDS);
                    for (; line != null; line = unread.poll()) {
                        write(writer, line);
                    }
                    writer.flushOrLive();
                }
            } catch (IOException | RuntimeException failure) {
                throw failure;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (Exception failure) {
                throw new IllegalStateException("following the output of " + name + " did not end", failure);
            }
            writer.closing();
        }

        private void offer(LogLine line) {
            if (!unread.offer(line)) {
                missed.incrementAndGet();
            }
        }

        private void write(EventWriter writer, LogLine line) throws IOException {
            writer.event("", Long.toString(line.number()), json -> {
                json.object().name("line").number(line.number());
                json.name("node").text(node);
                json.name("at").text(Times.format(line.atMillis()));
                json.name("stream").text(line.stream());
                json.name("text").text(line.text()).end();
            });
        }

        @Override
        public void close() {}
    }

    /** What another node sends, as it comes. */
    private final class Remote implements Answer.Stream {
        private final String url;

        Remote(String url) {
            this.url = url;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(ANSWER_WITHIN)
                    .header("Accept", EventWriter.TYPE)
                    .build();
            try {
                HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
                try (InputStream in = response.body()) {
                    if (response.statusCode() == 200) {
                        copy(in, out);
                    }
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private void copy(InputStream in, OutputStream out) throws IOException {
            byte[] buffer = new byte[8 << 10];
            for (int read = in.read(buffer); read >= 0 && !stopping.getAsBoolean(); read = in.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        }

        @Override
        public void close() {}
    }
}
