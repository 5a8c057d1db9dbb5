package dev.parley.consistency.soak;

import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Link;
import dev.parley.consistency.cluster.Link.Side;
import dev.parley.consistency.cluster.Linked;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** An external ensemble of three under load: sessions are cut until they end, connections break, the server that leads is killed, or paused. */
final class ZooKeeperUnderLoad implements Drill {
    private static final Duration SESSION = Duration.ofSeconds(4);
    private static final Duration NOTICED = Duration.ofSeconds(60);

    private Linked linked;

    @Override
    public Cluster open(NodeBuild build, Path directory) {
        linked = new Linked(build, 3, directory);
        try {
            for (int node = 0; node < 3; node++) {
                linked.node(
                        List.of(0, 1, 2),
                        Link.Delay.NONE,
                        Map.of("PARLEY_ZOOKEEPER_SESSION_TIMEOUT", SESSION.toSeconds() + "s"));
            }
            linked.machines().forEach(Machine::start);
            return linked;
        } catch (RuntimeException notStarted) {
            linked.close();
            throw notStarted;
        }
    }

    @Override
    public String round(Scene scene, int round) {
        scene.rest(Duration.ZERO, Duration.ofSeconds(1));
        return switch (round % 4) {
            case 0 -> sessionCut(scene);
            case 1 -> leaderKilled(scene);
            case 2 -> connectionsReset(scene);
            default -> leaderPaused(scene);
        };
    }

    /** A node hears nothing of ZooKeeper for longer than its session lives; the servers may notice at once, or not. */
    private String sessionCut(Scene scene) {
        Machine node = scene.anyMachine();
        Side servers = scene.random().nextBoolean() ? Side.RESET : Side.SILENT;
        List<Link> links = linked.linksOf(node);
        links.forEach(link -> link.cut(Side.SILENT, servers));
        scene.await(() -> !connected(scene, node), NOTICED, node.name() + " did not notice the cut");
        scene.rest(SESSION, SESSION.multipliedBy(2));
        scene.healed();
        links.forEach(Link::mend);
        return node.name() + " was cut off from ZooKeeper";
    }

    private static boolean connected(Scene scene, Machine node) {
        return scene.status(node)
                .map(status -> status.get("zookeeper") instanceof Json.Obj zookeeper
                        && zookeeper.get("state").equals(Json.of("connected")))
                .orElse(false);
    }

    private String connectionsReset(Scene scene) {
        long before = made();
        int times = 8;
        for (int i = 0; i < times; i++) {
            scene.cluster().machines().forEach(node -> linked.linksOf(node).forEach(Link::reset));
            scene.rest(Duration.ofMillis(50), Duration.ofMillis(600));
        }
        scene.healed();
        scene.await(() -> made() > before, NOTICED, "no node connected again");
        return "all connections to ZooKeeper reset " + times + " times, " + (made() - before) + " made anew";
    }

    private long made() {
        return linked.machines().stream()
                .flatMap(node -> linked.linksOf(node).stream())
                .mapToLong(Link::made)
                .sum();
    }

    private String leaderKilled(Scene scene) {
        int leader = leader(scene);
        Machine server = linked.servers().get(leader);
        server.kill();
        awaitAnother(scene, leader);
        scene.rest(Duration.ZERO, Duration.ofSeconds(3));
        scene.healed();
        server.start();
        linked.awaitServing();
        return "the leader of ZooKeeper, " + server.name() + ", was killed, and another one led";
    }

    /** For longer than the others wait for it: when it goes on, it believes to lead for a moment. */
    private String leaderPaused(Scene scene) {
        int leader = leader(scene);
        Machine server = linked.servers().get(leader);
        server.pause();
        try {
            awaitAnother(scene, leader);
        } finally {
            server.resume();
        }
        scene.healed();
        linked.awaitServing();
        return "the leader of ZooKeeper, " + server.name() + ", was paused until another one led";
    }

    private int leader(Scene scene) {
        scene.await(
                () -> IntStream.range(0, 3)
                        .anyMatch(server -> linked.mode(server).equals("leader")),
                NOTICED,
                "no server of ZooKeeper led");
        return IntStream.range(0, 3)
                .filter(server -> linked.mode(server).equals("leader"))
                .findFirst()
                .orElseThrow(() -> new ClusterException("no server of ZooKeeper leads"));
    }

    private void awaitAnother(Scene scene, int than) {
        scene.await(
                () -> IntStream.range(0, 3).filter(server -> server != than).anyMatch(server -> linked.mode(server)
                        .equals("leader")),
                NOTICED,
                "no other server of ZooKeeper led");
    }
}
