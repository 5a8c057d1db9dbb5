package dev.parley.store.kv;

import dev.parley.store.kv.Command.RaiseFormatLevel;
import dev.parley.store.kv.Command.Tick;
import dev.parley.store.kv.Command.Trim;
import dev.parley.store.kv.Members.Member;
import java.util.List;

/** What the leader does to the log itself. The caller has checked that the epoch is in office. */
final class LeaderCommands {
    private LeaderCommands() {}

    static Outcome tick(BatchRun run, Tick tick) {
        AgreedClock.tick(run.map(), tick.atMillis());
        RememberedAnswers.forgetExpired(run.map());
        RevisionAges.mark(run.map(), run.revision());
        return new Outcome.Acknowledged();
    }

    static Outcome trim(BatchRun run, Trim trim) {
        long former = Agreed.trimPoint(run.map());
        if (trim.index() <= former) {
            return new Outcome.Superseded("trimmed to " + former + " already");
        }
        if (trim.index() > run.index() - Limits.ENTRIES_KEPT_MIN) {
            return new Outcome.Superseded("the newest " + Limits.ENTRIES_KEPT_MIN + " entries are kept");
        }
        List<Member> members = Members.all(run.map());
        long holding = members.stream()
                .filter(member -> member.durable() >= trim.index())
                .count();
        int needed = Members.storesToTrim(members.size());
        if (holding < needed) {
            return new Outcome.Superseded(trim.index() + " is durable in " + holding + " stores, not " + needed);
        }
        Cells.putNumber(run.map(), Cells.TRIM, trim.index());
        LogBytes.trim(run.map(), trim.index());
        return new Outcome.Acknowledged();
    }

    static Outcome raiseFormatLevel(BatchRun run, RaiseFormatLevel raise) {
        int agreed = Agreed.formatLevel(run.map());
        if (raise.level() <= agreed) {
            return new Outcome.Superseded("the format level is " + agreed + " already");
        }
        List<Member> members = Members.all(run.map());
        boolean everyoneReadsIt = members.stream().allMatch(member -> member.formatLevel() >= raise.level());
        if (members.isEmpty() || !everyoneReadsIt) {
            return new Outcome.Superseded("not every member reads format level " + raise.level());
        }
        Cells.putNumber(run.map(), Cells.FORMAT_LEVEL, raise.level());
        return new Outcome.Acknowledged();
    }
}
