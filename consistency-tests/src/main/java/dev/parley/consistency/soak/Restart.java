package dev.parley.consistency.soak;

import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.cluster.Processes;
import dev.parley.consistency.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A node is killed and started again, every other time before ZooKeeper has given its session up. Once the old session has ended for sure, every node must
 * list exactly the members there are, each alive, and the one that came back as its new incarnation.
 */
final class Restart implements Drill {
    private static final Duration SESSION = Duration.ofSeconds(4);
    /** ZooKeeper ends sessions at its ticks. */
    private static final Duration ENDED_FOR_SURE = SESSION.multipliedBy(3);

    private String restarted = "";
    private long killedNanos;
    private Map<String, String> before = Map.of();

    @Override
    public Cluster open(NodeBuild build, Path directory) {
        return new Processes(
                build, 3, directory, Map.of("PARLEY_ZOOKEEPER_SESSION_TIMEOUT", SESSION.toSeconds() + "s"));
    }

    @Override
    public String round(Scene scene, int round) {
        scene.rest(Duration.ZERO, Duration.ofMillis(500));
        Machine hit = scene.anyMachine();
        restarted = hit.name();
        Machine other = scene.cluster().machines().stream()
                .filter(machine -> !machine.name().equals(restarted))
                .findFirst()
                .orElseThrow();
        before = incarnations(scene, other);
        hit.kill();
        killedNanos = System.nanoTime();
        boolean early = round % 2 == 0;
        if (!early) {
            scene.await(
                    () -> !states(scene, other).containsKey(restarted),
                    ENDED_FOR_SURE.multipliedBy(2),
                    other.name() + " did not see " + restarted + " away");
        } else if (!states(scene, other).containsKey(restarted)) {
            throw new ClusterException(restarted + " was away before it could be started");
        }
        scene.healed();
        hit.start();
        return restarted + (early ? " started while its session lived" : " started after its session had ended");
    }

    @Override
    public void inspect(Scene scene) {
        Map<String, String> expected = scene.cluster().machines().stream()
                .collect(Collectors.toMap(Machine::name, machine -> "ready", (a, b) -> a, TreeMap::new));
        long left = ENDED_FOR_SURE.toNanos() - (System.nanoTime() - killedNanos);
        if (left > 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(left);
        }
        for (Machine machine : scene.cluster().machines()) {
            Map<String, String> seen = states(scene, machine);
            if (!seen.equals(expected)) {
                scene.ledger()
                        .accuse(machine.name() + " lists members " + seen + " " + ENDED_FOR_SURE.toSeconds()
                                + " s after " + restarted + " was killed and started again.");
            }
            String now = incarnations(scene, machine).getOrDefault(restarted, "");
            if (!now.isEmpty() && now.equals(before.get(restarted))) {
                scene.ledger().accuse(machine.name() + " lists " + restarted + " as the process that was killed.");
            }
            if (!scene.isReady(machine)) {
                scene.ledger()
                        .accuse(machine.name() + " is not ready any more after the old session of " + restarted
                                + " has ended.");
            }
        }
    }

    private static Map<String, String> states(Scene scene, Machine through) {
        return members(scene, through, "state");
    }

    private static Map<String, String> incarnations(Scene scene, Machine through) {
        return members(scene, through, "incarnation");
    }

    /** One field of every member, by id; a member that is listed twice has both. */
    private static Map<String, String> members(Scene scene, Machine through, String field) {
        Map<String, String> found = new TreeMap<>();
        if (scene.client(through).send("GET", "/v1/members?consistency=stale") instanceof Reply.Answer answer
                && answer.member("members") instanceof Json.Array(List<Json> members)) {
            for (Json member : members) {
                if (member instanceof Json.Obj object
                        && object.get("id") instanceof Json.Text(String id)
                        && object.get(field) instanceof Json.Text(String value)) {
                    found.merge(id, value, (a, b) -> a + " and " + b);
                }
            }
        }
        return found;
    }
}
