package dev.parley.coordination.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.process.Standing.State;
import dev.parley.store.kv.AttendanceCommand;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.PlacementCommand;
import dev.parley.store.kv.PlacementCommand.ForgetInstance;
import dev.parley.store.kv.PlacementCommand.PlaceInstance;
import dev.parley.store.kv.PlacementCommand.ReportInstance;
import dev.parley.store.kv.PlacementCommand.ReportInstance.Report;
import dev.parley.store.kv.PlacementCommand.WithdrawInstance;
import dev.parley.store.kv.ProcessCommand;
import dev.parley.store.kv.ProcessCommand.SteerProcess.Wish;
import dev.parley.store.kv.ProcessSpecification;
import dev.parley.store.kv.Processes;
import dev.parley.store.kv.Processes.Placement;
import dev.parley.store.kv.RestartPolicy;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.SingleNode;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** C4, C6, C7, D1, D2, D8, D9: where processes are placed, and what moves when the nodes change. */
final class PlacingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ALL = 10_000;

    private final SingleNode node = SingleNode.start();
    private long epoch;

    @BeforeEach
    void lead() {
        node.replica().campaign(true);
        Awaitility.await().atMost(PATIENCE).until(() -> node.replica().status().leader());
        epoch = node.replica().status().epoch();
    }

    @AfterEach
    void close() {
        node.close();
    }

    private Outcome submit(Command command) {
        Result result = node.replica().submit(Submission.of(command), PATIENCE);
        return assertInstanceOf(Result.Decided.class, result).outcome();
    }

    private <T> T look(Function<StateView, T> what) {
        try (StateView view = node.replica().view().orElseThrow()) {
            return what.apply(view);
        }
    }

    private void enter(int number, String... labels) {
        submit(new Command.RegisterMember("n" + number, new UUID(3, number), "http://n" + number, 1));
        submit(new AttendanceCommand.Enter(
                "n" + number, new UUID(5, number), "1", List.of(labels), 1, AttendanceCommand.Origin.NONE));
    }

    private void expire(int number) {
        submit(new AttendanceCommand.Expire(
                epoch, "n" + number, new UUID(5, number), false, AttendanceCommand.Origin.NONE));
    }

    private void put(String name, int instances, String... labels) {
        submit(new ProcessCommand.PutProcess(
                name,
                new ProcessSpecification(
                        "k",
                        "{}",
                        RestartPolicy.PERMANENT,
                        5,
                        1_000,
                        instances,
                        List.of(labels),
                        false,
                        1_000,
                        1_000,
                        List.of(),
                        Map.of())));
    }

    private List<PlacementCommand> plan(String... draining) {
        return look(view -> Placing.decide(view, epoch, Set.of(draining), ALL)).commands();
    }

    private void place(String... draining) {
        plan(draining).forEach(this::submit);
    }

    private List<Placement> placements() {
        return look(Processes::placements);
    }

    private List<String> nodesOf(String name) {
        return look(view -> Processes.placements(view, name)).stream()
                .map(Placement::node)
                .toList();
    }

    @Test
    void everyProcessIsPlacedWhereTheRingSaysAndThenNothingIsLeftToDo() {
        for (int i = 1; i <= 3; i++) {
            enter(i);
        }
        for (int i = 0; i < 50; i++) {
            put("p" + i, 1);
        }
        place();

        Ring ring = Ring.of(List.of("n1", "n2", "n3"));
        assertEquals(50, placements().size());
        placements().forEach(each -> assertEquals(ring.owner(each.name()).orElseThrow(), each.node()));
        assertEquals(List.of(), plan());
    }

    @Test
    void withoutANodeThatMayRunItNothingIsPlaced() {
        enter(1);
        put("p", 1, "gpu=yes");
        assertEquals(List.of(), plan());
        enter(2, "gpu=yes");
        place();
        assertEquals(List.of("n2"), nodesOf("p"));
    }

    @Test
    void asManyNodesAsAskedForRunItOrAllThereAre() {
        put("two", 2);
        put("all", ProcessSpecification.EVERY_NODE);
        enter(1);
        place();
        assertEquals(List.of("n1"), nodesOf("two"));
        enter(2);
        enter(3);
        place();
        assertEquals(2, nodesOf("two").size());
        assertEquals(List.of("n1", "n2", "n3"), nodesOf("all"));
    }

    @Test
    void onlyWhatWasOnTheDeadNodeIsPlacedAgainAndOnlyOnceItIsGone() {
        for (int i = 1; i <= 3; i++) {
            enter(i);
        }
        for (int i = 0; i < 30; i++) {
            put("p" + i, 1);
        }
        place();
        List<Placement> before = placements();
        assertEquals(List.of(), plan());
        expire(2);

        long lost = before.stream().filter(each -> each.node().equals("n2")).count();
        assertTrue(lost > 0, "nothing was on n2");
        assertEquals(
                lost, plan().stream().filter(ForgetInstance.class::isInstance).count());
        place();
        place();
        List<Placement> after = placements();
        assertEquals(30, after.size());
        assertTrue(after.stream().noneMatch(each -> each.node().equals("n2")));
        after.stream()
                .filter(each -> before.stream()
                        .anyMatch(former -> former.name().equals(each.name())
                                && !former.node().equals("n2")))
                .forEach(each -> assertTrue(before.contains(each), each + " moved without need"));
    }

    @Test
    void aNodeThatJoinsGetsWhatTheRingGivesItAFewAtATimeAndNothingElseMoves() {
        enter(1);
        for (int i = 0; i < 100; i++) {
            put("p" + i, 1);
        }
        place();
        enter(2);

        List<PlacementCommand> moves = plan();
        assertEquals(Placing.MOVES_MAX, moves.size());
        Ring ring = Ring.of(List.of("n1", "n2"));
        for (PlacementCommand move : moves) {
            WithdrawInstance withdraw = assertInstanceOf(WithdrawInstance.class, move);
            assertEquals("n2", ring.owner(withdraw.name()).orElseThrow());
        }
        moves.forEach(this::submit);
        assertEquals(List.of(), plan()); // the others wait until these are through
        WithdrawInstance first = (WithdrawInstance) moves.getFirst();
        submit(new ReportInstance(first.name(), "n1", first.token(), new Report.Released(java.util.Optional.empty())));
        List<PlacementCommand> next = plan();
        PlaceInstance placed = assertInstanceOf(
                PlaceInstance.class,
                next.stream()
                        .filter(PlaceInstance.class::isInstance)
                        .findFirst()
                        .orElseThrow());
        assertEquals("n2", placed.node());
        assertEquals(1, next.stream().filter(WithdrawInstance.class::isInstance).count());
    }

    @Test
    void aNodeThatDrainsGivesEverythingAwayAndGetsNothing() {
        enter(1);
        enter(2);
        for (int i = 0; i < 10; i++) {
            put("p" + i, 1);
        }
        place("n2");
        assertTrue(placements().stream().allMatch(each -> each.node().equals("n1")));
        assertEquals(
                10,
                plan("n1").stream().filter(WithdrawInstance.class::isInstance).count());
        assertEquals(List.of(), plan("n1", "n2")); // there is nowhere to go
    }

    @Test
    void whatWasMovedOnPurposeStaysUntilTheRingChangesItsMind() {
        enter(1);
        enter(2);
        Ring ring = Ring.of(List.of("n1", "n2"));
        String name = List.of("a", "b", "c", "d", "e", "f", "g", "h").stream()
                .filter(each -> ring.owner(each).orElseThrow().equals("n1"))
                .findFirst()
                .orElseThrow();
        put(name, 1);
        place();
        submit(new ProcessCommand.SteerProcess(name, Wish.MIGRATE, "n2"));
        Placement placement = placements().getFirst();
        submit(new ReportInstance(name, "n1", placement.token(), new Report.Released(java.util.Optional.empty())));
        place();
        assertEquals(List.of("n2"), nodesOf(name));
        assertEquals(List.of(), plan());
        assertEquals(1, plan("n2").size()); // draining is stronger
    }

    @Test
    void lookUpsNeverShowANodeThatIsGone() {
        enter(1);
        enter(2);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            put("p" + i, 1);
            names.add("p" + i);
        }
        place();
        String lost = names.stream()
                .filter(name -> nodesOf(name).equals(List.of("n2")))
                .findFirst()
                .orElseThrow();
        expire(2);

        Standing standing =
                look(view -> Standing.of(view, Processes.find(view, lost).orElseThrow()));
        assertEquals(State.ORPHANED, standing.state());
        assertTrue(standing.owner().isEmpty());
    }

    @Test
    void theStandingFollowsTheInstance() {
        enter(1);
        put("p", 1);
        assertEquals(State.PENDING, state("p"));
        place();
        assertEquals(State.STARTING, state("p"));
        long token = placements().getFirst().token();
        submit(new ReportInstance("p", "n1", token, new Report.Running(0)));
        assertEquals(State.RUNNING, state("p"));
        submit(new ProcessCommand.SteerProcess("p", Wish.STOP, ""));
        assertEquals(State.STOPPING, state("p"));
        submit(new ReportInstance("p", "n1", token, new Report.Released(java.util.Optional.empty())));
        assertEquals(State.STOPPED, state("p"));
        assertEquals(List.of(), plan());
        submit(new ProcessCommand.SteerProcess("p", Wish.RESTART, ""));
        place();
        submit(new ReportInstance("p", "n1", placements().getFirst().token(), new Report.Failed(0, "why")));
        assertEquals(State.FAILED, state("p"));
        assertEquals(List.of(), plan());
    }

    private State state(String name) {
        return look(view -> Standing.of(view, Processes.find(view, name).orElseThrow()))
                .state();
    }
}
