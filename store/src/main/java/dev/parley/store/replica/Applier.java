package dev.parley.store.replica;

import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.EntryCodec.Decoded;
import dev.parley.store.kv.LogEntry;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.StateMachine.Answer;
import dev.parley.store.kv.StateMachine.Applied;
import dev.parley.store.kv.StateMap;
import dev.parley.store.log.LogEvent.StoredEntry;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.StateStore.Position;
import java.util.List;

/** Turns stored entries into state, one after the other, and publishes each. */
final class Applier {
    /** What an entry means; {@link dev.parley.store.kv.StateMachine#apply} in the product. */
    @FunctionalInterface
    interface Machine {
        Applied apply(StateMap map, long index, int entryBytes, LogEntry entry);
    }

    /** What became of an entry. */
    sealed interface Step {
        record Done(Applied applied, List<RevisionRecord> revisions) implements Step {}

        /** It was not applied, and nothing after it can be. */
        record Impossible(String problem, String detail) implements Step {}
    }

    private final StateStore store;
    private final Machine machine;
    private final ObservedMap map;

    Applier(StateStore store, Machine machine) {
        this.store = store;
        this.machine = machine;
        this.map = new ObservedMap(store.map());
    }

    /** What an entry that was given up had done is gone. */
    void stateReplaced() {
        map.takeRevisions();
    }

    Step apply(StoredEntry stored) {
        LogIndex expected = store.position().applied().next();
        if (!stored.index().equals(expected)) {
            return new Step.Impossible(
                    "log-out-of-order", "entry " + expected + " was asked for, " + stored.index() + " came");
        }
        return switch (EntryCodec.decode(stored.content())) {
            case Decoded.Unreadable(int level) ->
                new Step.Impossible(
                        "entry-of-newer-format",
                        "entry " + expected + " is of level " + level + ", this program reads up to "
                                + EntryCodec.FORMAT_LEVEL);
            case Decoded.Damaged(String why) -> new Step.Impossible("entry-damaged", "entry " + expected + ": " + why);
            case Decoded.Entry(LogEntry entry) -> apply(stored, entry);
        };
    }

    private Step apply(StoredEntry stored, LogEntry entry) {
        Applied applied =
                machine.apply(map, stored.index().value(), stored.content().size(), entry);
        long revision = revisionAfter(applied, store.position().revision());
        store.publish(new Position(stored.index(), stored.stamp(), revision));
        return new Step.Done(applied, map.takeRevisions());
    }

    private static long revisionAfter(Applied applied, long before) {
        if (applied instanceof Applied.Batch(long writer, long number, List<Answer> answers) && !answers.isEmpty()) {
            return answers.getLast().revision();
        }
        return before;
    }
}
