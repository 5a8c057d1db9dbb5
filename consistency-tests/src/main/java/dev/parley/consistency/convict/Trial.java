package dev.parley.consistency.convict;

import dev.parley.consistency.run.Run;

/** One kind of run that finds out one kind of mistake, and finds no fault with what is right. Used for many runs. */
interface Trial {
    String name();

    /**
     * Starts a cluster, works on it, disturbs it, judges it, and takes it away again.
     *
     * @throws dev.parley.consistency.cluster.ClusterException when nothing could be shown
     */
    Run.Outcome hold(Site site) throws InterruptedException;
}
