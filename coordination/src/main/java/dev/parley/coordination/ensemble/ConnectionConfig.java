package dev.parley.coordination.ensemble;

import java.time.Duration;

/**
 * How a node connects.
 *
 * @param namespace where all of the cluster's znodes lie, like {@code /parley/<cluster>}; several clusters may share an
 *     ensemble
 * @param secret shared by the nodes of a cluster; only who knows it may read or write below the namespace
 * @param sessionTimeout how long a silent node keeps its place; the ensemble may cut it to its own limits
 */
public record ConnectionConfig(String namespace, String secret, Duration sessionTimeout) {
    public static final Duration SESSION_TIMEOUT_DEFAULT = Duration.ofSeconds(6);

    public ConnectionConfig {
        if (!namespace.matches("(/[A-Za-z0-9_][A-Za-z0-9._-]*)+")) {
            throw new IllegalArgumentException("a namespace is /name[/name…], was \"" + namespace + "\"");
        }
        if (namespace.startsWith("/zookeeper")) {
            throw new IllegalArgumentException("ZooKeeper keeps /zookeeper to itself");
        }
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("the secret must not be empty");
        }
        if (sessionTimeout.toMillis() < 100 || sessionTimeout.toMillis() > 600_000) {
            throw new IllegalArgumentException("sessionTimeout must be 100 ms to 10 min, was " + sessionTimeout);
        }
    }

    @Override
    public String toString() {
        return "ConnectionConfig[namespace=" + namespace + ", sessionTimeout=" + sessionTimeout + "]";
    }
}
