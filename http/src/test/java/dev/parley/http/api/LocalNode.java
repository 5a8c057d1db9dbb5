package dev.parley.http.api;

import dev.parley.store.kv.Command;
import dev.parley.store.kv.Submission;
import java.time.Duration;

/** A cluster of one in memory that listens, for tests of other packages. */
public final class LocalNode implements AutoCloseable {
    private final TestServer server = TestServer.start();

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** The body of a GET. */
    public String get(String target) {
        return server.get(target).body();
    }

    /** Has a command agreed on. */
    public void submit(Command command) {
        server.node().replica().submit(Submission.of(command), Duration.ofSeconds(10));
    }

    @Override
    public void close() {
        server.close();
    }
}
