package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.AttendanceCommand.Origin;
import dev.parley.store.kv.ClusterEvents.ClusterEvent;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class AttendanceCommandsTest {
    private static final UUID FIRST = new UUID(1, 1);
    private static final UUID SECOND = new UUID(2, 2);

    private final Script script = new Script();

    private Outcome enter(String node, UUID incarnation, int expected) {
        script.run(new Command.RegisterMember(node, new UUID(node.hashCode(), 1), "http://" + node, 1));
        return script.run(new AttendanceCommand.Enter(
                node, incarnation, "1.0", List.of("zone=a"), expected, new Origin(40, "trace")));
    }

    private List<String> events() {
        return ClusterEvents.from(script.map, 0).stream()
                .map(event -> event.name() + " " + event.node()
                        + event.data().stream()
                                .filter(field -> field.name().equals("reason"))
                                .map(field -> " " + field.value())
                                .findFirst()
                                .orElse(""))
                .toList();
    }

    @Test
    @DisplayName("A9, A11: one node_joined for each process, and one cluster_formed for ever")
    void aClusterIsFormedOnceWhenAsManyAreThereAsItWasMeantToBegin() {
        enter("n1", FIRST, 2);
        assertEquals(List.of("node_joined n1"), events());
        enter("n2", FIRST, 2);
        enter("n3", FIRST, 2);
        assertInstanceOf(Outcome.Superseded.class, enter("n2", FIRST, 2));

        assertEquals(List.of("node_joined n1", "node_joined n2", "cluster_formed n2", "node_joined n3"), events());
        assertEquals(0, script.revision());
        var attendant = Attendants.find(script.map, "n1").orElseThrow();
        assertEquals(List.of("zone=a"), attendant.labels());
        assertEquals(FIRST, attendant.incarnation());
    }

    @Test
    @DisplayName("A10: one node_left, graceful or expired")
    void whoLeavesIsToldApartFromWhoExpires() {
        long epoch = script.lead();
        enter("n2", FIRST, 9);
        enter("n3", FIRST, 9);
        script.run(new AttendanceCommand.Leave("n2", FIRST, Origin.NONE));
        assertInstanceOf(
                Outcome.Superseded.class,
                script.run(new AttendanceCommand.Expire(epoch, "n2", FIRST, false, Origin.NONE)));
        script.run(new AttendanceCommand.Expire(epoch, "n3", FIRST, false, Origin.NONE));

        assertEquals(
                List.of(
                        "leader_elected n1",
                        "node_joined n2",
                        "node_joined n3",
                        "node_left n2 graceful",
                        "node_left n3 expired"),
                events());
        assertEquals(List.of(), Attendants.all(script.map));
        assertEquals(3, Members.all(script.map).size());
    }

    @Test
    void aNewProcessOfTheSameNodeEndsTheFormerOneAndALateExpiryDoesNotTouchIt() {
        long epoch = script.lead();
        enter("n2", FIRST, 9);
        enter("n2", SECOND, 9);
        assertInstanceOf(
                Outcome.Superseded.class,
                script.run(new AttendanceCommand.Expire(epoch, "n2", FIRST, false, Origin.NONE)));
        assertInstanceOf(Outcome.Superseded.class, script.run(new AttendanceCommand.Leave("n2", FIRST, Origin.NONE)));

        assertEquals(
                List.of("leader_elected n1", "node_joined n2", "node_left n2 expired", "node_joined n2"), events());
        assertEquals(SECOND, Attendants.find(script.map, "n2").orElseThrow().incarnation());
    }

    @Test
    void onlyTheLeaderSaysThatANodeExpired() {
        long epoch = script.lead();
        enter("n2", FIRST, 9);
        assertInstanceOf(
                Outcome.Superseded.class,
                script.run(new AttendanceCommand.Expire(epoch - 1, "n2", FIRST, false, Origin.NONE)));
        assertTrue(Attendants.find(script.map, "n2").isPresent());
    }

    @Test
    void whoIsNoMemberCannotBeThere() {
        assertEquals(
                new Outcome.MemberUnknown("n9"),
                script.run(new AttendanceCommand.Enter("n9", FIRST, "1", List.of(), 1, Origin.NONE)));
    }

    @Test
    @DisplayName("B4: leader_elected and leader_lost with strictly growing epochs")
    void anOfficeEndsWithResignationExpiryRemovalAndASuccessor() {
        long first = script.lead();
        assertEquals(
                new Outcome.OfficeResigned(Script.NODE, first),
                script.run(new AttendanceCommand.Resign(first, Origin.NONE)));
        assertEquals(Optional.empty(), Office.in(script.map));
        assertInstanceOf(Outcome.Superseded.class, script.run(new AttendanceCommand.Resign(first, Origin.NONE)));

        enter("n2", FIRST, 9);
        script.run(new Command.TakeOffice("n2", new UUID(3, 3)));
        long second = Office.in(script.map).orElseThrow().epoch();
        long third = script.lead();
        script.run(new Command.RemoveMember(Script.NODE));
        assertTrue(first < second && second < third);

        assertEquals(
                List.of(
                        "leader_elected n1",
                        "leader_lost n1 resigned",
                        "node_joined n2",
                        "leader_elected n2",
                        "leader_lost n2 superseded",
                        "leader_elected n1",
                        "leader_lost n1 removed"),
                events());
    }

    @Test
    @DisplayName("K7: stamps grow along cause and effect")
    void anEventIsStampedAboveAllBeforeItAndAboveWhatItsProposerHadSeen() {
        enter("n1", FIRST, 9);
        enter("n2", FIRST, 9);
        List<ClusterEvent> events = ClusterEvents.from(script.map, 0);
        assertEquals(List.of(41L, 42L), events.stream().map(ClusterEvent::stamp).toList());
        assertEquals("trace", events.getFirst().correlation());
        assertEquals(List.of(events.get(1)), ClusterEvents.from(script.map, 2));
        assertEquals(3, ClusterEvents.next(script.map));
    }

    @Test
    void onlyTheNewestEventsAreKept() {
        enter("n1", FIRST, 9);
        for (int i = 0; i < Limits.CLUSTER_EVENTS_MAX; i++) {
            script.run(new AttendanceCommand.Enter("n1", new UUID(9, i), "1", List.of(), 9, Origin.NONE));
        }
        List<ClusterEvent> events = ClusterEvents.from(script.map, 0);
        assertEquals(Limits.CLUSTER_EVENTS_MAX, events.size());
        assertEquals(1 + 2L * Limits.CLUSTER_EVENTS_MAX, events.getLast().sequence());
        assertEquals(
                Limits.CLUSTER_EVENTS_MAX,
                script.map.cellNames().stream()
                        .filter(name -> name.startsWith("event/"))
                        .count());
    }
}
