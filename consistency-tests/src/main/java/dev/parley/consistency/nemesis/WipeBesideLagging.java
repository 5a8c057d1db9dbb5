package dev.parley.consistency.nemesis;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.run.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A member of ZooKeeper loses its data while another one lags, and the third, which alone knows the last writes, is away. The two together are a majority and
 * must refuse; whether they did is for the checks of what clients saw. For three members.
 */
final class WipeBesideLagging implements Fault {
    private static final Duration LAG = Duration.ofSeconds(2);
    private static final Duration STARTS = Duration.ofSeconds(40);
    private static final Duration TEMPTATION = Duration.ofSeconds(8);

    private final List<Machine> away = new ArrayList<>();
    private String proof = "";

    @Override
    public Ability needs() {
        return Ability.DISK;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        proof = "";
        if (!cluster.servers().isEmpty()) {
            throw new ClusterException("servers of ZooKeeper that are not Parley's own make no such promise");
        }
        List<Machine> members = new ArrayList<>(cluster.machines());
        if (members.size() != 3) {
            throw new ClusterException("this is for three members, not " + members.size());
        }
        if (!cluster.machines().stream().allMatch(machine -> answers(machine, "/readyz"))) {
            throw new ClusterException("not every node is ready, and only one may lose data at a time");
        }
        Collections.shuffle(members, random);
        Machine wiped = members.get(0);
        Machine knowing = members.get(1);
        Machine lagging = members.get(2);
        away.addAll(List.of(lagging, wiped, knowing));
        lagging.kill();
        LockSupport.parkNanos(LAG.toNanos());
        knowing.kill();
        wiped.kill();
        String files =
                wiped.onDisk("find zookeeper -type f | wc -l; rm -rf zookeeper").strip();
        wiped.start();
        lagging.start();
        boolean started = Script.await(() -> answers(wiped, "/livez") && answers(lagging, "/livez"), STARTS);
        proof = started && !files.equals("0") ? files + " files wiped" : "";
        LockSupport.parkNanos(TEMPTATION.toNanos());
        return wiped.name() + " wiped, " + lagging.name() + " lags, " + knowing.name() + " away";
    }

    private static boolean answers(Machine machine, String path) {
        try (NodeClient probe = new NodeClient(machine.name(), machine.url(), Duration.ofSeconds(2))) {
            return probe.send("GET", path) instanceof Reply.Answer answer && answer.status() == 200;
        }
    }

    @Override
    public String evidence(Cluster cluster) {
        return proof;
    }

    @Override
    public void end(Cluster cluster) {
        away.stream().filter(machine -> machine.state() == Machine.State.DOWN).forEach(Machine::start);
        if (!away.isEmpty()) {
            // The next wipe must find all of them whole.
            Script.await(() -> cluster.machines().stream().allMatch(machine -> answers(machine, "/readyz")), STARTS);
        }
        away.clear();
    }
}
