package dev.parley.consistency.nemesis;

import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import java.util.Random;

/** One way in which things go wrong. An object serves one run and is used by one thread. */
public interface Fault {

    /** What the runner must be able to do. */
    Ability needs();

    /**
     * Makes things go wrong; returns what was done, for a person, such as {@code n2} or {@code n1 | n2 n3}.
     *
     * @throws dev.parley.consistency.cluster.ClusterException when it could not be done
     */
    String begin(Cluster cluster, Random random);

    /**
     * Whether it demonstrably took effect. Asked once, before {@link #end}.
     *
     * @return the evidence in a few words; empty when there is none
     */
    String evidence(Cluster cluster);

    /** Makes everything good again. May be called when nothing is wrong. */
    void end(Cluster cluster);
}
