package dev.parley.store.kv;

import dev.parley.store.kv.Command.CloseWriter;
import dev.parley.store.kv.Command.DeclareStore;
import dev.parley.store.kv.Command.RegisterMember;
import dev.parley.store.kv.Command.RemoveMember;
import dev.parley.store.kv.Command.ReportDurable;
import dev.parley.store.kv.Command.TakeOffice;
import dev.parley.store.kv.Members.Member;
import java.util.Optional;

/** What nodes say of themselves and of each other. Not bound to the office, so that a cluster can come to have one. */
final class MemberCommands {
    private static final Outcome ACKNOWLEDGED = new Outcome.Acknowledged();

    private MemberCommands() {}

    static Outcome register(BatchRun run, RegisterMember register) {
        int agreedLevel = Agreed.formatLevel(run.map());
        if (register.formatLevel() < agreedLevel) {
            return new Outcome.Superseded(
                    "the log is at format level " + agreedLevel + ", the node reads " + register.formatLevel());
        }
        Optional<Member> former = Members.find(run.map(), register.node());
        if (former.isEmpty() && Members.all(run.map()).size() >= Limits.MEMBERS_MAX) {
            return new Outcome.LimitReached("members", Limits.MEMBERS_MAX);
        }
        long durable = former.filter(member -> member.store().equals(register.store()))
                .map(Member::durable)
                .orElse(0L);
        Members.put(
                run.map(),
                new Member(register.node(), register.store(), register.url(), register.formatLevel(), durable));
        return ACKNOWLEDGED;
    }

    /** The office of a leader that is removed ends with it. */
    static Outcome remove(BatchRun run, RemoveMember remove) {
        if (Members.find(run.map(), remove.node()).isEmpty()) {
            return new Outcome.MemberUnknown(remove.node());
        }
        Members.remove(run.map(), remove.node());
        Writers.closeAllOf(run.map(), remove.node());
        AttendanceCommands.removed(run, remove.node());
        return ACKNOWLEDGED;
    }

    /** Not a registration: a node that is none yet must not make the log wait for it. */
    static Outcome declareStore(BatchRun run, DeclareStore declared) {
        Optional<Member> member = Members.find(run.map(), declared.node());
        if (member.isEmpty()) {
            return new Outcome.MemberUnknown(declared.node());
        }
        if (declared.index() >= run.index()) {
            return new Outcome.Superseded("index " + declared.index() + " was not written yet");
        }
        Members.put(
                run.map(),
                new Member(
                        declared.node(),
                        declared.store(),
                        member.get().url(),
                        member.get().formatLevel(),
                        declared.index()));
        return ACKNOWLEDGED;
    }

    static Outcome reportDurable(BatchRun run, ReportDurable report) {
        Optional<Member> member = Members.find(run.map(), report.node());
        if (member.isEmpty()) {
            return new Outcome.MemberUnknown(report.node());
        }
        if (!member.get().store().equals(report.store())) {
            return new Outcome.Superseded("store " + report.store() + " is not the one registered");
        }
        if (report.index() >= run.index()) {
            return new Outcome.Superseded("index " + report.index() + " was not written yet");
        }
        Members.put(run.map(), member.get().withDurable(report.index()));
        return ACKNOWLEDGED;
    }

    static Outcome takeOffice(BatchRun run, TakeOffice take) {
        if (Members.find(run.map(), take.node()).isEmpty()) {
            return new Outcome.MemberUnknown(take.node());
        }
        Optional<Office> former = Office.in(run.map());
        Office office = new Office(run.index(), take.node(), take.nonce(), run.atMillis());
        Office.put(run.map(), office);
        AttendanceCommands.elected(run, former, office);
        return ACKNOWLEDGED;
    }

    /** Closed already is closed; but an id that a later entry may still get cannot be closed in advance. */
    static Outcome closeWriter(BatchRun run, CloseWriter close) {
        if (close.writer() >= run.index()) {
            return new Outcome.Superseded("no writer " + close.writer() + " was opened yet");
        }
        Writers.close(run.map(), close.writer());
        return ACKNOWLEDGED;
    }
}
