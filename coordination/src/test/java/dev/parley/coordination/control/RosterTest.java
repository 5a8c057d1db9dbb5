package dev.parley.coordination.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.membership.Member;
import dev.parley.store.kv.AttendanceCommand;
import dev.parley.store.kv.AttendanceCommand.Enter;
import dev.parley.store.kv.AttendanceCommand.Expire;
import dev.parley.store.kv.AttendanceCommand.Origin;
import dev.parley.store.kv.Attendants.Attendant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Requirements A4, A10: the membership shrinks by itself, and a graceful end is told apart. */
final class RosterTest {
    private static final UUID ME = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);
    private static final long GRACE = Roster.ABSENT_FOR.toNanos();

    private final Roster roster = new Roster(new PeerIdentity("n1", ME), "1.0", List.of("zone=a"), 3);

    private static Attendant attendant(String node, UUID incarnation) {
        return new Attendant(node, incarnation, "1.0", List.of(), 0, 0);
    }

    private static Member present(String node, UUID incarnation, boolean leaving) {
        return new Member(node, incarnation, "http://" + node, "1.0", leaving);
    }

    private List<AttendanceCommand> decide(List<Attendant> agreed, List<Member> present, long epoch, long nowNanos) {
        return roster.decide(agreed, present, epoch, 7, nowNanos);
    }

    @Test
    void aNodeSaysThatItIsThereUntilThatIsAgreed() {
        var enter = new Enter("n1", ME, "1.0", List.of("zone=a"), 3, new Origin(7, ""));
        assertEquals(List.of(enter), decide(List.of(), List.of(), 0, 0));
        assertEquals(List.of(enter), decide(List.of(attendant("n1", OTHER)), List.of(), 0, 0));
        assertEquals(List.of(), decide(List.of(attendant("n1", ME)), List.of(), 0, 0));
    }

    @Test
    void onlyTheLeaderExpiresAndOnlyWhoIsAbsentForAWhile() {
        var agreed = List.of(attendant("n1", ME), attendant("n2", OTHER));
        var alone = List.of(present("n1", ME, false));
        assertEquals(List.of(), decide(agreed, alone, 5, 0));
        assertEquals(List.of(), decide(agreed, alone, 5, GRACE - 1));
        assertEquals(List.of(), decide(agreed, alone, 0, GRACE));
        assertEquals(List.of(new Expire(5, "n2", OTHER, false, new Origin(7, ""))), decide(agreed, alone, 5, GRACE));
    }

    @Test
    void whoComesBackInBetweenBeginsAnew() {
        var agreed = List.of(attendant("n1", ME), attendant("n2", OTHER));
        var alone = List.of(present("n1", ME, false));
        decide(agreed, alone, 5, 0);
        decide(agreed, List.of(present("n1", ME, false), present("n2", OTHER, false)), 5, GRACE / 2);
        assertEquals(List.of(), decide(agreed, alone, 5, GRACE));
    }

    @Test
    void whoSaidThatItLeavesLeftGracefully() {
        var agreed = List.of(attendant("n1", ME), attendant("n2", OTHER));
        decide(agreed, List.of(present("n1", ME, false), present("n2", OTHER, true)), 0, 0);
        decide(agreed, List.of(present("n1", ME, false)), 0, 1);
        assertEquals(
                List.of(new Expire(5, "n2", OTHER, true, new Origin(7, ""))),
                decide(agreed, List.of(present("n1", ME, false)), 5, 1 + GRACE));
    }

    @Test
    void aNodeThatDoesNotSeeItselfExpiresNobody() {
        var agreed = List.of(attendant("n1", ME), attendant("n2", OTHER));
        assertEquals(List.of(), decide(agreed, List.of(), 5, 0));
        assertEquals(List.of(), decide(agreed, List.of(), 5, 100 * GRACE));
    }
}
