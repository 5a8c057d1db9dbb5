package dev.parley.store.kv;

import static dev.parley.store.kv.Script.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Members.Member;
import dev.parley.store.kv.StateMachine.Applied;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class MemberCommandsTest {
    private static final Outcome DONE = new Outcome.Acknowledged();
    private static final UUID STORE = Script.STORE;
    private static final UUID OTHER_STORE = new UUID(2, 2);

    private final Script script = new Script();

    @Test
    void aNodeThatLostItsTablesSaysSoBeforeItCanApplyAnything() {
        script.run(new Command.RegisterMember("n1", STORE, "http://n1", 1));
        script.run(new Command.ReportDurable("n1", STORE, 2));

        assertEquals(DONE, script.run(new Command.DeclareStore("n1", OTHER_STORE, 0)));
        Members.Member member = Members.find(script.map, "n1").orElseThrow();
        assertEquals(new Members.Member("n1", OTHER_STORE, "http://n1", 1, 0), member);
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.ReportDurable("n1", STORE, 2)));
    }

    @Test
    void whoIsNoMemberDoesNotBecomeOneByDeclaringTables() {
        assertEquals(new Outcome.MemberUnknown("n9"), script.run(new Command.DeclareStore("n9", STORE, 0)));
        script.run(new Command.RegisterMember("n1", STORE, "http://n1", 1));
        assertInstanceOf(
                Outcome.Superseded.class, script.run(new Command.DeclareStore(Script.NODE, STORE, script.index + 5)));
    }

    @Test
    void aNodeThatRegistersAgainRenewsWhatIsKnownOfItAndKeepsItsReport() {
        script.run(new Command.RegisterMember("n1", STORE, "http://old", 1));
        script.run(new Command.ReportDurable("n1", STORE, 2));

        assertEquals(DONE, script.run(new Command.RegisterMember("n1", STORE, "http://new", 3)));
        assertEquals(List.of(new Member("n1", STORE, "http://new", 3, 2)), Members.all(script.map));
    }

    @Test
    void anotherStoreDropsTheReportOfTheFormer() {
        script.run(new Command.RegisterMember("n1", STORE, "", 1));
        script.run(new Command.ReportDurable("n1", STORE, 2));
        script.run(new Command.RegisterMember("n1", OTHER_STORE, "", 1));

        assertEquals(0, Members.find(script.map, "n1").orElseThrow().durable());
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.ReportDurable("n1", STORE, 2)));
        assertEquals(0, Members.find(script.map, "n1").orElseThrow().durable());
        assertEquals(DONE, script.run(new Command.ReportDurable("n1", OTHER_STORE, 1)));
    }

    @Test
    void aReportReplacesTheFormerDownwardsToo() {
        script.run(new Command.RegisterMember("n1", STORE, "", 1));
        script.run(new Command.ReportDurable("n1", STORE, 2));
        script.run(new Command.ReportDurable("n1", STORE, 1));

        assertEquals(1, Members.find(script.map, "n1").orElseThrow().durable());
    }

    @Test
    void aReportOfAnUnknownNodeOrOfTheFutureIsRefused() {
        assertEquals(new Outcome.MemberUnknown("n9"), script.run(new Command.ReportDurable("n9", STORE, 1)));
        script.run(new Command.RegisterMember("n1", STORE, "", 1));
        assertInstanceOf(
                Outcome.Superseded.class, script.run(new Command.ReportDurable("n1", STORE, script.index + 1)));
    }

    @Test
    void aNodeThatIsRemovedIsGoneWithItsWriters() {
        script.run(new Command.RegisterMember("n1", STORE, "", 1));
        script.run(new Command.RegisterMember("n2", OTHER_STORE, "", 1));
        long first = script.writer;
        script.open("n2");

        assertEquals(DONE, script.run(new Command.RemoveMember("n1")));
        assertEquals(
                List.of("n2"),
                Members.all(script.map).stream().map(Member::node).toList());
        assertEquals(new Applied.UnknownWriter(first, 3), script.batch(first, 3, put("a", "x")));
        assertEquals(new Outcome.MemberUnknown("n1"), script.run(new Command.RemoveMember("n1")));
    }

    @Test
    void theIndexOfTheEntryThatGivesTheOfficeIsTheEpoch() {
        long epoch = script.lead();

        assertEquals(Optional.of(new Office(epoch, "n1", new UUID(9, 9), script.clockMillis)), Office.in(script.map));
    }

    @Test
    void onlyAMemberTakesTheOffice() {
        assertEquals(new Outcome.MemberUnknown("n1"), script.run(new Command.TakeOffice("n1", new UUID(0, 0))));
        assertEquals(Optional.empty(), Office.in(script.map));
    }

    @Test
    void theOfficeOfALeaderThatIsRemovedEndsWithIt() {
        long epoch = script.lead();
        script.run(new Command.RegisterMember("n2", OTHER_STORE, "", 1));
        script.run(new Command.RemoveMember("n2"));
        assertTrue(Office.in(script.map).isPresent(), "another one is not it");

        script.open("n3");
        script.run(new Command.RemoveMember("n1"));

        assertEquals(Optional.empty(), Office.in(script.map));
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.Tick(epoch, 5)));
    }

    @Test
    void commandsOfAnotherEpochAreRefused() {
        long former = script.lead();
        long epoch = script.lead();

        for (long wrong : new long[] {0, former, epoch + 1}) {
            assertInstanceOf(Outcome.Superseded.class, script.run(new Command.Tick(wrong, 5)));
            assertInstanceOf(Outcome.Superseded.class, script.run(new Command.Trim(wrong, 1)));
            assertInstanceOf(Outcome.Superseded.class, script.run(new Command.RaiseFormatLevel(wrong, 2)));
        }
        assertEquals(DONE, script.run(new Command.Tick(epoch, 5)));
    }

    @Test
    void theFormatLevelRisesOnlyWhenEveryMemberReadsIt() {
        long epoch = script.lead();
        script.run(new Command.RegisterMember("n1", STORE, "", 3));
        script.run(new Command.RegisterMember("n2", OTHER_STORE, "", 2));

        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.RaiseFormatLevel(epoch, 3)));
        assertEquals(1, Agreed.formatLevel(script.map));
        assertEquals(DONE, script.run(new Command.RaiseFormatLevel(epoch, 2)));
        assertEquals(2, Agreed.formatLevel(script.map));
    }

    @Test
    void theFormatLevelNeverFalls() {
        long epoch = script.lead();
        script.run(new Command.RegisterMember("n1", STORE, "", 3));
        script.run(new Command.RaiseFormatLevel(epoch, 3));

        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.RaiseFormatLevel(epoch, 2)));
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.RaiseFormatLevel(epoch, 3)));
        assertEquals(3, Agreed.formatLevel(script.map));
    }

    @Test
    void aNodeThatCannotReadTheAgreedLevelIsNotRegistered() {
        long epoch = script.lead();
        script.run(new Command.RegisterMember("n1", STORE, "", 2));
        script.run(new Command.RaiseFormatLevel(epoch, 2));

        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.RegisterMember("n2", OTHER_STORE, "", 1)));
        assertEquals(1, Members.all(script.map).size());
    }

    @Test
    void thereIsAnEndToTheMembers() {
        for (int i = 0; i < Limits.MEMBERS_MAX; i++) {
            script.run(new Command.RegisterMember("m" + i, STORE, "", 1));
        }

        assertEquals(
                new Outcome.LimitReached("members", Limits.MEMBERS_MAX),
                script.run(new Command.RegisterMember("one-more", STORE, "", 1)));
        assertEquals(DONE, script.run(new Command.RegisterMember("m0", STORE, "new", 1)));
    }
}
