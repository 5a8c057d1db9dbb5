package dev.parley.consistency.nemesis;

import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Cuts connections by dropping packets where they arrive. Only what nodes say to each other is cut; clients reach every node, so that a node that is alone must
 * show what it then answers.
 */
final class Partition implements Fault {
    private static final int HTTP = 7070;
    private static final int ZOOKEEPER = 2181;
    private static final String COUNT =
            "iptables -L PARLEY -v -x -n 2>/dev/null | awk '/DROP|REJECT/ {n+=$1} END {print n+0}'";

    /** Who does not hear whom. */
    enum Shape {
        /** One node alone. */
        ONE,
        /** Two halves. */
        HALVES,
        /** Every node hears a majority, no two the same one. */
        RING,
        /** Two halves, and one node that hears both. */
        BRIDGE,
        /** One node hears nobody, but is heard. */
        ONE_WAY,
        /** One node does not hear the ports of ZooKeeper of the others, and they do not hear its. */
        ZOOKEEPER,
        /** One node does not hear the HTTP port of the others. */
        PEERS,
        /** One node's connections are reset on its side, while the other side is left in silence. */
        RESET,
        /**
         * The server that leads ZooKeeper is left in silence, while the connections of those that follow it are reset: they elect another at once, and it goes
         * on believing. Nodes that are connected to it stay so.
         */
        LEADER_SILENT
    }

    /** A machine that does not hear some others. */
    private record Cut(Machine machine, List<Machine> unheard, int port) {}

    private final List<Shape> shapes;
    private final List<Cut> cuts = new ArrayList<>();

    Partition(List<Shape> shapes) {
        this.shapes = List.copyOf(shapes);
    }

    @Override
    public Ability needs() {
        return Ability.NETWORK;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        List<Machine> machines = new ArrayList<>(cluster.machines());
        Collections.shuffle(machines, random);
        Shape shape = shapes.get(random.nextInt(shapes.size()));
        Machine first = machines.getFirst();
        List<Machine> rest = machines.subList(1, machines.size());
        int n = machines.size();
        List<Machine> half = machines.subList(0, n / 2);
        List<Machine> otherHalf = machines.subList(n / 2, n);
        List<Machine> side = rest.subList(0, rest.size() / 2);
        List<Machine> otherSide = rest.subList(rest.size() / 2, rest.size());
        String whom =
                switch (shape) {
                    case ONE, ONE_WAY, ZOOKEEPER, PEERS, RESET -> first.name();
                    case HALVES -> names(half) + " | " + names(otherHalf);
                    case RING -> names(machines);
                    case BRIDGE -> names(side) + " | " + names(otherSide) + " over " + first.name();
                    case LEADER_SILENT -> leaderSilent(cluster);
                };
        switch (shape) {
            case ONE -> between(places(cluster, List.of(first)), places(cluster, rest), "", HTTP);
            case HALVES -> between(places(cluster, half), places(cluster, otherHalf), "", HTTP);
            case RING -> ring(machines);
            case BRIDGE -> between(places(cluster, side), places(cluster, otherSide), "", HTTP);
            case ONE_WAY -> deaf(first, rest, "-j DROP", HTTP);
            case ZOOKEEPER ->
                between(
                        List.of(first),
                        cluster.servers().isEmpty() ? rest : cluster.servers(),
                        "-p tcp -m multiport --ports 2181,2888,3888 ",
                        ZOOKEEPER);
            case PEERS -> between(List.of(first), rest, "-p tcp -m multiport --ports 7070 ", HTTP);
            case RESET ->
                rest.forEach(other -> deaf(other, List.of(first), "-p tcp -j REJECT --reject-with tcp-reset", HTTP));
            case LEADER_SILENT -> {}
        }
        return shape.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + ": " + whom;
    }

    private String leaderSilent(Cluster cluster) {
        List<Machine> members = cluster.servers().isEmpty() ? cluster.machines() : cluster.servers();
        Machine leader = members.stream()
                .filter(Machine::leadsZooKeeper)
                .findFirst()
                .orElseThrow(() -> new ClusterException("no server of ZooKeeper leads"));
        List<Machine> followers =
                members.stream().filter(machine -> machine != leader).toList();
        deaf(leader, followers, "-p tcp -j REJECT --reject-with tcp-reset", ZOOKEEPER);
        return leader.name();
    }

    /** The nodes, each with the server of ZooKeeper that stands beside it. */
    private static List<Machine> places(Cluster cluster, List<Machine> nodes) {
        List<Machine> places = new ArrayList<>(nodes);
        List<Machine> servers = cluster.servers();
        nodes.stream()
                .map(cluster.machines()::indexOf)
                .filter(index -> index < servers.size())
                .forEach(index -> places.add(servers.get(index)));
        return places;
    }

    private void between(List<Machine> some, List<Machine> others, String match, int port) {
        some.forEach(machine -> deaf(machine, others, match + "-j DROP", port));
        others.forEach(machine -> deaf(machine, some, match + "-j DROP", port));
    }

    private void ring(List<Machine> machines) {
        int n = machines.size();
        int majority = n / 2 + 1;
        for (int i = 0; i < n; i++) {
            List<Machine> unheard = new ArrayList<>();
            for (int distance = majority; distance < n; distance++) {
                unheard.add(machines.get((i + distance) % n));
            }
            deaf(machines.get(i), unheard, "-j DROP", HTTP);
        }
    }

    /** Packets of the others no longer arrive. */
    private void deaf(Machine machine, List<Machine> others, String rule, int port) {
        if (machine.state() == Machine.State.DOWN) {
            return;
        }
        StringBuilder script = new StringBuilder(
                "iptables -N PARLEY 2>/dev/null; iptables -C INPUT -j PARLEY 2>/dev/null || iptables -I INPUT -j PARLEY\n");
        others.forEach(other -> script.append("iptables -w -A PARLEY -s ")
                .append(other.address())
                .append(' ')
                .append(rule)
                .append(" || exit 1\n"));
        cuts.add(new Cut(machine, others, port));
        machine.shell(script.toString());
    }

    /** Whoever is cut off tries to connect to those it does not hear, so that there are answers to be dropped. */
    @Override
    public String evidence(Cluster cluster) {
        long dropped = 0;
        List<Machine> asked = new ArrayList<>();
        for (Cut cut : cuts) {
            if (cut.machine().state() == Machine.State.RUNNING) {
                cut.unheard().forEach(other -> cut.machine()
                        .shell("timeout 0.3 bash -c '</dev/tcp/" + other.address() + "/" + cut.port()
                                + "' 2>/dev/null; true"));
                if (!asked.contains(cut.machine())) {
                    asked.add(cut.machine());
                    dropped += Long.parseLong(cut.machine().shell(COUNT).strip());
                }
            }
        }
        return dropped == 0 ? "" : dropped + " packets dropped";
    }

    @Override
    public void end(Cluster cluster) {
        cuts.stream()
                .map(Cut::machine)
                .distinct()
                .filter(machine -> machine.state() != Machine.State.DOWN)
                .forEach(machine -> machine.shell("iptables -w -F PARLEY 2>/dev/null || true"));
        cuts.clear();
    }

    private static String names(List<Machine> machines) {
        return machines.stream().map(Machine::name).collect(Collectors.joining(" "));
    }
}
