package dev.parley.consistency.nemesis;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Kills or pauses the machine that leads, until another one does: the server that leads ZooKeeper, or the node that leads the nodes. */
final class LeaderFault implements Fault {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What leads. */
    enum Office {
        /** The server of ZooKeeper: a machine of its own, or the node that embeds it. */
        ZOOKEEPER,
        NODE
    }

    private final Office office;
    private final boolean kill;
    private Optional<Machine> hit = Optional.empty();

    /** @param kill SIGKILL, and SIGSTOP otherwise */
    LeaderFault(Office office, boolean kill) {
        this.office = office;
        this.kill = kill;
    }

    @Override
    public Ability needs() {
        return Ability.PROCESS;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        Machine leader = leader(cluster)
                .orElseThrow(() -> new ClusterException("nobody leads within " + PATIENCE.toSeconds() + " s"));
        hit = Optional.of(leader);
        if (kill) {
            leader.kill();
        } else {
            leader.pause();
        }
        return leader.name();
    }

    private Optional<Machine> leader(Cluster cluster) {
        List<Machine> candidates =
                office == Office.ZOOKEEPER && !cluster.servers().isEmpty() ? cluster.servers() : cluster.machines();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<Machine> leader = candidates.stream()
                    .filter(machine -> machine.state() == Machine.State.RUNNING && leads(machine))
                    .findFirst();
            if (leader.isPresent() || System.nanoTime() - end > 0) {
                return leader;
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    private boolean leads(Machine machine) {
        return switch (office) {
            case ZOOKEEPER -> machine.leadsZooKeeper();
            case NODE -> {
                try (NodeClient node = new NodeClient(machine.name(), machine.url(), Duration.ofSeconds(2))) {
                    yield node.send("GET", "/v1/status") instanceof Reply.Answer answer
                            && answer.member("role").equals(Json.of("leader"));
                }
            }
        };
    }

    /** Waits until another one leads, which is what the fault is for. */
    @Override
    public String evidence(Cluster cluster) {
        return hit.filter(machine -> machine.state() != Machine.State.RUNNING)
                .flatMap(machine -> leader(cluster)
                        .map(next -> next.name() + " leads " + (office == Office.ZOOKEEPER ? "ZooKeeper" : "the nodes")
                                + " in place of " + machine.name()))
                .orElse("");
    }

    @Override
    public void end(Cluster cluster) {
        hit.ifPresent(machine -> {
            switch (machine.state()) {
                case DOWN -> machine.start();
                case PAUSED -> machine.resume();
                case RUNNING -> {}
            }
        });
        hit = Optional.empty();
    }
}
