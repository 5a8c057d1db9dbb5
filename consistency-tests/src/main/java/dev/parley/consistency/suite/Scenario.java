package dev.parley.consistency.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One run of a suite.
 *
 * @param group runs of one group share a cluster
 */
public record Scenario(String group, String workload, List<String> faults) {
    /** More do not find time to happen, and to heal, within a minute. */
    private static final int FAULTS_PER_RUN = 3;

    /** What finds most in a few seconds; other workloads take turns. */
    private static final Map<String, String> QUICK = Map.of(
            "register", "pause",
            "versioned-register", "partition-one",
            "set", "kill",
            "list-append", "partition-zookeeper",
            "bank", "partition-halves",
            "counter", "kill",
            "unique-ids", "pause",
            "convergence", "kill-all");

    private static final List<String> QUICK_TURNS = List.of("kill", "partition-one", "pause");

    /** A group of faults, of which each run gets some. */
    private record Group(String name, List<String> faults) {
        /** The next ones in turn, so that all of them happen to one workload or another. */
        List<String> turn(int number) {
            return IntStream.range(0, Math.min(FAULTS_PER_RUN, faults.size()))
                    .mapToObj(i -> faults.get((number * FAULTS_PER_RUN + i) % faults.size()))
                    .toList();
        }
    }

    private static final List<Group> GROUPS = List.of(
            new Group(
                    "process",
                    List.of(
                            "kill",
                            "pause",
                            "rolling-restart",
                            "kill-all",
                            "pause-zookeeper",
                            "kill-leader",
                            "stop",
                            "kill-zookeeper",
                            "pause-leader")),
            new Group(
                    "network",
                    List.of(
                            "partition-one",
                            "partition-reset",
                            "slow",
                            "partition-halves",
                            "partition-zookeeper",
                            "partition-one+pause",
                            "partition-leader-silent",
                            "partition-one-way",
                            "partition-ring",
                            "partition-bridge",
                            "partition-peers")),
            new Group("clock", List.of("clock")),
            new Group(
                    "disk",
                    List.of(
                            "disk-full",
                            "wipe-tables",
                            "churn",
                            "flip-byte",
                            "kill-in-flush",
                            "wipe-zookeeper",
                            "compact")),
            new Group("membership", List.of("grow", "shrink")));

    public Scenario {
        faults = List.copyOf(faults);
    }

    /** A few minutes: every workload once, each with one kind of fault. */
    public static List<Scenario> quick(List<String> workloads) {
        List<Scenario> scenarios = new ArrayList<>();
        for (String workload : workloads) {
            String turn = QUICK_TURNS.get(scenarios.size() % QUICK_TURNS.size());
            scenarios.add(new Scenario("quick", workload, List.of(QUICK.getOrDefault(workload, turn))));
        }
        return scenarios;
    }

    /** As {@link #quick} with what local processes can bear. */
    public static List<Scenario> quickWithoutNetwork(List<String> workloads) {
        return quick(workloads).stream()
                .map(scenario -> new Scenario(
                        scenario.group(),
                        scenario.workload(),
                        scenario.faults().stream()
                                .map(fault -> fault.startsWith("partition") ? "pause" : fault)
                                .toList()))
                .toList();
    }

    /** Every workload with every group of faults. */
    public static List<Scenario> full(List<String> workloads) {
        List<Scenario> scenarios = new ArrayList<>();
        for (Group group : GROUPS) {
            for (int number = 0; number < workloads.size(); number++) {
                scenarios.add(new Scenario(group.name(), workloads.get(number), group.turn(number)));
            }
        }
        return scenarios;
    }

    /** The faults that {@link #full} lets happen. */
    static List<String> faultsOfFull() {
        return GROUPS.stream().flatMap(group -> group.faults().stream()).toList();
    }
}
