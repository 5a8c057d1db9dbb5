package dev.parley.http.api;

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

    @Override
    public void close() {
        server.close();
    }
}
