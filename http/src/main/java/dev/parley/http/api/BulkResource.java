package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.replica.Replica;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** {@code /v1/bulk}: many independent writes on one connection, as lines of JSON, streamed both ways. */
final class BulkResource implements Resource {
    private static final Set<String> TYPES =
            Set.of("", "application/x-ndjson", "application/ndjson", "application/json", KeyResource.CURLS_DEFAULT);

    private final Replica replica;
    private final String node;

    BulkResource(Replica replica, String node) {
        this.replica = replica;
        this.node = node;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/bulk", true).on("POST", this::post));
    }

    private Answer post(Request request, String rest) {
        Duration timeout = request.params(List.of("timeout")).timeout();
        Companions companions = Companions.of(request);
        if (!TYPES.contains(request.mediaType())) {
            throw Problem.of(ProblemType.UNSUPPORTED_TYPE, "Content-Type", "The body must be application/x-ndjson.");
        }
        if (!replica.status().ready()) {
            throw Outcomes.refusal(Replica.Refusal.NOT_READY);
        }
        return Answer.of(200).stream(Answer.NDJSON, new Load(request, companions, timeout));
    }

    /** One load: this thread reads and submits, another one writes answers. */
    private final class Load implements Answer.Stream {
        private final Request request;
        private final Companions companions;
        private final Duration timeout;
        private final BulkAnswers answers = new BulkAnswers();

        Load(Request request, Companions companions, Duration timeout) {
            this.request = request;
            this.companions = companions;
            this.timeout = timeout;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            BulkWriter writer = new BulkWriter(answers, out, request.id(), node);
            CompletableFuture<Void> written = new CompletableFuture<>();
            Thread.ofVirtual().name("parley-bulk-writer").start(() -> write(writer, written));
            try {
                readAll();
                answers.complete();
                written.get();
            } catch (ExecutionException failure) {
                throw new IOException("the answers could not be written", failure.getCause());
            } catch (InterruptedException interrupted) {
                throw new IOException("the node is stopping", interrupted);
            } finally {
                answers.giveUp();
            }
        }

        private void write(BulkWriter writer, CompletableFuture<Void> written) {
            try {
                writer.run();
                written.complete(null);
            } catch (IOException | RuntimeException failure) {
                answers.giveUp();
                written.completeExceptionally(failure);
            }
        }

        private void readAll() throws IOException {
            LineReader lines =
                    new LineReader(request.bodyStream(), request.limits().requestBytes());
            while (!answers.isGivenUp() && lines.next()) {
                submit(lines);
            }
        }

        private void submit(LineReader lines) {
            BulkAnswers.Line line = answers.next(lines.isOverlong() ? 0 : lines.length());
            try {
                if (lines.isOverlong()) {
                    throw Problem.of(
                            ProblemType.BODY_TOO_LARGE,
                            "A line must have at most " + request.limits().requestBytes() + " bytes.");
                }
                Command command = BulkLine.read(lines.bytes(), lines.start(), lines.length());
                request.limits().check(command);
                replica.submit(companions.line(command, line.number(), () -> copy(lines)), timeout, line::answer);
            } catch (Problem problem) {
                line.refuse(problem);
            }
        }

        private static Bytes copy(LineReader lines) {
            return Bytes.wrap(
                    java.util.Arrays.copyOfRange(lines.bytes(), lines.start(), lines.start() + lines.length()));
        }

        @Override
        public void close() {
            answers.giveUp();
        }
    }
}
