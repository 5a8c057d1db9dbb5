package dev.parley.consistency.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A cluster under test. Closing it removes whatever the suite started. */
public interface Cluster extends AutoCloseable {

    List<Machine> machines();

    /** The servers of ZooKeeper, where they are machines of their own; none where nodes embed them. */
    default List<Machine> servers() {
        return List.of();
    }

    Set<Ability> abilities();

    /**
     * Starts a node that joins the cluster; it is none of {@link #machines()}.
     *
     * @throws ClusterException where that cannot be done
     */
    default Machine grow() {
        throw new ClusterException("no node can join " + describe());
    }

    /** Kills a node that joined, for good. */
    default void shrink(Machine guest) {
        throw new ClusterException("no node joined " + describe());
    }

    /**
     * Makes everything that nodes and servers say to each other slow. Connections that are open break once.
     *
     * @throws ClusterException where that cannot be done
     */
    default SlowNetwork slow(Duration delay, long bytesPerSecond) {
        throw new ClusterException("the network of " + describe() + " cannot be made slow");
    }

    /** How the cluster is run, in a few words for the report. */
    String describe();

    @Override
    void close();
}
