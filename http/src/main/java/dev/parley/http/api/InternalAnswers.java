package dev.parley.http.api;

import java.util.List;
import java.util.Optional;

/** What the other nodes of the cluster may ask this one, below {@code /internal}. Any thread. */
public interface InternalAnswers {
    /** The header that carries the cluster's secret. */
    String SECRET_HEADER = "Parley-Cluster-Secret";

    /** Whether this is the cluster's secret; takes the same time for every wrong one. */
    boolean admits(Optional<String> shownSecret);

    /** Each takes GET. */
    List<String> paths();

    /** JSON, for one of the paths. */
    String answer(String path);

    /** For a node that needs this one's tables. */
    default SnapshotOffers snapshots() {
        return SnapshotOffers.none();
    }
}
