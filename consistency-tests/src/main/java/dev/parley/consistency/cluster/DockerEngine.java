package dev.parley.consistency.cluster;

import org.testcontainers.DockerClientFactory;

/** Whether containers can be run here. */
public final class DockerEngine {
    private DockerEngine() {}

    public static boolean answers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }
}
