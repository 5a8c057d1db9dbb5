package dev.parley.store.kv;

import dev.parley.store.kv.Command.Compact;
import dev.parley.store.kv.Command.ForgetHistory;

/** Give up history. From then on every node refuses reads below the compaction revision, whatever its files still hold. */
final class CompactionCommands {
    private CompactionCommands() {}

    static Outcome compact(BatchRun run, Compact compact) {
        if (compact.revision() > run.revision()) {
            return new Outcome.RevisionAhead(run.revision());
        }
        return new Outcome.Compacted(raise(run, compact.revision()));
    }

    static Outcome forget(BatchRun run, ForgetHistory forget) {
        long former = Agreed.compactionRevision(run.map());
        if (forget.revision() <= former || forget.revision() > run.revision()) {
            return new Outcome.Superseded("compacted to " + former + " of " + run.revision());
        }
        return new Outcome.Compacted(raise(run, forget.revision()));
    }

    private static long raise(BatchRun run, long revision) {
        long former = Agreed.compactionRevision(run.map());
        if (revision > former) {
            RevisionTree.compact(run.map(), revision);
            Cells.putNumber(run.map(), Cells.COMPACTED, revision);
        }
        return Math.max(former, revision);
    }
}
