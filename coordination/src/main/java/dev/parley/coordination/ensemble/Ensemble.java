package dev.parley.coordination.ensemble;

import dev.parley.coordination.embedded.EmbeddedZooKeeper;

/** Which ZooKeeper a node uses. */
public sealed interface Ensemble {
    /** {@code host:port[,host:port…]}, without a chroot: the namespace is {@link ConnectionConfig#namespace}. */
    String connectString();

    /**
     * The server in this process, and no other: it forwards to the ensemble's leader, and a node whose own server has no
     * quorum would rather wait for it than lean on a connection that the next fault of another host cuts.
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
