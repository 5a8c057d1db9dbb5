package dev.parley.coordination.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.parley.coordination.process.Errands.Errand;
import dev.parley.coordination.process.ProcessHost.Held;
import dev.parley.store.kv.AttendanceCommand;
import dev.parley.store.kv.Attendants;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.PlacementCommand;
import dev.parley.store.kv.PlacementCommand.ReportInstance;
import dev.parley.store.kv.PlacementCommand.ReportInstance.Report;
import dev.parley.store.kv.ProcessCommand;
import dev.parley.store.kv.ProcessCommand.SteerProcess.Wish;
import dev.parley.store.kv.ProcessSpecification;
import dev.parley.store.kv.Processes;
import dev.parley.store.kv.RestartPolicy;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.SingleNode;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** C8, C9, C11: a node runs what is placed on it, and nothing else. */
final class ErrandsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SingleNode node = SingleNode.start();
    private final Set<Held> over = new HashSet<>();
    private long epoch;

    @BeforeEach
    void placeOne() {
        node.replica().campaign(true);
        Awaitility.await().atMost(PATIENCE).until(() -> node.replica().status().leader());
        epoch = node.replica().status().epoch();
        enter();
        put();
        place();
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void submit(Command command) {
        node.replica().submit(Submission.of(command), PATIENCE);
    }

    private void enter() {
        submit(new AttendanceCommand.Enter("n1", new UUID(1, 1), "1", List.of(), 1, AttendanceCommand.Origin.NONE));
    }

    private void put() {
        submit(new ProcessCommand.PutProcess(
                "p",
                new ProcessSpecification(
                        "k",
                        "{\"a\":1}",
                        RestartPolicy.TRANSIENT,
                        5,
                        1_000,
                        1,
                        List.of(),
                        true,
                        2_000,
                        3_000,
                        List.of(),
                        Map.of())));
    }

    private void place() {
        try (StateView view = view()) {
            long attendance = Attendants.find(view, "n1").orElseThrow().entered();
            long revision = Processes.find(view, "p").orElseThrow().revision();
            submit(new PlacementCommand.PlaceInstance(epoch, "p", revision, "n1", attendance, "n1"));
        }
    }

    private StateView view() {
        return node.replica().view().orElseThrow();
    }

    private Held placed() {
        try (StateView view = view()) {
            return new Held("p", Processes.placements(view, "p").getFirst().token());
        }
    }

    private List<Errand> errands(List<Held> held, boolean taking) {
        try (StateView view = view()) {
            return Errands.decide(view, "n1", held, over, taking);
        }
    }

    @Test
    void whatIsPlacedHereAndDoesNotRunIsStartedWithItsToken() {
        Errands.Start start =
                assertInstanceOf(Errands.Start.class, errands(List.of(), true).getFirst());
        assertEquals(placed().token(), start.assignment().token());
        assertEquals(Duration.ofMillis(3_000), start.assignment().stopTimeout());
        assertEquals(Optional.empty(), start.assignment().handedOver());
        assertEquals(List.of(), errands(List.of(placed()), true));
    }

    @Test
    void whatEndedHereIsNotStartedAgainBeforeTheClusterKnows() {
        over.add(placed());
        assertEquals(List.of(), errands(List.of(), true));
        submit(new ReportInstance("p", "n1", placed().token(), new Report.Failed(0, "why")));
        assertEquals(List.of(), errands(List.of(), true));
        assertEquals(Set.of(), over);
    }

    @Test
    void whatIsNotWantedAnyMoreIsStoppedAndThenItsPlaceGivenBack() {
        submit(new ProcessCommand.SteerProcess("p", Wish.STOP, ""));
        Held held = placed();
        assertEquals(List.of(new Errands.Stop(held, Duration.ofMillis(3_000), true)), errands(List.of(held), true));
        assertEquals(List.of(new Errands.Release(held)), errands(List.of(), true));
    }

    @Test
    void anInstanceWithoutAPlaceIsStoppedAndNothingIsTold() {
        Held stray = new Held("q", 5);
        assertEquals(
                List.of(new Errands.Stop(stray, Duration.ofSeconds(5), false)),
                errands(List.of(placed(), stray), true));
    }

    @Test
    void anEarlierInstanceOfTheNameIsStoppedBeforeTheLaterIsStarted() {
        Held earlier = new Held("p", placed().token() - 1);
        List<Errand> errands = errands(List.of(earlier), true);
        assertEquals(List.of(new Errands.Stop(earlier, Duration.ofMillis(3_000), false)), errands);
    }

    @Test
    void thePlaceOfADeletedProcessIsNotTakenForItsSuccessor() {
        Held held = placed();
        submit(new ProcessCommand.DeleteProcess("p"));
        put();
        assertInstanceOf(Errands.Stop.class, errands(List.of(held), true).getFirst());
        assertEquals(List.of(new Errands.Release(held)), errands(List.of(), true));
    }

    @Test
    void aNodeThatStopsTakesNothingAndGivesBackWhatItHas() {
        assertEquals(List.of(new Errands.Release(placed())), errands(List.of(), false));
        assertInstanceOf(Errands.Stop.class, errands(List.of(placed()), false).getFirst());
    }

    @Test
    void whatWasHandedOverIsGivenToTheNext() {
        Held held = placed();
        submit(new ReportInstance(
                "p", "n1", held.token(), new Report.Released(Optional.of(dev.parley.store.kv.Bytes.utf8("s")))));
        place();
        Errands.Start start =
                assertInstanceOf(Errands.Start.class, errands(List.of(), true).getFirst());
        assertEquals("s", new String(start.assignment().handedOver().orElseThrow()));
    }
}
