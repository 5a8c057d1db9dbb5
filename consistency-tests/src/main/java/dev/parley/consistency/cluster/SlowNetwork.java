package dev.parley.consistency.cluster;

/** A network that is slow until it is closed; may be closed twice. */
public interface SlowNetwork extends AutoCloseable {

    /** How many bytes were held back so far. */
    long delayedBytes();

    @Override
    void close();
}
