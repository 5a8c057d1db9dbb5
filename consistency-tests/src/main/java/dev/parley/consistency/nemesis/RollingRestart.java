package dev.parley.consistency.nemesis;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Machine;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Stops and starts one node after the other, each when the one before is ready again, as an operator does for an upgrade. */
final class RollingRestart implements Fault {
    private static final Duration READY = Duration.ofSeconds(60);

    private int restarted;

    @Override
    public Ability needs() {
        return Ability.PROCESS;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        restarted = 0;
        for (Machine machine : cluster.machines()) {
            if (machine.state() == Machine.State.RUNNING) {
                machine.stop();
                machine.start();
                restarted += awaitReady(machine) ? 1 : 0;
            }
        }
        return cluster.machines().stream().map(Machine::name).collect(Collectors.joining(" "));
    }

    private static boolean awaitReady(Machine machine) {
        long end = System.nanoTime() + READY.toNanos();
        try (NodeClient probe = new NodeClient(machine.name(), machine.url(), Duration.ofSeconds(2))) {
            while (System.nanoTime() - end < 0) {
                if (probe.send("GET", "/readyz") instanceof Reply.Answer answer && answer.status() == 200) {
                    return true;
                }
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        }
        return false;
    }

    @Override
    public String evidence(Cluster cluster) {
        return restarted == 0 ? "" : restarted + " restarted and ready";
    }

    @Override
    public void end(Cluster cluster) {
        cluster.machines().stream()
                .filter(machine -> machine.state() == Machine.State.DOWN)
                .forEach(Machine::start);
    }
}
