package dev.parley.consistency.nemesis;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.run.Script;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A node stops and is removed from the members; the others go on without it. At the end it starts again, and registers anew. */
final class Shrink implements Fault {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Optional<Machine> removed = Optional.empty();

    @Override
    public Ability needs() {
        return Ability.PROCESS;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        List<Machine> machines = cluster.machines();
        Machine leaving = machines.get(random.nextInt(machines.size()));
        List<Machine> left =
                machines.stream().filter(machine -> machine != leaving).toList();
        removed = Optional.of(leaving);
        leaving.stop();
        // Refused as long as it counts as alive.
        boolean done =
                Script.await(() -> left.stream().anyMatch(node -> status(node, "DELETE", leaving) == 204), PATIENCE);
        if (!done) {
            throw new ClusterException(leaving.name() + " could not be removed within " + PATIENCE.toSeconds() + " s");
        }
        return leaving.name() + " leaves";
    }

    private static int status(Machine through, String method, Machine member) {
        try (NodeClient client = new NodeClient(through.name(), through.url(), Duration.ofSeconds(5))) {
            return client.send(method, "/v1/members/" + member.name()) instanceof Reply.Answer answer
                    ? answer.status()
                    : -1;
        }
    }

    @Override
    public String evidence(Cluster cluster) {
        return removed.filter(member -> cluster.machines().stream()
                        .anyMatch(node -> node != member && status(node, "GET", member) == 404))
                .map(member -> member.name() + " is no member")
                .orElse("");
    }

    @Override
    public void end(Cluster cluster) {
        removed.filter(machine -> machine.state() == Machine.State.DOWN).ifPresent(Machine::start);
        removed = Optional.empty();
    }
}
