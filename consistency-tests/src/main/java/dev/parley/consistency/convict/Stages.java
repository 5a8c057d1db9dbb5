package dev.parley.consistency.convict;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Link;
import dev.parley.consistency.cluster.Linked;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.cluster.ThreadPause;
import dev.parley.consistency.convict.Disturbance.Stage;
import dev.parley.consistency.nemesis.Fault;
import dev.parley.consistency.nemesis.Faults;
import dev.parley.consistency.run.Script;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Clusters and faults that bring a mistake to light. */
final class Stages {
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Link.Delay FAR = new Link.Delay(Duration.ZERO, Duration.ofMillis(150));
    /** A node further away could not keep up with what the others write. */
    private static final Link.Delay NOT_SO_FAR = new Link.Delay(Duration.ZERO, Duration.ofMillis(100));

    /** What a node sent lately is lost with its connection. */
    private static final Link.Delay UNDER_WAY = new Link.Delay(Duration.ofMillis(40), Duration.ZERO);

    /** The smallest memtable and the shortest wait for a flush a node may be given. */
    private static final Map<String, String> BUSY_DISK =
            Map.of("PARLEY_STORAGE_FLUSH_INTERVAL", "100ms", "PARLEY_STORAGE_MEMTABLE_BYTES", "1MiB");

    /** Nodes that append nothing by themselves, unless they lead, and outlive what is done to ZooKeeper. */
    private static final Map<String, String> QUIET =
            Map.of("PARLEY_STORAGE_FLUSH_INTERVAL", "1h", "PARLEY_ZOOKEEPER_SESSION_TIMEOUT", "30s");

    private Stages() {}

    static Stage threeNodes(Site site) {
        return new Stage(site.nodes(3, Map.of()), Optional.empty());
    }

    static Stage oneNode(Site site) {
        return new Stage(site.nodes(1, Map.of()), Optional.empty());
    }

    static Stage busyDisk(Site site) {
        return new Stage(site.nodes(1, BUSY_DISK), Optional.empty());
    }

    static Stage killedWhileFlushing(Site site) {
        return new Stage(site.nodes(1, BUSY_DISK), Faults.named("kill-in-flush"));
    }

    /** The second node is far from ZooKeeper: what it learns, the first one has known for long. */
    static Stage farAway(Site site) {
        return started(site.linked(1), linked -> {
            near(linked);
            linked.node(0, FAR, QUIET);
            return Optional.empty();
        });
    }

    /** And its connection breaks again and again, always with appends unanswered, for less long than reads are kept waiting. */
    static Stage farAndBroken(Site site) {
        return started(site.linked(1), linked -> {
            near(linked);
            Link link = linked.node(0, NOT_SO_FAR, QUIET);
            return Optional.of(
                    new BreakLink(link, Duration.ofSeconds(14), Duration.ofMillis(20), Duration.ofMillis(1_000)));
        });
    }

    /** The connection of the first node breaks, and the node notices too late. */
    static Stage overtaking(Site site) {
        return started(site.linked(1), linked -> {
            int port = linked.freePort();
            Link link = linked.node(0, UNDER_WAY, QUIET, ThreadPause.option(port));
            near(linked);
            return Optional.of(new Overtake(link, port));
        });
    }

    /** The first node, which leads, is at a follower of ZooKeeper, the second at its leader. */
    static Stage deposedLeader(Site site) {
        return started(site.linked(3), linked -> {
            int leader = IntStream.range(0, 3)
                    .filter(server -> linked.mode(server).equals("leader"))
                    .findFirst()
                    .orElseThrow(() -> new ClusterException("no server of ZooKeeper leads"));
            linked.node((leader + 1) % 3, Link.Delay.NONE, QUIET);
            linked.node(leader, Link.Delay.NONE, QUIET);
            return Optional.of(new DeposeLeader(linked, leader));
        });
    }

    private static Link near(Linked linked) {
        return linked.node(0, Link.Delay.NONE, QUIET);
    }

    private static Stage started(Linked linked, Function<Linked, Optional<Fault>> make) {
        try {
            Optional<Fault> fault = make.apply(linked);
            for (Machine machine : linked.machines()) {
                machine.start();
                awaitReady(machine);
            }
            return new Stage(linked, fault);
        } catch (RuntimeException notStarted) {
            linked.close();
            throw notStarted;
        }
    }

    private static void awaitReady(Machine machine) {
        try (NodeClient client = new NodeClient(machine.name(), machine.url(), Duration.ofSeconds(2))) {
            boolean ready = Script.await(
                    () -> client.send("GET", "/readyz") instanceof Reply.Answer answer && answer.status() == 200,
                    READY);
            if (!ready) {
                throw new ClusterException(machine.name() + " was not ready within " + READY.toSeconds() + " s");
            }
        }
    }
}
