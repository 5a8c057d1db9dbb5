package dev.parley.consistency.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Endpoints;
import dev.parley.consistency.run.Plan;
import dev.parley.consistency.run.StubStore;
import dev.parley.consistency.workload.Workloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CampaignTest {
    private static final Scenario SET = new Scenario("one", "set", List.of());
    private static final Scenario REGISTER = new Scenario("two", "register", List.of());

    @TempDir
    private Path directory;

    private final List<String> opened = new ArrayList<>();

    private List<Row> run(List<Scenario> chosen, Campaign.Clusters clusters) throws InterruptedException {
        List<Row> reported = new ArrayList<>();
        List<Row> rows = new Campaign(
                        clusters,
                        name -> Workloads.all().get(name).make(),
                        scenario -> new Plan(
                                scenario.workload(),
                                scenario.faults(),
                                Duration.ofMillis(700),
                                4,
                                400,
                                7,
                                Duration.ofSeconds(2)),
                        plan -> "again",
                        directory)
                .run(List.of(SET, REGISTER), chosen, reported::add);
        assertEquals(rows, reported);
        return rows;
    }

    private List<Row> runOnStub(List<Scenario> chosen) throws InterruptedException {
        try (StubStore store = new StubStore(3, StubStore.Bug.NONE)) {
            return run(chosen, (nodes, faults) -> {
                opened.add(nodes.getFileName().toString());
                return new Endpoints(store.urls());
            });
        }
    }

    private String summary() throws Exception {
        return Files.readString(directory.resolve("summary.md"));
    }

    @Test
    void whatWasRunIsNotRunAgain() throws Exception {
        List<Row> first = runOnStub(List.of(SET));
        assertEquals(Answer.VALID, first.getFirst().answer(), first.toString());
        assertTrue(summary().contains("| valid | one | set |"), summary());
        assertTrue(summary().contains("| - | two | register |"), summary());

        opened.clear();
        List<Row> both = runOnStub(List.of(SET, REGISTER));
        assertEquals(first.getFirst(), both.getFirst());
        assertEquals(List.of("nodes-two-1"), opened);
        assertTrue(summary().contains("| valid | two | register |"), summary());
    }

    @Test
    void aScenarioWhoseClusterDidNotStartIsTriedAgain() throws Exception {
        List<Row> failed = run(List.of(SET), (nodes, faults) -> {
            throw new ClusterException("no room");
        });
        assertEquals(Answer.UNKNOWN, failed.getFirst().answer());
        assertEquals("no room", failed.getFirst().remark());
        assertEquals(Answer.VALID, runOnStub(List.of(SET)).getFirst().answer());
    }

    @Test
    void aScenarioWithOtherFaultsIsAnotherOne() {
        Rows rows = new Rows(directory);
        Row row = new Row(new Scenario("one", "set", List.of("kill")), Answer.INVALID, 7, 8, "a | b");
        rows.keep(row);
        assertEquals(row, rows.find(row.scenario()).orElseThrow());
        assertFalse(rows.find(SET).isPresent());
    }

    @Test
    void aCampaignGoesOnUnderTheTermsItBeganWith() {
        Terms begun = Terms.keep(directory, new Terms(true, Duration.ofSeconds(60), 11));
        assertEquals(begun, Terms.keep(directory, new Terms(false, Duration.ofSeconds(5), 12)));
    }
}
