package dev.parley.http.api;

import java.time.Duration;
import java.util.Set;

/** What the API shows of a node beyond its replica. Any thread; answers at once. */
public interface NodeFacts {
    Duration uptime();

    ZooKeeper zookeeper();

    /** Ids of the nodes that are members of the cluster right now, as far as this node sees. */
    Set<String> alive();

    /** Ids of the nodes that do not answer this node's probes, long before they cease to be {@link #alive}. */
    Set<String> suspected();

    /**
     * @param state {@code connected}, {@code suspended} or {@code lost}
     * @param mode {@code embedded} or {@code external}
     */
    record ZooKeeper(String state, String mode) {}
}
