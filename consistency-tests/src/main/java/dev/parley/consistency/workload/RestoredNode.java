package dev.parley.consistency.workload;

import dev.parley.consistency.client.Contents;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.cluster.Restoration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Restores an archive as its user would: by the release, into a node of its own on this machine. Nothing of it stays. */
final class RestoredNode implements Restorer {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_NANOS = 200_000_000;

    private final NodeBuild build;

    RestoredNode(NodeBuild build) {
        this.build = build;
    }

    @Override
    public Restored restore(Path archive, String prefix) {
        if (!Files.isRegularFile(build.jar())) {
            throw new ClusterException("there is no jar " + build.jar() + " to restore with; build it, or give --jar");
        }
        Restoration restoration = new Restoration(build);
        Path directory = temporary();
        try {
            Optional<String> refused = restoration.restore(archive, directory);
            return refused.isPresent()
                    ? new Restored.Refused(refused.get())
                    : new Restored.Found(contents(restoration, directory, prefix));
        } finally {
            Archives.remove(directory);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("parley-restored-");
        } catch (IOException notCreated) {
            throw new UncheckedIOException(notCreated);
        }
    }

    private static Contents contents(Restoration restoration, Path directory, String prefix) {
        try (Cluster restored = restoration.start(directory);
                NodeClient client = client(restored.machines().getFirst())) {
            awaitReady(restored.machines().getFirst(), client);
            return Contents.read(client, "prefix=" + NodeClient.encode(prefix))
                    .orElseThrow(() -> new ClusterException("the restored node did not show what it has"));
        }
    }

    private static NodeClient client(Machine node) {
        return new NodeClient("restored", node.url(), PATIENCE);
    }

    private static void awaitReady(Machine node, NodeClient client) {
        long end = System.nanoTime() + READY.toNanos();
        while (!(client.send("GET", "/readyz") instanceof Reply.Answer answer && answer.status() == 200)) {
            if (node.state() == Machine.State.DOWN || System.nanoTime() - end > 0) {
                String log = node.log().strip();
                throw new ClusterException("the restored node "
                        + (node.state() == Machine.State.DOWN ? "ended" : "was not ready in time") + "; it said: "
                        + log.substring(Math.max(0, log.length() - 500)));
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }
}
