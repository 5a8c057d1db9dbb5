package dev.parley.consistency.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One run of a suite.
 *
 * @param group runs of one group share a cluster
 */
public record Scenario(String group, String workload, List<String> faults) {
    public Scenario {
        faults = List.copyOf(faults);
    }

    /** A few minutes: every workload once, each with one kind of fault. */
    public static List<Scenario> quick() {
        return List.of(
                new Scenario("quick", "register", List.of("pause")),
                new Scenario("quick", "versioned-register", List.of("partition-one")),
                new Scenario("quick", "set", List.of("kill")),
                new Scenario("quick", "list-append", List.of("partition-zookeeper")),
                new Scenario("quick", "bank", List.of("partition-halves")),
                new Scenario("quick", "counter", List.of("kill")),
                new Scenario("quick", "unique-ids", List.of("pause")),
                new Scenario("quick", "convergence", List.of("kill-all")));
    }

    /** As {@link #quick()} with what local processes can bear. */
    public static List<Scenario> quickWithoutNetwork() {
        return quick().stream()
                .map(scenario -> new Scenario(
                        scenario.group(),
                        scenario.workload(),
                        scenario.faults().stream()
                                .map(fault -> fault.startsWith("partition") ? "pause" : fault)
                                .toList()))
                .toList();
    }

    /**
     * Every workload with every group of faults. Wiped and damaged tables are left out as long as nodes cannot rebuild from their peers: the run would end as
     * not recovered each time.
     */
    public static List<Scenario> full(List<String> workloads) {
        List<Scenario> scenarios = new ArrayList<>();
        Stream.of(
                        new Scenario("process", "", List.of("kill", "pause", "stop", "rolling-restart", "kill-all")),
                        new Scenario(
                                "network",
                                "",
                                List.of("partition", "partition-reset", "partition-zookeeper", "partition-one+pause")),
                        new Scenario("clock", "", List.of("clock")),
                        new Scenario("disk", "", List.of("disk-full")),
                        new Scenario("membership", "", List.of("grow")))
                .forEach(group -> workloads.forEach(
                        workload -> scenarios.add(new Scenario(group.group(), workload, group.faults()))));
        return scenarios;
    }
}
