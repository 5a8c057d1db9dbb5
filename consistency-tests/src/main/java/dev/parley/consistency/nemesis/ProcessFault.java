package dev.parley.consistency.nemesis;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Kills, stops or pauses some of the nodes. */
final class ProcessFault implements Fault {
    private static final Duration PROBE = Duration.ofMillis(800);

    /** What is done to a node. */
    enum Deed {
        KILL,
        STOP,
        PAUSE
    }

    private final Deed deed;
    private final boolean everyone;
    private final List<Machine> hit = new ArrayList<>();

    /** @param everyone hit all nodes at once, instead of mostly one and sometimes a majority */
    ProcessFault(Deed deed, boolean everyone) {
        this.deed = deed;
        this.everyone = everyone;
    }

    @Override
    public Ability needs() {
        return Ability.PROCESS;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        List<Machine> machines = new ArrayList<>(cluster.machines());
        Collections.shuffle(machines, random);
        int majority = machines.size() / 2 + 1;
        int count = everyone ? machines.size() : random.nextInt(4) == 0 ? majority : 1;
        hit.clear();
        for (Machine machine : machines.subList(0, count)) {
            if (machine.state() == Machine.State.RUNNING) {
                hit.add(machine);
                switch (deed) {
                    case KILL -> machine.kill();
                    case STOP -> machine.stop();
                    case PAUSE -> machine.pause();
                }
            }
        }
        return hit.stream().map(Machine::name).sorted().collect(Collectors.joining(" "));
    }

    @Override
    public String evidence(Cluster cluster) {
        for (Machine machine : hit) {
            boolean silent = machine.state() != Machine.State.RUNNING && !answers(machine);
            if (!silent) {
                return "";
            }
        }
        return hit.isEmpty() ? "" : hit.size() + " silent";
    }

    private static boolean answers(Machine machine) {
        try (NodeClient probe = new NodeClient(machine.name(), machine.url(), PROBE)) {
            return probe.send("GET", "/livez") instanceof Reply.Answer;
        }
    }

    @Override
    public void end(Cluster cluster) {
        for (Machine machine : hit) {
            switch (machine.state()) {
                case DOWN -> machine.start();
                case PAUSED -> machine.resume();
                case RUNNING -> {}
            }
        }
        hit.clear();
    }
}
