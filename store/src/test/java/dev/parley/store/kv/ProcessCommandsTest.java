package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.PlacementCommand.ReportInstance;
import dev.parley.store.kv.PlacementCommand.ReportInstance.Report;
import dev.parley.store.kv.ProcessCommand.SteerProcess;
import dev.parley.store.kv.ProcessCommand.SteerProcess.Wish;
import dev.parley.store.kv.Processes.Placement;
import dev.parley.store.kv.Processes.Process;
import dev.parley.store.kv.Processes.Stage;
import dev.parley.store.kv.Submission.Fence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Claims, placements and effects of processes, as applied. Covers C1, C2, C7, D2, M16 as far as the state decides. */
final class ProcessCommandsTest {
    private static final String OTHER = "n2";

    private final Script script = new Script();
    private final long epoch = script.lead();

    ProcessCommandsTest() {
        enter(Script.NODE, 1, List.of());
    }

    private void enter(String node, long incarnation, List<String> labels) {
        script.run(new Command.RegisterMember(node, new UUID(3, incarnation), "http://" + node, 1));
        script.run(new AttendanceCommand.Enter(
                node, new UUID(5, incarnation), "1", labels, 1, AttendanceCommand.Origin.NONE));
    }

    private void expire(String node, long incarnation) {
        script.run(new AttendanceCommand.Expire(
                epoch, node, new UUID(5, incarnation), false, AttendanceCommand.Origin.NONE));
    }

    static ProcessSpecification specification(int instances, String... labels) {
        return new ProcessSpecification(
                "heartbeat",
                "{}",
                RestartPolicy.PERMANENT,
                5,
                10_000,
                instances,
                List.of(labels),
                instances == 1,
                5_000,
                5_000,
                List.of("b", "a"),
                Map.of("team", "x"));
    }

    private void put(String name, int instances, String... labels) {
        script.run(new ProcessCommand.PutProcess(name, specification(instances, labels)));
    }

    private Outcome place(String name, String node) {
        long attendance = Attendants.find(script.map, node)
                .map(Attendants.Attendant::entered)
                .orElse(0L);
        long revision = Processes.find(script.map, name).map(Process::revision).orElse(0L);
        return script.run(new PlacementCommand.PlaceInstance(epoch, name, revision, node, attendance, node));
    }

    private Outcome report(String name, long token, Report report) {
        return script.run(new ReportInstance(name, Script.NODE, token, report));
    }

    private Placement only(String name) {
        List<Placement> placements = Processes.placements(script.map, name);
        assertEquals(1, placements.size());
        return placements.getFirst();
    }

    private Outcome write(String name, long token) {
        Fence fence = new Fence(Processes.FENCE, name, token);
        return script.run(new Submission(Script.put("k", "v"), "", Optional.empty(), List.of(fence)));
    }

    private List<String> events() {
        return ClusterEvents.from(script.map, 0).stream()
                .map(ClusterEvents.ClusterEvent::name)
                .filter(name -> name.startsWith("process_"))
                .toList();
    }

    @Test
    void theSameSpecificationAgainChangesNothingAndAnotherIsRefused() {
        Outcome first = script.run(new ProcessCommand.PutProcess("w", specification(1)));
        long revision = script.revision();
        assertEquals(new Outcome.ProcessStored(revision, true), first);

        assertEquals(
                new Outcome.ProcessStored(revision, false),
                script.run(new ProcessCommand.PutProcess("w", specification(1))));
        assertEquals(
                new Outcome.ProcessNameTaken("w"), script.run(new ProcessCommand.PutProcess("w", specification(2))));
        assertEquals(revision, script.revision());
        assertEquals(List.of("process_registered"), events());
    }

    @Test
    void aSingletonGetsOnePlaceWhoseTokenIsItsRevision() {
        enter(OTHER, 2, List.of());
        put("w", 1);
        place("w", Script.NODE);

        assertEquals(script.revision(), only("w").token());
        assertInstanceOf(Outcome.Superseded.class, place("w", OTHER));
        assertInstanceOf(Outcome.Superseded.class, place("w", Script.NODE));
    }

    @Test
    void aPlaceThatWasDecidedBeforeTheProcessWasSteeredIsRefused() {
        put("w", 1);
        long before = Processes.find(script.map, "w").orElseThrow().revision();
        long attendance = Attendants.find(script.map, Script.NODE).orElseThrow().entered();
        script.run(new SteerProcess("w", Wish.STOP, ""));
        script.run(new SteerProcess("w", Wish.RESTART, ""));

        assertInstanceOf(
                Outcome.Superseded.class,
                script.run(
                        new PlacementCommand.PlaceInstance(epoch, "w", before, Script.NODE, attendance, Script.NODE)));
    }

    @Test
    void labelsAndPresenceDecideWhoMayHaveIt() {
        enter(OTHER, 2, List.of("disk=ssd", "zone=a"));
        put("w", 1, "disk=ssd");

        assertInstanceOf(Outcome.Superseded.class, place("w", Script.NODE));
        assertInstanceOf(Outcome.Superseded.class, place("w", "n9"));
        assertInstanceOf(Outcome.Acknowledged.class, place("w", OTHER));
    }

