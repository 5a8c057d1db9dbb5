package dev.parley.consistency.soak;

import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.cluster.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** SIGKILL to one node, or to all of them at once, and start again. */
final class Kill implements Drill {
    private final boolean everyone;

    Kill(boolean everyone) {
        this.everyone = everyone;
    }

    @Override
    public Cluster open(NodeBuild build, Path directory) {
        return new Processes(build, 3, directory, Map.of());
    }

    @Override
    public String round(Scene scene, int round) {
        scene.rest(Duration.ZERO, Duration.ofSeconds(2));
        List<Machine> hit = everyone ? scene.cluster().machines() : List.of(scene.anyMachine());
        long before = scene.ledger().acknowledged();
        // Not one after the other: the last one would see the first one gone.
        hit.parallelStream().forEach(Machine::kill);
        for (Machine machine : hit) {
            if (scene.answers(machine)) {
                throw new ClusterException(machine.name() + " answers although it was killed");
            }
        }
        scene.rest(Duration.ofMillis(200), Duration.ofSeconds(4));
        scene.healed();
        hit.forEach(Machine::start);
        String others = everyone ? "" : ", " + (scene.ledger().acknowledged() - before) + " writes through the others";
        return String.join(" ", hit.stream().map(Machine::name).toList()) + " silent" + others;
    }
}
