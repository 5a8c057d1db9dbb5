package dev.parley.consistency.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.nemesis.Faults;
import dev.parley.consistency.workload.Workloads;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScenarioTest {
    private static final List<String> WORKLOADS = List.copyOf(Workloads.all().keySet());

    @Test
    void everyScenarioNamesAWorkloadAndFaultsThatExist() {
        Stream.concat(Scenario.quick(WORKLOADS).stream(), Scenario.full(WORKLOADS).stream())
                .forEach(scenario -> {
                    assertTrue(WORKLOADS.contains(scenario.workload()), scenario.workload());
                    scenario.faults()
                            .forEach(fault -> assertTrue(Faults.named(fault).isPresent(), fault));
                });
    }

    @Test
    void theQuickSuiteHasEveryWorkloadAndTheFullOneEveryWorkloadFiveTimes() {
        assertEquals(
                WORKLOADS.size(),
                Scenario.quick(WORKLOADS).stream()
                        .map(Scenario::workload)
                        .distinct()
                        .count());
        assertEquals(5 * WORKLOADS.size(), Scenario.full(WORKLOADS).size());
    }

    @Test
    void everyFaultOfTheFullSuiteHappensToSomeWorkload() {
        Set<String> happening = Scenario.full(WORKLOADS).stream()
                .flatMap(scenario -> scenario.faults().stream())
                .collect(Collectors.toSet());
        assertEquals(Set.copyOf(Scenario.faultsOfFull()), happening);
    }

    @Test
    void aRunHasNoFaultTwiceAndNotMoreThanFindTime() {
        Scenario.full(WORKLOADS).forEach(scenario -> {
            assertEquals(scenario.faults().size(), Set.copyOf(scenario.faults()).size(), scenario.toString());
            assertTrue(scenario.faults().size() <= 3, scenario.toString());
        });
    }

    @Test
    void aWorkloadNobodyPlannedForIsInTheQuickSuite() {
        assertEquals(
                List.of("register", "brand-new"),
                Scenario.quick(List.of("register", "brand-new")).stream()
                        .map(Scenario::workload)
                        .toList());
    }

    @Test
    void localProcessesAreAskedOnlyForWhatTheyCanBear() {
        Scenario.quickWithoutNetwork(WORKLOADS).forEach(scenario -> scenario.faults()
                .forEach(fault -> assertEquals(
                        Ability.PROCESS, Faults.named(fault).orElseThrow().needs(), fault)));
    }
}
