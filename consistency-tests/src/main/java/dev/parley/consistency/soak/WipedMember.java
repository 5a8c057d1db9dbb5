package dev.parley.consistency.soak;

import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.cluster.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * One member of the embedded ensemble lags, another one loses the data of its ZooKeeper, and the third, which alone knows what was acknowledged last, is away.
 * The two together are a majority by number, and must refuse until the third is back.
 */
final class WipedMember implements Drill {
    private static final Duration REFUSES = Duration.ofSeconds(20);
    private static final Duration STARTS = Duration.ofSeconds(60);

    @Override
    public Cluster open(NodeBuild build, Path directory) {
        return new Processes(build, 3, directory, Map.of());
    }

    @Override
    public String round(Scene scene, int round) {
        List<Machine> machines = new ArrayList<>(scene.cluster().machines());
        Collections.shuffle(machines, scene.random());
        Machine wiped = machines.get(0);
        Machine knowing = machines.get(1);
        Machine lagging = machines.get(2);
        lagging.kill();
        scene.awaitAcknowledged(100);
        knowing.kill();
        wiped.kill();
        String files =
                wiped.onDisk("find zookeeper -type f | wc -l; rm -rf zookeeper").strip();
        if (files.equals("0")) {
            throw new ClusterException("there was nothing to wipe in " + wiped.name());
        }
        long acknowledged = scene.ledger().acknowledged();
        wiped.start();
        lagging.start();
        List<Machine> two = List.of(wiped, lagging);
        two.forEach(machine -> scene.await(() -> scene.answers(machine), STARTS, machine.name() + " did not start"));
        long end = System.nanoTime() + REFUSES.toNanos();
        while (System.nanoTime() - end < 0) {
            two.forEach(machine -> refuses(scene, machine));
            scene.rest(Duration.ofMillis(300), Duration.ofMillis(500));
        }
        if (scene.ledger().acknowledged() > acknowledged) {
            scene.ledger()
                    .accuse("A wiped and a lagging member acknowledged "
                            + (scene.ledger().acknowledged() - acknowledged) + " writes.");
        }
        scene.healed();
        knowing.start();
        return wiped.name() + " lost " + files + " files while " + lagging.name() + " lagged, refused for "
                + REFUSES.toSeconds() + " s";
    }

    private static void refuses(Scene scene, Machine machine) {
        if (scene.client(machine).send("GET", "/v1/kv?count_only=true&timeout=1s") instanceof Reply.Answer answer
                && answer.success()) {
            scene.ledger()
                    .accuse(machine.name()
                            + " answered a linearizable read while only a wiped and a lagging member were there.");
        }
    }
}
