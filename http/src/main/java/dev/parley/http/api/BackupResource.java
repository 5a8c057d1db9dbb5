package dev.parley.http.api;

import dev.parley.store.backup.ArchiveWriter;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.table.Checkpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/** {@code /v1/backup}: the state of this moment as one archive, while reads and writes go on. One at a time. */
final class BackupResource implements Resource {
    private static final List<String> PARAMETERS = List.of("consistency", "min_revision", "timeout");
    private static final String ARCHIVE = "application/octet-stream";

    private final String cluster;
    private final Replica replica;
    private final Checkpoints checkpoints;
    private final Ambient ambient;
    private final Semaphore turn = new Semaphore(1);

    BackupResource(String cluster, Replica replica, Checkpoints checkpoints, Ambient ambient) {
        this.cluster = cluster;
        this.replica = replica;
        this.checkpoints = checkpoints;
        this.ambient = ambient;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/backup", true).on("GET", this::get));
    }

    private Answer get(Request request, String rest) {
        Params params = request.params(PARAMETERS);
        ReadLevel level = ReadLevel.of(params);
        if (!turn.tryAcquire()) {
            throw Problem.of(ProblemType.QUEUE_FULL, "Another backup of this node is under way.");
        }
        boolean taken = false;
        try {
            Answer answer = backup(level, params.timeout());
            taken = true;
            return answer;
        } finally {
            if (!taken) {
                turn.release();
            }
        }
    }

    private Answer backup(ReadLevel level, Duration timeout) {
        Answer answer;
        Position least;
        try (OpenRead read = level.open(replica)) {
            least = read.view().position();
            answer = read.markLevel(Answer.of(200));
        }
        Checkpoint checkpoint = checkpoints
                .durable(least.applied(), timeout)
                .orElseThrow(() ->
                        Problem.of(ProblemType.TIMED_OUT, "The state was not durable on this node in the time given."));
        return answer.revision(checkpoint.position().revision()).stream(ARCHIVE, new Copy(checkpoint));
    }

    private final class Copy implements Answer.Stream {
        private final Checkpoint checkpoint;

        Copy(Checkpoint checkpoint) {
            this.checkpoint = checkpoint;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            ArchiveWriter.write(checkpoint, cluster, ambient.epochMillis().getAsLong(), out);
        }

        @Override
        public void close() {
            checkpoint.close();
            turn.release();
        }
    }
}
