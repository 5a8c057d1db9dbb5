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
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** All history up to now is given up: what was replaced or deleted goes at the next merges, and nobody may read it any more. */
final class Compact implements Fault {
    private long compacted;

    @Override
    public Ability needs() {
        return Ability.PROCESS;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        compacted = 0;
        List<Machine> machines = cluster.machines();
        Machine machine = machines.get(random.nextInt(machines.size()));
        try (NodeClient node = client(machine)) {
            Map<String, String> json = Map.of("Content-Type", "application/json");
            if (node.send("GET", "/v1/kv?count_only=true") instanceof Reply.Answer now
                    && now.member("revision") instanceof Json.Int(long revision)
                    && node.send("POST", "/v1/compact", json, "{\"revision\":" + revision + "}")
                            instanceof Reply.Answer done
                    && done.member("compacted_revision") instanceof Json.Int(long at)) {
                compacted = at;
                return "to revision " + at + " through " + machine.name();
            }
        }
        throw new ClusterException(machine.name() + " did not compact");
    }

    /** Below it every node that answers refuses. */
    @Override
    public String evidence(Cluster cluster) {
        if (compacted < 2) {
            return "";
        }
        return cluster.machines().stream()
                .filter(machine -> machine.state() == Machine.State.RUNNING && refusesBelow(machine))
                .map(Machine::name)
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(" "),
                        names -> names.isEmpty() ? "" : "nothing below " + compacted + " on " + names));
    }

    private boolean refusesBelow(Machine machine) {
        try (NodeClient node = client(machine)) {
            return node.send("GET", "/v1/kv?count_only=true&revision=" + (compacted - 1)) instanceof Reply.Answer answer
                    && answer.status() == 410;
        }
    }

    private static NodeClient client(Machine machine) {
        return new NodeClient(machine.name(), machine.url(), Duration.ofSeconds(5));
    }

    @Override
    public void end(Cluster cluster) {
        // What is given up does not come back.
        compacted = 0;
    }
}
