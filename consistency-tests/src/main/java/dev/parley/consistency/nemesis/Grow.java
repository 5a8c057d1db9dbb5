package dev.parley.consistency.nemesis;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** A node joins, and at the end it leaves: it dies, and is removed from the members. */
final class Grow implements Fault {
    private static final Duration JOINED = Duration.ofSeconds(120);

    private Optional<Machine> guest = Optional.empty();
    private String proof = "";

    @Override
    public Ability needs() {
        return Ability.MEMBERSHIP;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        proof = "";
        Machine machine = cluster.grow();
        guest = Optional.of(machine);
        if (!await(() -> answers(machine, "/readyz", 200))) {
            String last = machine.log().lines().reduce("", (before, line) -> line);
            throw new ClusterException(
                    machine.name() + " was not ready within " + JOINED.toSeconds() + " s; the last it said: " + last);
        }
        return machine.name() + " joins";
    }

    @Override
    public String evidence(Cluster cluster) {
        guest.filter(machine -> cluster.machines().stream()
                        .anyMatch(node -> answers(node, "/v1/members/" + machine.name(), 200)))
                .ifPresent(machine -> proof = machine.name() + " is a member and ready");
        return proof;
    }

    @Override
    public void end(Cluster cluster) {
        guest.ifPresent(machine -> {
            guest = Optional.empty();
            cluster.shrink(machine);
            List<Machine> left = cluster.machines();
            boolean removed = await(() -> left.stream().anyMatch(node -> removed(node, machine.name())));
            if (!removed) {
                throw new ClusterException(machine.name() + " could not be removed from the members");
            }
        });
    }

    private static boolean removed(Machine node, String name) {
        try (NodeClient client = new NodeClient(node.name(), node.url(), Duration.ofSeconds(5))) {
            return client.send("DELETE", "/v1/members/" + name) instanceof Reply.Answer answer
                    && (answer.status() == 204 || answer.status() == 404);
        }
    }

    private static boolean answers(Machine machine, String path, int status) {
        try (NodeClient client = new NodeClient(machine.name(), machine.url(), Duration.ofSeconds(3))) {
            return client.send("GET", path) instanceof Reply.Answer answer && answer.status() == status;
        }
    }

    private static boolean await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + JOINED.toNanos();
        while (System.nanoTime() - end < 0) {
            if (condition.getAsBoolean()) {
                return true;
            }
            LockSupport.parkNanos(300_000_000);
        }
        return false;
    }
}
