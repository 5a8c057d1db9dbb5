package dev.parley.consistency.nemesis;

import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import java.util.Random;

/** Two faults at once. */
final class Both implements Fault {
    private final Fault first;
    private final Fault second;

    Both(Fault first, Fault second) {
        this.first = first;
        this.second = second;
    }

    /** Only of the first: whoever wants to know of both asks for each by its name. */
    @Override
    public Ability needs() {
        return first.needs();
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        return first.begin(cluster, random) + " and " + second.begin(cluster, random);
    }

    @Override
    public String evidence(Cluster cluster) {
        String one = first.evidence(cluster);
        String other = second.evidence(cluster);
        return one.isEmpty() || other.isEmpty() ? "" : one + " and " + other;
    }

    @Override
    public void end(Cluster cluster) {
        second.end(cluster);
        first.end(cluster);
    }
}