    @Test
    void everyNodeMeansOneOnEach() {
        enter(OTHER, 2, List.of());
        put("w", ProcessSpecification.EVERY_NODE);

        assertInstanceOf(Outcome.Acknowledged.class, place("w", Script.NODE));
        assertInstanceOf(Outcome.Acknowledged.class, place("w", OTHER));
        assertInstanceOf(Outcome.Superseded.class, place("w", OTHER));
    }

    @Test
    void thePlaceOfANodeThatIsThereIsNotGivenAway() {
        put("w", 1);
        place("w", Script.NODE);
        long token = only("w").token();

        assertInstanceOf(
                Outcome.Superseded.class,
                script.run(new PlacementCommand.ForgetInstance(epoch, "w", Script.NODE, token)));
        assertInstanceOf(Outcome.Stored.class, write("w", token));
    }

    @Test
    void onceTheNodeIsGoneNothingOfTheInstanceIsAcceptedAndItsPlaceIsFree() {
        enter(OTHER, 2, List.of());
        put("w", 1);
        place("w", OTHER);
        long token = only("w").token();
        expire(OTHER, 2);

        assertInstanceOf(Outcome.Fenced.class, write("w", token));
        assertInstanceOf(
                Outcome.Acknowledged.class, script.run(new PlacementCommand.ForgetInstance(epoch, "w", OTHER, token)));
        place("w", Script.NODE);
        assertTrue(only("w").token() > token);
        assertInstanceOf(Outcome.Fenced.class, write("w", token));
        assertInstanceOf(Outcome.Stored.class, write("w", only("w").token()));
    }

    @Test
    void aNodeThatWasGoneAndCameBackHasLostItsPlaceEvenWithTheSameIncarnation() {
        put("w", 1);
        place("w", Script.NODE);
        long token = only("w").token();
        expire(Script.NODE, 1);
        enter(Script.NODE, 1, List.of());

        assertInstanceOf(Outcome.Fenced.class, write("w", token));
        assertTrue(!only("w").isAttended(script.map));
    }

    @Test
    void aReportIsOfTheInstanceThatIsPlacedAndComesFromItsNode() {
        put("w", 1);
        place("w", Script.NODE);
        long token = only("w").token();

        assertInstanceOf(Outcome.Superseded.class, report("w", token - 1, new Report.Running(0)));
        script.open(OTHER);
        assertInstanceOf(Outcome.Superseded.class, report("w", token, new Report.Running(0)));
        script.open(Script.NODE);
        assertInstanceOf(Outcome.Acknowledged.class, report("w", token, new Report.Running(0)));
        assertEquals(Stage.RUNNING, only("w").stage());
        assertEquals(token, only("w").token());
    }

    @Test
    void whatHasFailedKeepsItsPlaceUntilItIsStartedAnew() {
        put("w", 1);
        place("w", Script.NODE);
        long token = only("w").token();
        report("w", token, new Report.Running(0));
        report("w", token, new Report.Ended(1, "exit 1"));
        report("w", token, new Report.Failed(1, "too often"));

        assertEquals(Stage.FAILED, only("w").stage());
        assertEquals("too often", only("w").lastFailure());
        assertInstanceOf(Outcome.Fenced.class, write("w", token));
        assertInstanceOf(Outcome.Superseded.class, place("w", Script.NODE));
        script.run(new SteerProcess("w", Wish.RESTART, ""));
        assertEquals(List.of(), Processes.placements(script.map, "w"));
        assertInstanceOf(Outcome.Acknowledged.class, place("w", Script.NODE));
    }

    @Test
    void aStoppedProcessIsReleasedByItsNodeWithItsStateAndNotPlacedAgain() {
        put("w", 1);
        place("w", Script.NODE);
        long token = only("w").token();
        script.run(new SteerProcess("w", Wish.STOP, ""));
        assertInstanceOf(Outcome.Stored.class, write("w", token)); // it may still put its things in order
        report("w", token, new Report.Released(Optional.of(Bytes.utf8("state"))));

        assertEquals(Optional.of(Bytes.utf8("state")), Processes.handedOver(script.map, "w"));
        assertInstanceOf(Outcome.Superseded.class, place("w", Script.NODE));
        assertEquals(List.of("process_registered", "process_stopped"), events());
    }

    @Test
    void aDamagedHandOverIsNone() {
        put("w", 1);
        place("w", Script.NODE);
        report("w", only("w").token(), new Report.Released(Optional.of(Bytes.utf8("state"))));
        byte[] cell = script.map.cell(Cells.handedOver("w")).orElseThrow().toArray();
        cell[cell.length - 1] ^= 1;
        script.map.putCell(Cells.handedOver("w"), Bytes.wrap(cell));

        assertEquals(Optional.empty(), Processes.handedOver(script.map, "w"));
    }

