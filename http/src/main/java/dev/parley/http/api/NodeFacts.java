package dev.parley.http.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the API shows of a node beyond its replica. Any thread; answers at once. */
public interface NodeFacts {
    Duration uptime();

    ZooKeeper zookeeper();

    /** Ids of the nodes that are members of the cluster right now, as far as this node sees. */
    Set<String> alive();

    /** Ids of the nodes that do not answer this node's probes, long before they cease to be {@link #alive}. */
    Set<String> suspected();

    /** What this node does to get the tables of another one; empty when it needs none. */
    default Optional<Rebuild> rebuild() {
        return Optional.empty();
    }

    /** Where damaged tables were renamed to, as far as this process knows. */
    default List<String> setAside() {
        return List.of();
    }

    /**
     * The way to another node's tables.
     *
     * @param state {@code waiting} or {@code fetching}
     * @param why for people
     * @param from the other node's URL; empty while it waits
     * @param bytes that came in this round
     * @param bytesTotal of the whole snapshot, of which some may be here already
     */
    record Rebuild(String state, String why, String from, long bytes, long bytesTotal) {
        public static Rebuild waiting(String why) {
            return new Rebuild("waiting", why, "", 0, 0);
        }
    }

    /**
     * @param state {@code connected}, {@code suspended} or {@code lost}
     * @param mode {@code embedded} or {@code external}
     */
    record ZooKeeper(String state, String mode) {}
}
