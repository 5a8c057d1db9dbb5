package dev.parley.consistency.soak;

import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.NodeBuild;
import java.nio.file.Path;

/** Something that is done to a cluster again and again, while it is written to. An object serves one soak. */
interface Drill {

    /** Starts the cluster; the directory is for its data. */
    Cluster open(NodeBuild build, Path directory);

    /**
     * Does it once and makes everything good again; nodes need not be ready yet when it returns.
     *
     * @param round from 1
     * @return what shows that it took effect, in a few words
     * @throws dev.parley.consistency.cluster.ClusterException when it demonstrably did not
     */
    String round(Scene scene, int round);

    /** Looks at what this drill is about beside the writes, when every node is ready again; accuses in the ledger. */
    default void inspect(Scene scene) {
        // Writes are all it is about.
    }

    /** About so large are the values that are written. */
    default int valueBytes() {
        return 100;
    }
}