    @Test
    void theNameIsFreeAfterADeleteButThePlaceOnlyWhenTheNodeSaysSo() {
        put("w", 1);
        place("w", Script.NODE);
        long token = only("w").token();
        assertInstanceOf(Outcome.ProcessDeleted.class, script.run(new ProcessCommand.DeleteProcess("w")));

        assertInstanceOf(Outcome.Fenced.class, write("w", token));
        put("w", 1);
        assertInstanceOf(Outcome.Superseded.class, place("w", Script.NODE));
        report("w", token, new Report.Released(Optional.empty()));
        assertInstanceOf(Outcome.Acknowledged.class, place("w", Script.NODE));
        assertEquals(new Outcome.ProcessUnknown("v"), script.run(new ProcessCommand.DeleteProcess("v")));
    }

    @Test
    void aMoveNeedsSomewhereToGo() {
        put("w", 1);
        place("w", Script.NODE);
        assertInstanceOf(Outcome.ProcessImmovable.class, script.run(new SteerProcess("w", Wish.MIGRATE, "")));
        assertInstanceOf(Outcome.ProcessImmovable.class, script.run(new SteerProcess("w", Wish.MIGRATE, "n9")));
        enter(OTHER, 2, List.of());
        assertInstanceOf(Outcome.ProcessSteered.class, script.run(new SteerProcess("w", Wish.MIGRATE, "")));

        assertTrue(only("w").withdrawn());
        assertEquals(Script.NODE, Processes.find(script.map, "w").orElseThrow().avoid());
        report("w", only("w").token(), new Report.Released(Optional.empty()));
        place("w", OTHER);
        assertEquals(OTHER, only("w").node());
    }

    @Test
    void aMoveIsTold() {
        put("w", 1);
        place("w", Script.NODE);
        report("w", only("w").token(), new Report.Running(0));
        enter(OTHER, 2, List.of());
        script.run(new SteerProcess("w", Wish.MIGRATE, OTHER));
        report("w", only("w").token(), new Report.Released(Optional.empty()));
        place("w", OTHER);
        script.open(OTHER);
        script.run(new ReportInstance("w", OTHER, only("w").token(), new Report.Running(0)));

        assertEquals(List.of("process_registered", "process_started", "process_migrated"), events());
    }

    @Test
    void recordsAreWrittenByTheirProcessAloneAtTheRevisionItSawAndGoWithIt() {
        put("w", 1);
        put("v", 1);
        place("w", Script.NODE);
        place("v", Script.NODE);
        Fence own = new Fence(Processes.FENCE, "w", only("w").token());
        Fence foreign = new Fence(Processes.FENCE, "v", only("v").token());
        var claim = new ProcessCommand.PutRecord(
                "w", Key.of("tick-1"), Optional.of(Bytes.utf8("x")), "text/plain", OptionalLong.of(0));

        assertInstanceOf(Outcome.Fenced.class, script.run(claim));
        assertInstanceOf(
                Outcome.Fenced.class, script.run(new Submission(claim, "", Optional.empty(), List.of(foreign))));
        assertInstanceOf(Outcome.Stored.class, script.run(new Submission(claim, "", Optional.empty(), List.of(own))));
        assertInstanceOf(
                Outcome.PreconditionFailed.class,
                script.run(new Submission(claim, "", Optional.empty(), List.of(own))));
        assertEquals(
                "tick-1",
                Processes.records(script.map, "w", "tick", 10).getFirst().key().toString());
        script.run(new ProcessCommand.DeleteProcess("w"));
        assertEquals(List.of(), Processes.records(script.map, "w", "", 10));
    }

    @Test
    void aNewClusterKeepsWhatIsToRunAndDropsWhereItRan() {
        put("w", 1);
        place("w", Script.NODE);

        FreshStart.begin(script.map);

        assertTrue(Processes.find(script.map, "w").orElseThrow().run());
        assertEquals(List.of(), Processes.placements(script.map));
    }

    @Test
    void commandsOfAnotherEpochAreRefused() {
        put("w", 1);
        Process process = Processes.find(script.map, "w").orElseThrow();
        long attendance = Attendants.find(script.map, Script.NODE).orElseThrow().entered();

        assertInstanceOf(
                Outcome.Superseded.class,
                script.run(new PlacementCommand.PlaceInstance(
                        epoch + 1, "w", process.revision(), Script.NODE, attendance, Script.NODE)));
    }

    @Test
    void processesAreListedInPages() {
        for (String name : List.of("a", "a-b", "b", "c")) {
            put(name, 1);
        }

        assertEquals(List.of("a", "a-b"), names(Processes.list(script.map, "", 2)));
        assertEquals(List.of("a-b", "b", "c"), names(Processes.list(script.map, "a", 10)));
        assertEquals(List.of("c"), names(Processes.list(script.map, "b", 10)));
    }

    private static List<String> names(List<Process> processes) {
        return processes.stream().map(Process::name).toList();
    }
}
