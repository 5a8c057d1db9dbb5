package dev.parley.consistency.run;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Waits until all nodes are ready after everything healed, but not for those that will not come back by themselves. */
final class Recovery {
    private static final Duration HOPELESS_AFTER = Duration.ofSeconds(20);
    private static final long LOOK_AGAIN_NANOS = 200_000_000;

    private final Cluster cluster;
    private final List<NodeClient> nodes;

    /** @param nodes the clients of the cluster's machines, in their order */
    Recovery(Cluster cluster, List<NodeClient> nodes) {
        this.cluster = cluster;
        this.nodes = nodes;
    }

    /** Returns when all are ready, or the time is over, or when for some time the rest of them said the same invariant was broken, or did not run. */
    void await(Duration atMost) {
        long begun = System.nanoTime();
        List<String> before = List.of();
        long since = begun;
        while (System.nanoTime() - begun < atMost.toNanos() && !Run.allReady(nodes)) {
            List<String> complaints = complaints();
            if (complaints.isEmpty() || !complaints.equals(before)) {
                before = complaints;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > HOPELESS_AFTER.toNanos()) {
                return;
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    /** What each node that is not ready says is wrong; empty when one of them may be on its way. */
    private List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            NodeClient node = nodes.get(i);
            if (Run.allReady(List.of(node))) {
                continue;
            }
            boolean down = cluster.machines().get(i).state() == Machine.State.DOWN;
            String problem = node.send("GET", "/v1/status") instanceof Reply.Answer answer
                            && answer.member("problem") instanceof Json.Text(String what)
                    ? what
                    : "";
            if (!down && problem.isEmpty()) {
                return List.of();
            }
            complaints.add(node.name() + " " + (down ? "down" : problem));
        }
        return complaints;
    }
}
