package dev.parley.consistency.cluster;

import java.net.URI;

/** One node of a cluster under test, and what can be done to it. Methods block until the effect is there. Not for use by several threads at once. */
public interface Machine {

    /** What the process is doing. */
    enum State {
        RUNNING,
        PAUSED,
        DOWN
    }

    String name();

    /** Where tests reach the node. */
    URI url();

    State state();

    /** SIGKILL. */
    void kill();

    /** SIGTERM, and waiting for the end. */
    void stop();

    /** Starts the node again with the data it has. */
    void start();

    /** SIGSTOP, to everything in the node. */
    void pause();

    void resume();

    /** Whatever the node has printed, for a person; the end of it when it is long. */
    String log();

    /**
     * Runs a shell script as root where the node runs and returns what it prints.
     *
     * @throws ClusterException when it fails, or where nothing can be run
     */
    String shell(String script);

    /**
     * Runs a shell script in the node's data directory and returns what it prints, also while the node is down.
     *
     * @throws ClusterException when it fails, or where the disk cannot be reached
     */
    String onDisk(String script);

    /** Whether the server of ZooKeeper that runs here, if any, leads its ensemble. False also when nothing answers. */
    default boolean leadsZooKeeper() {
        return false;
    }

    /** The address by which other nodes know this one. */
    String address();
}
