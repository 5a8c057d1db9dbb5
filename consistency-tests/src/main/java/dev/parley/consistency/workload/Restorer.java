package dev.parley.consistency.workload;

import dev.parley.consistency.client.Contents;
import java.nio.file.Path;

/** Brings an archive of a backup to life, and looks what is in it. */
@FunctionalInterface
public interface Restorer {

    /** What came of it. */
    sealed interface Restored {
        /** It was restored, and this is what it holds. */
        record Found(Contents contents) implements Restored {}

        /** It was found to be damaged. */
        record Refused(String why) implements Restored {}
    }

    /**
     * Looks at an archive.
     *
     * @param prefix of the keys that matter
     * @throws dev.parley.consistency.cluster.ClusterException when it could not be told what is in it
     */
    Restored restore(Path archive, String prefix);
}
