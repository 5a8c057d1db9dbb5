package dev.parley.coordination.ensemble;

import dev.parley.coordination.embedded.EmbeddedZooKeeper;

/** Which ZooKeeper a node uses. */
public sealed interface Ensemble {
    /** {@code host:port[,host:port…]}, without a chroot: the namespace is {@link ConnectionConfig#namespace}. */
    String connectString();

    /**
     * The server in this process; it forwards to the ensemble's leader. Only this one is used: when it has no quorum,
     * so has this process, and a list of the others would let one node count on two members' disks at once.
     */
    record Embedded(EmbeddedZooKeeper server) implements Ensemble {
        @Override
        public String connectString() {
            return server.connectString();
        }
    }

    /** Somebody else's. Its largest packet is found out by {@code EntrySizeProbe}. */
    record External(String connectString) implements Ensemble {
        public External {
            if (connectString.isBlank() || connectString.contains("/")) {
                throw new IllegalArgumentException(
                        "a connect string is host:port[,host:port] without a path, was \"" + connectString + "\"");
            }
        }
    }
}
