package dev.parley.consistency.cluster;

import java.util.List;
import java.util.Set;

/** A cluster under test. Closing it removes whatever the suite started. */
public interface Cluster extends AutoCloseable {

    List<Machine> machines();

    Set<Ability> abilities();

    /** How the cluster is run, in a few words for the report. */
    String describe();

    @Override
    void close();
}
