package dev.parley.consistency.convict;

import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Docker;
import dev.parley.consistency.cluster.Linked;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.cluster.Processes;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a trial is held.
 *
 * @param build what the nodes are made of
 * @param directory for their data; made, and emptied again
 * @param image of containers for the nodes; empty for local processes
 */
public record Site(NodeBuild build, Path directory, Optional<String> image) {

    /** So many servers of ZooKeeper, and links to nodes that are yet to be made; local processes always. */
    Linked linked(int servers) {
        return new Linked(build, servers, directory);
    }

    /** Nodes with an embedded ensemble; the settings are the same for all of them. */
    Cluster nodes(int count, Map<String, String> settings) {
        return image.<Cluster>map(name ->
                        new Docker(new Docker.Kind(name, count, 0, settings, false, false, build.overlay()), directory))
                .orElseGet(() -> new Processes(build, count, directory, settings));
    }
}
