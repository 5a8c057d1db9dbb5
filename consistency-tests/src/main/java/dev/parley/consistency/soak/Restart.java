package dev.parley.consistency.soak;

import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.cluster.Processes;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.run.Script;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * A node is killed and started again, every other time before ZooKeeper has given its session up. Once the old session has ended for sure, every node must
 * list exactly the members there are, each ready, and the one that came back as its new incarnation.
 */
final class Restart implements Drill {
    private static final Duration SESSION = Duration.ofSeconds(4);
    /** ZooKeeper ends sessions at its ticks. */
    private static final Duration ENDED_FOR_SURE = SESSION.multipliedBy(3);

    private static final Duration SEEN = Duration.ofSeconds(20);

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
                    () -> isAway(scene, other),
                    ENDED_FOR_SURE.multipliedBy(2),
                    other.name() + " did not see " + restarted + " away");
        } else if (isAway(scene, other)) {
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
            LockSupport.parkNanos(left);
        }
        for (Machine machine : scene.cluster().machines()) {
            // What a node says of another one comes over links, and lags.
            if (!Script.await(() -> states(scene, machine).equals(expected), SEEN)) {
                scene.ledger()
                        .accuse(machine.name() + " lists members " + states(scene, machine) + " " + SEEN.toSeconds()
                                + " s after the old session of " + restarted + " has ended.");
            }
            String now = incarnations(scene, machine).getOrDefault(restarted, "");
            if (now.isEmpty() || now.equals(before.get(restarted))) {
                scene.ledger().accuse(machine.name() + " lists " + restarted + " as the process that was killed.");
            }
            if (!scene.isReady(machine)) {
                scene.ledger()
                        .accuse(machine.name() + " is not ready any more after the old session of " + restarted
                                + " has ended.");
            }
        }
    }

    /** One that was killed before it had registered is not listed at all. */
    private boolean isAway(Scene scene, Machine through) {
        Map<String, String> seen = states(scene, through);
        return seen.containsKey(through.name())
                && seen.getOrDefault(restarted, "away").equals("away");
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
        if (scene.client(through).send("GET", "/v1/members?all=true&consistency=stale") instanceof Reply.Answer answer
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
