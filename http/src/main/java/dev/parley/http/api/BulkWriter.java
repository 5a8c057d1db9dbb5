package dev.parley.http.api;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the answers of a bulk load, a line for a line, in order, and the totals. */
final class BulkWriter implements BulkAnswers.Taker {
    private static final int CHUNK_BYTES = 32 << 10;

    private final BulkAnswers answers;
    private final OutputStream out;
    private final String requestId;
    private final String node;
    private final JsonWriter json = new JsonWriter(CHUNK_BYTES + (4 << 10));
    private long applied;
    private long refused;
    private long unknown;

    BulkWriter(BulkAnswers answers, OutputStream out, String requestId, String node) {
        this.answers = answers;
        this.out = out;
        this.requestId = requestId;
        this.node = node;
    }

    /** Returns when everything is written, or nothing more can be. */
    void run() throws IOException {
        while (!answers.isGivenUp()) {
            if (!answers.isNextSettled()) {
                flush();
                answers.awaitNext();
            } else if (answers.isAtEnd()) {
                totals();
                flush();
                return;
            } else {
                answers.take(this);
                if (json.size() >= CHUNK_BYTES) {
                    write();
                }
            }
        }
    }

    @Override
    public void revision(long line, long revision) {
        applied++;
        json.object().name("line").number(line).name("revision").number(revision);
        json.end().newline();
    }

    @Override
    public void problem(long line, Problem problem) {
        if (problem.isUnknown()) {
            unknown++;
        } else {
            refused++;
        }
        json.object().name("line").number(line).name("problem");
        problem.writeTo(json, requestId, node, true);
        json.end().newline();
    }

    private void totals() {
        json.object().name("lines").number(applied + refused + unknown);
        json.name("applied").number(applied);
        json.name("refused").number(refused);
        json.name("unknown").number(unknown);
        json.end().newline();
    }

    private void write() throws IOException {
        json.writeTo(out);
        json.clear();
    }

    private void flush() throws IOException {
        if (json.size() > 0) {
            write();
            out.flush();
        }
    }
}
