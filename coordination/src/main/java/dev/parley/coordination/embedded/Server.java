package dev.parley.coordination.embedded;

/** A running ZooKeeper server of one kind or the other. */
interface Server extends AutoCloseable {
    int clientPort();

    EmbeddedZooKeeper.Mode mode();

    /** Stops it and waits for its threads. May be called twice. */
    @Override
    void close();
}
