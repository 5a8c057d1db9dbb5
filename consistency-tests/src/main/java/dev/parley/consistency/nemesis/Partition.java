package dev.parley.consistency.nemesis;

import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
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
        RESET
    }

    private final List<Shape> shapes;
    private final List<Machine> cut = new ArrayList<>();

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
        switch (shape) {
            case ONE -> between(List.of(first), rest, "");
            case HALVES -> between(half, otherHalf, "");
            case RING -> ring(machines);
            case BRIDGE -> between(rest.subList(0, rest.size() / 2), rest.subList(rest.size() / 2, rest.size()), "");
            case ONE_WAY -> deaf(first, rest, "-j DROP");
            case ZOOKEEPER -> between(List.of(first), rest, "-p tcp -m multiport --ports 2181,2888,3888 ");
            case PEERS -> between(List.of(first), rest, "-p tcp -m multiport --ports 7070 ");
            case RESET ->
                rest.forEach(other -> deaf(other, List.of(first), "-p tcp -j REJECT --reject-with tcp-reset"));
        }
        return shape.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + ": "
                + switch (shape) {
                    case HALVES -> names(half) + " | " + names(otherHalf);
                    case RING -> names(machines);
                    case BRIDGE ->
                        names(rest.subList(0, rest.size() / 2)) + " | "
                                + names(rest.subList(rest.size() / 2, rest.size())) + " over " + first.name();
                    case ONE, ONE_WAY, ZOOKEEPER, PEERS, RESET -> first.name();
                };
    }

    private void between(List<Machine> some, List<Machine> others, String match) {
        some.forEach(machine -> deaf(machine, others, match + "-j DROP"));
        others.forEach(machine -> deaf(machine, some, match + "-j DROP"));
    }

    private void ring(List<Machine> machines) {
        int n = machines.size();
        int majority = n / 2 + 1;
        for (int i = 0; i < n; i++) {
            List<Machine> unheard = new ArrayList<>();
            for (int distance = majority; distance < n; distance++) {
                unheard.add(machines.get((i + distance) % n));
            }
            deaf(machines.get(i), unheard, "-j DROP");
        }
    }

    /** Packets of the others no longer arrive. */
    private void deaf(Machine machine, List<Machine> others, String rule) {
        StringBuilder script = new StringBuilder(
                "iptables -N PARLEY 2>/dev/null; iptables -C INPUT -j PARLEY 2>/dev/null || iptables -I INPUT -j PARLEY\n");
        others.forEach(other -> script.append("iptables -w -A PARLEY -s ")
                .append(other.address())
                .append(' ')
                .append(rule)
                .append(" || exit 1\n"));
        cut.add(machine);
        machine.shell(script.toString());
    }

    @Override
    public String evidence(Cluster cluster) {
        long dropped = 0;
        for (Machine machine : cut) {
            dropped += Long.parseLong(machine.shell(COUNT).strip());
        }
        return dropped == 0 ? "" : dropped + " packets dropped";
    }

    @Override
    public void end(Cluster cluster) {
        cut.stream()
                .distinct()
                .filter(machine -> machine.state() != Machine.State.DOWN)
                .forEach(machine -> machine.shell("iptables -w -F PARLEY 2>/dev/null || true"));
        cut.clear();
    }

    private static String names(List<Machine> machines) {
        return machines.stream().map(Machine::name).collect(Collectors.joining(" "));
    }
}
